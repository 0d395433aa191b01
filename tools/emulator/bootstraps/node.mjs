// Runs a Node.js function, as Lambda's own runtime does: `node node.mjs`. NODE_PATH leads to the
// layers. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { existsSync } from "node:fs";
import { Agent, request } from "node:http";
import { register } from "node:module";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const { env } = process;
const api = "/2018-06-01/runtime";
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let requestId = "";

class RuntimeFault extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** Speaks to the emulator. */
function call(method, path, body, headers = {}) {
  const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(":");
  return new Promise((done, fail) => {
    const options = { host, port, method, path: `${api}${path}`, headers, agent };
    const sent = request(options, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => done({ headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    // The emulator is gone.
    sent.on("error", fail);
    sent.end(body);
  });
}

/** Describes an error as Lambda does, and logs it. */
function failure(error) {
  const known = error instanceof Error;
  const described = {
    errorType: known ? error.name : typeof error,
    errorMessage: known ? error.message : String(error),
    trace: known ? (error.stack ?? "").split("\n") : [],
  };
  console.error("Invoke Error", JSON.stringify({ ...described, stack: described.trace }));
  return JSON.stringify(described);
}

function postError(path, error) {
  return call("POST", path, failure(error), {
    "Lambda-Runtime-Function-Error-Type": "Unhandled",
  });
}

/** Finds the handler by its name, `folder/module.function`, as CommonJS or as an ES module. */
async function load(handler) {
  const [, folder, file, name] = /^(.*\/)?([^/.]*)\.(.*)$/.exec(handler) ?? [];
  if (file === undefined) {
    throw new RuntimeFault("Runtime.MalformedHandlerName", `Bad handler: ${handler}`);
  }
  const path = resolve(env.LAMBDA_TASK_ROOT, folder ?? "", file);
  const found = [".js", ".mjs", ".cjs"].map((end) => path + end).find((each) => existsSync(each));
  if (found === undefined) {
    throw new RuntimeFault("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  }
  const module = await import(pathToFileURL(found)).catch((error) => {
    const missing = ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(error?.code);
    if (missing) throw new RuntimeFault("Runtime.ImportModuleError", String(error));
    if (error instanceof SyntaxError) {
      throw new RuntimeFault("Runtime.UserCodeSyntaxError", String(error));
    }
    throw error;
  });
  const inside = (start) => name.split(".").reduce((value, part) => value?.[part], start);
  const called = inside(module) ?? inside(module.default);
  if (typeof called !== "function") {
    throw new RuntimeFault("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  return called;
}

/** The context object: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(headers, settle) {
  const json = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    identity: json("lambda-runtime-cognito-identity"),
    clientContext: json("lambda-runtime-client-context"),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: settle,
    succeed: (result) => settle(null, result),
    fail: (error) => settle(error ?? "handled"),
  };
}

/** Calls a handler that takes a callback, or returns a promise. */
function invoke(handler, event, headers) {
  return new Promise((done, fail) => {
    const settle = (error, result) => (error ? fail(error) : done(result));
    const returned = handler(event, contextOf(headers, settle), settle);
    if (typeof returned?.then === "function") returned.then(done, fail);
  });
}

function marshalled(result) {
  try {
    return JSON.stringify(result ?? null) ?? "null";
  } catch (error) {
    throw new RuntimeFault("Runtime.MarshalError", `Unable to stringify response body: ${error}`);
  }
}

/** Writes the console's lines as Lambda does, with time, call and level. */
function labelConsole() {
  const levels = { log: "INFO", info: "INFO", debug: "DEBUG", warn: "WARN", error: "ERROR" };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => {
      const line = [new Date().toISOString(), requestId, level, format(...values)].join("\t");
      process.stdout.write(`${line}\n`);
    };
  }
}

/** Lets ES modules find the layers' packages as well: by itself Node.js does so for CommonJS only. */
function resolveFromLayers() {
  const parents = (env.NODE_PATH ?? "").split(delimiter).filter((path) => path !== "");
  const urls = parents.map((path) => pathToFileURL(join(dirname(path), "_")).href);
  const hooks = `export async function resolve(specifier, context, next) {
    try { return await next(specifier, context); } catch (error) {
      for (const parentURL of ${JSON.stringify(urls)}) {
        try { return await next(specifier, { ...context, parentURL }); } catch {}
      }
      throw error;
    }
  }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

// Standard input ends when the emulator does.
process.stdin.on("end", () => process.exit(1)).resume();
process.stdin.unref?.();
labelConsole();
resolveFromLayers();
process.argv.splice(1, 1, basename(process.argv[1]));
const dying = async (kind, error) => {
  const fault = new RuntimeFault(kind, String(error));
  await postError(requestId ? `/invocation/${requestId}/error` : "/init/error", fault);
  process.exit(1);
};
process.on("unhandledRejection", (error) => dying("Runtime.UnhandledPromiseRejection", error));
process.on("uncaughtException", (error) => dying(error?.name ?? "Error", error?.message ?? error));

let handler;
try {
  handler = await load(env._HANDLER);
} catch (error) {
  await postError("/init/error", error);
  process.exit(1);
}
for (;;) {
  const { headers, body } = await call("GET", "/invocation/next").catch(() => process.exit(1));
  requestId = headers["lambda-runtime-aws-request-id"];
  env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"] ?? "";
  const path = `/invocation/${requestId}`;
  try {
    const result = await invoke(handler, JSON.parse(body), headers);
    await call("POST", `${path}/response`, marshalled(result));
  } catch (error) {
    await postError(`${path}/error`, error);
  }
}
