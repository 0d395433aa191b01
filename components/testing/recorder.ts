import { runInThisContext } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { answerCall, answerResource } from "./answers";

/** A resource that a program registered. */
export interface RecordedResource {
  /** The type token, like `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** The resource's Pulumi name. */
  readonly name: string;
  /** The inputs as the provider would get them, secret ones in clear text. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The names of those inputs that are, or hold, a secret; the engine would encrypt them. */
  readonly secretInputs: readonly string[];
  /** What it is a child of, as `type name`; undefined at the top of the stack. */
  readonly parent: string | undefined;
  /** The names of the resources it waits for, sorted. */
  readonly dependencies: readonly string[];
  /** Name of the explicit provider it uses; undefined for the default one. */
  readonly provider: string | undefined;
}

/** Everything that a program registered and what it returned. */
export class Recording {
  /** Every resource in the order of registration, components included. */
  readonly resources: RecordedResource[] = [];
  /** What the program returned, with every Output resolved. */
  outputs: Readonly<Record<string, unknown>> = {};

  /** The resources of one type. */
  ofType(type: string): readonly RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /**
   * The one resource with this type and name.
   * @throws {Error} when there is none or more than one, with what there is
   */
  one(type: string, name: string): RecordedResource {
    const found = this.resources.filter((each) => each.type === type && each.name === name);
    if (found.length === 1 && found[0]) return found[0];
    const all = this.resources.map((each) => `${each.type} ${each.name}`).join("\n  ");
    throw new Error(`${found.length} resources are ${type} ${name}. There are:\n  ${all}`);
  }

  /** The children of the resource with this type and name, as `type name`, sorted. */
  childrenOf(type: string, name: string): readonly string[] {
    return this.resources
      .filter((each) => each.parent === `${type} ${name}`)
      .map((each) => `${each.type} ${each.name}`)
      .sort();
  }
}

/** How {@link record} runs a program. */
export interface RecordOptions {
  /** The name the program gets from `pulumi.getStack()`; `@default` "test" */
  readonly stack?: string;
  /**
   * Run as a preview: ids and other outputs of resources are unknown.
   * @default false
   */
  readonly preview?: boolean;
  /** The stack's config by full key, like `{ "groundwork:replicas": "3" }`; `@default` none */
  readonly config?: Readonly<Record<string, string>>;
  /** The full keys among `config` that are secrets; `@default` none */
  readonly secretKeys?: readonly string[];
}

/**
 * Runs a Pulumi program without an engine and records what it asks for. Providers are answered for
 * with realistic ids, ARNs and URLs.
 *
 * @example
 * const recording = await record(() => new Queue("orders"));
 * expect(recording.one("aws:sqs/queue:Queue", "orders").inputs.receiveWaitTimeSeconds).toBe(20);
 *
 * @throws whatever the program throws, also later, in an `apply`
 * @see https://www.pulumi.com/docs/iac/guides/testing/unit/
 */
export async function record(
  program: () => unknown,
  options: RecordOptions = {},
): Promise<Recording> {
  const recording = new Recording();
  const links = new Map<string, Links>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        const { values, secrets } = unwrapSecrets(inputs);
        if (type !== stackType) {
          const { parent, dependencies = [], provider } = links.get(`${type} ${name}`) ?? {};
          recording.resources.push({
            type,
            name,
            inputs: values,
            secretInputs: secrets,
            parent,
            dependencies,
            provider,
          });
        }
        // A preview knows no more of a new resource than what it was asked to be.
        return custom === false || options.preview === true
          ? { id: "", state: values }
          : answerResource(type, name, values);
      },
      call: ({ token, inputs }) => answerCall(token, unwrapSecrets(inputs).values),
    },
    "groundwork",
    options.stack ?? "test",
    options.preview ?? false,
  );
  noteLinks(links);
  pulumi.runtime.setAllConfig({ ...options.config }, [...(options.secretKeys ?? [])]);

  const failures = await collectFailures(async () => {
    const outputs = await pulumi.runtime.runInPulumiStack(async () => program());
    await pulumi.runtime.disconnect();
    recording.outputs = typeof outputs === "object" && outputs !== null ? { ...outputs } : {};
  });
  if (failures.length > 0) throw failures[0];
  return recording;
}

/**
 * Runs something and returns its failures, those of promises that nobody waits for among them: a
 * rejected input fails the registration of a resource, which the SDK leaves to Node to report.
 */
async function collectFailures(run: () => Promise<void>): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  let fail = () => {};
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const note = (reason: unknown) => {
    failures.push(reason);
    fail();
  };
  // Jest hands tests a copy of `process` that hears of nothing, and fails the test itself. Here a
  // failure is the recording's result, so for its time Jest does not get to hear of it either.
  const process = runInThisContext("process") as NodeJS.Process;
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  try {
    // The SDK may wait forever for a registration that failed: the engine would have ended it.
    await Promise.race([run().catch(note), failed]);
    // A rejection counts as unhandled only at the end of a turn, and others may follow the first.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  return failures;
}

const stackType = "pulumi:pulumi:Stack";

interface Links {
  readonly parent: string | undefined;
  readonly dependencies: readonly string[];
  readonly provider: string | undefined;
}

/**
 * Mocks are not told a resource's parent, dependencies and provider; the requests that the mock
 * monitor gets have them.
 */
function noteLinks(links: Map<string, Links>): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const parent = request.getParent();
    const provider = request.getProvider();
    links.set(`${request.getType()} ${request.getName()}`, {
      parent: parentOf(parent),
      dependencies: request.getDependenciesList().map(nameOf).sort(),
      provider: provider === "" ? undefined : provider.split("::")[3],
    });
    return register(request, callback);
  };
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
}

/** The last type of a URN's chain of types, and its name; undefined for the stack itself. */
function parentOf(urn: string): string | undefined {
  const type = urn.split("::")[2]?.split("$").at(-1);
  return type === undefined || type === stackType ? undefined : `${type} ${nameOf(urn)}`;
}

const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;

/** The key by which the engine's protocol marks a wrapped value. */
const wrapped = "4dabf18193072939515e22adb298388d";

/** @see https://github.com/pulumi/pulumi/blob/master/sdk/proto/go/secrets.go */
function unwrapSecrets(inputs: Readonly<Record<string, unknown>>) {
  const secrets = Object.keys(inputs).filter((key) => isWrapped(inputs[key]));
  const values = Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, isWrapped(value) ? value.value : value]),
  );
  return { values, secrets };
}

function isWrapped(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && wrapped in value && "value" in value;
}
