import * as pulumi from "@pulumi/pulumi";
import { isStack, labelOf, partsOf, urnOf } from "./urns";

/** What a request to the engine says of a resource beyond its type, name and inputs. */
export interface Registration {
  readonly urn: string;
  readonly parentUrn: string | undefined;
  readonly ownAliases: readonly string[];
  readonly parent: string | undefined;
  readonly dependencies: readonly string[];
  readonly provider: string | undefined;
  readonly external: boolean;
  readonly hooks: readonly string[];
  /** The inputs as the protocol has them. */
  readonly sent: unknown;
  readonly additionalSecretOutputs: readonly string[];
}

/** Who wants to know of the requests to the engine. */
interface Watcher {
  /** A resource is registered or read; the mocks are asked for an answer next. */
  registering(registration: Registration): void;
  /** A component, or the stack, has outputs; these are as the protocol has them. */
  registeredOutputs(urn: string, sent: unknown): void;
}

/**
 * Mocks are told no more of a resource than its type, name and inputs. The requests that the mock
 * monitor gets have the rest. It is also taught to make URNs as the engine does: its own know the
 * next parent's type alone.
 */
export function watchMonitor(watcher: Watcher): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  const read = monitor.readResource.bind(monitor);
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  const prefix = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`;

  monitor.newUrn = (parent, type, name) => urnOf(prefix, parent, type, name);
  monitor.registerResource = (request, callback) => {
    const urn = urnOf(prefix, request.getParent(), request.getType(), request.getName());
    watcher.registering({
      ...placeOf(request, urn),
      ownAliases: request.getAliasesList().map((alias) => aliasUrn(alias, urn)),
      external: false,
      hooks: hooksOf(request),
      sent: request.getObject()?.toJavaScript(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    });
    return register(request, callback);
  };
  monitor.readResource = (request, callback) => {
    const urn = urnOf(prefix, request.getParent(), request.getType(), request.getName());
    watcher.registering({
      ...placeOf(request, urn),
      ownAliases: [],
      external: true,
      hooks: [],
      sent: request.getProperties()?.toJavaScript(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    });
    return read(request, callback);
  };
  // The SDK's mocks say that they know hooks, but don't.
  monitor.registerResourceHook = (_, callback) => callback(null, undefined);
  monitor.registerResourceOutputs = (request, callback) => {
    watcher.registeredOutputs(request.getUrn(), request.getOutputs()?.toJavaScript());
    registerOutputs(request, callback);
  };
}

function placeOf(request: ResourceRequest, urn: string) {
  const parent = request.getParent();
  const parentUrn = parent === "" || isStack(parent) ? undefined : parent;
  const provider = request.getProvider();
  return {
    urn,
    parentUrn,
    parent: parentUrn && labelOf(parentUrn),
    dependencies: request.getDependenciesList().map(labelOf).sort(),
    // Behind the URN stands the provider's id.
    provider: provider === "" ? undefined : provider.split("::")[3],
  };
}

/** The hooks that are bound to it, as `beforeUpdate name`. */
function hooksOf(request: RegisterRequest): readonly string[] {
  return Object.entries(request.getHooks()?.toObject() ?? {}).flatMap(([when, names]) =>
    names.map((name) => `${when.replace(/List$/, "")} ${name}`),
  );
}

/** The URN that an alias means: what it leaves out is as the resource has it now. */
function aliasUrn(alias: Alias, urn: string): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const now = partsOf(urn);
  const stack = spec.getStack() || pulumi.getStack();
  const project = spec.getProject() || pulumi.getProject();
  const parent = spec.getNoparent() ? "" : spec.getParenturn();
  return urnOf(
    `urn:pulumi:${stack}::${project}`,
    parent,
    spec.getType() || now.type,
    spec.getName() || now.name,
  );
}

/** The SDK's mock monitor, as far as it is needed here; its typings keep that to themselves. */
interface Monitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
  readResource(request: ReadRequest, callback: unknown): Promise<void>;
  registerResourceOutputs(request: OutputsRequest, callback: unknown): void;
  registerResourceHook?(request: unknown, callback: (error: null, answer: undefined) => void): void;
}

/** A map in the protocol. */
type Struct = { toJavaScript(): unknown } | undefined;

interface ResourceRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
}

interface RegisterRequest extends ResourceRequest {
  getObject(): Struct;
  getAliasesList(): Alias[];
  getHooks(): { toObject(): Readonly<Record<string, readonly string[]>> } | undefined;
}

interface ReadRequest extends ResourceRequest {
  getProperties(): Struct;
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): Struct;
}

/** @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/alias.proto */
interface Alias {
  getUrn(): string;
  getSpec():
    | {
        getName(): string;
        getType(): string;
        getStack(): string;
        getProject(): string;
        getParenturn(): string;
        getNoparent(): boolean;
      }
    | undefined;
}
