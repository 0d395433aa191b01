import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Failure, Interrupted } from "../support/failure";
import { FOLDER, goNeeded } from "./parts";

const ENVIRONMENT = {
  // No C compiler is needed.
  CGO_ENABLED: "0",
  // Go's compiler lives for a second and need not save memory: this takes a quarter off the time.
  GOGC: "400",
  GOMEMLIMIT: "2GiB",
  GOWORK: "off",
};

/** Options for {@link go}. */
export interface GoOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  /** Sees each line on standard error; those that it takes are not repeated in a failure. */
  readonly takes?: (line: string) => boolean;
}

/** Runs go and gives its standard output. */
export async function go(args: readonly string[], options: GoOptions = {}): Promise<string> {
  const { cwd = FOLDER, signal, takes } = options;
  if (signal?.aborted) throw new Interrupted();
  const child = spawn("go", args, {
    cwd,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
    killSignal: "SIGINT", // on which go ends its compilers, too
  });
  let output = "";
  const said: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (!takes?.(line)) said.push(line);
  });
  const code = await new Promise<number | undefined>((done) => {
    child.on("error", () => {
      if (child.pid === undefined) done(undefined); // it never started
    });
    child.on("close", (status) => done(status ?? -1));
  });
  if (signal?.aborted) throw new Interrupted();
  if (code === undefined) throw noGo("There is no `go` on PATH.");
  if (code === 0) return output;
  const words = `go ${args[0]} failed:\n${said.slice(-10).join("\n")}`;
  throw new Failure(words, advice(said.join("\n"), cwd));
}

/** Fails, with what to do, unless there is a `go` and it is recent enough. */
export async function requireGo(signal?: AbortSignal): Promise<void> {
  const has = (await go(["env", "GOVERSION"], { signal })).trim().replace(/^go/, "");
  if (numbers(has) < numbers(goNeeded())) throw noGo(`The \`go\` on PATH is version ${has}.`);
}

function noGo(finding: string): Failure {
  return new Failure(`${finding} Building from Go modules needs Go ${goNeeded()} or newer.`, [
    "Install it from https://go.dev/dl/ (or with a package manager) and put it on PATH.",
  ]);
}

function numbers(version: string): number {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) * 1000 + Number(minor);
}

function advice(said: string, cwd: string): string[] {
  if (/no space left on device/.test(said)) {
    return [
      "The disk is full: Go needs about 10 GB for modules and build cache (`go env GOCACHE`).",
    ];
  }
  if (/signal: killed|cannot allocate memory/.test(said)) {
    return ["Memory ran out: 6 GB should be free. `GOFLAGS=-p=1` takes less, and longer."];
  }
  if (/dial tcp|no such host|timeout|connection refused|Forbidden|lookup disabled/.test(said)) {
    return ["Modules could not be downloaded: see that `go env GOPROXY` names a proxy in reach."];
  }
  if (/checksum mismatch|missing go\.sum entry|updates to go\.mod needed/.test(said)) {
    return [`go.mod and go.sum do not agree: undo changes to them, or tidy them (see the README).`];
  }
  return [`To see more, run go in ${cwd}; what was compiled so far is kept in Go's build cache.`];
}
