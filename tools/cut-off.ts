/** A stack's state as `pulumi stack export` gives it: what of it matters here. */
export interface ExportedStack {
  readonly deployment?: {
    readonly manifest?: { readonly time?: string };
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/** An operation that is under way: `creating`, `updating`, `deleting`. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** A resource in a stack's state. */
export interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly id?: string;
  readonly protect?: boolean;
  /** The URN of the component that it belongs to. */
  readonly parent?: string;
  /** The provider's URN and ID. */
  readonly provider?: string;
  /** Why it is there, but not as it should be. */
  readonly initErrors?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

/** An operation that was under way when the engine was killed, and may have been carried out. */
export interface CutOff {
  /** What was done: `creating`, `updating`, `deleting`. */
  readonly doing: string;
  readonly urn: string;
  /** Type and name, by which people tell it: `aws:sqs/queue:Queue::orders`. */
  readonly label: string;
  /** The name it got, or was about to get, at the provider. */
  readonly physicalName: string | undefined;
  /** The provider's ID of what was being made, where it follows from the inputs. */
  readonly id: string | undefined;
  /**
   * For a Kubernetes object that was being made: the arguments by which kubectl deletes it. It can't
   * be adopted, nor made again over itself: each making writes under a field manager of its own,
   * whose fields the next one may not change.
   * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
   */
  readonly kubectl: readonly string[] | undefined;
  /** Whether it was to take the place of another, which the state still has. */
  readonly replaces: boolean;
}

/** What was under way when the engine was killed. */
export function cutOff({ deployment }: ExportedStack): CutOff[] {
  const known = new Set(deployment?.resources?.map(({ urn }) => urn));
  return (deployment?.pending_operations ?? []).map(({ type: doing, resource }) => ({
    doing,
    urn: resource.urn,
    label: `${resource.type}::${resource.urn.split("::").at(-1)}`,
    physicalName: physicalName(resource),
    id: idOf(resource),
    kubectl: doing === "creating" ? kubectlDelete(resource) : undefined,
    replaces: doing === "creating" && known.has(resource.urn),
  }));
}

/**
 * The state in which resources that were being made count as made, with these IDs by URN, and
 * nothing is under way. Whether they are there, and what they are like, a refresh has to find out.
 *
 * The engine's own `refresh --import-pending-creates` is no way to do this: up to 3.220 at least it
 * drops the operations and imports nothing.
 */
export function adopt(state: ExportedStack, ids: ReadonlyMap<string, string>): ExportedStack {
  const { resources = [], pending_operations = [], ...rest } = state.deployment ?? {};
  const adopted = pending_operations.flatMap(({ resource }) => {
    const id = ids.get(resource.urn);
    return id === undefined ? [] : [{ ...resource, id, outputs: {} }];
  });
  return { ...state, deployment: { ...rest, resources: [...resources, ...adopted] } };
}

/** The state with more operations under way than the engine has noted. */
export function withPending(
  state: ExportedStack,
  operations: readonly PendingOperation[],
): ExportedStack {
  const { pending_operations = [], resources = [], ...rest } = state.deployment ?? {};
  const key = ({ type, resource }: PendingOperation) => `${type} ${resource.urn}`;
  const noted = new Set(pending_operations.map(key));
  const made = new Set(resources.map(({ urn }) => urn));
  const more = operations.filter(
    // What was broken off and is in the state nevertheless was kept by its plugin.
    (each) => !noted.has(key(each)) && !(each.type === "creating" && made.has(each.resource.urn)),
  );
  const pending = [...pending_operations, ...more];
  return { ...state, deployment: { ...rest, resources, pending_operations: pending } };
}

/** What of a state is lost with these parts of the platform, which are empty now. */
export function lostWith(state: ExportedStack, parts: readonly string[]): StateResource[] {
  const { resources = [] } = state.deployment ?? {};
  return resources.filter(({ type }) => parts.includes(type.split(":")[0] ?? ""));
}

/** The state without what these parts of the platform held, which are empty now. */
export function forget(state: ExportedStack, parts: readonly string[]): ExportedStack {
  const { resources = [], ...rest } = state.deployment ?? {};
  const lost = new Set(lostWith(state, parts).map(({ urn }) => urn));
  const left = (urns: readonly string[]) => urns.filter((urn) => !lost.has(urn));
  const kept = resources
    .filter(({ urn }) => !lost.has(urn))
    .map(({ dependencies = [], propertyDependencies = {}, ...resource }) => ({
      ...resource,
      dependencies: left(dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [
          property,
          left(urns ?? []),
        ]),
      ),
    }));
  return { ...state, deployment: { ...rest, resources: kept } };
}

/** Whose ID is made of inputs. All others are named by AWS when they are made. */
const ids: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ["repository"],
  "aws:ecr/repository:Repository": ["name"],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ["repository"],
  "aws:iam/role:Role": ["name"],
  "aws:iam/rolePolicy:RolePolicy": ["role", "name"],
  "aws:lambda/function:Function": ["name"],
  "aws:sns/topicPolicy:TopicPolicy": ["arn"],
};

function idOf({ type, inputs = {} }: StateResource): string | undefined {
  // A bucket and its settings all go by the bucket's name.
  const parts = type.startsWith("aws:s3/bucket") ? ["bucket"] : ids[type];
  const values = parts?.map((part) => text(inputs[part]));
  return values?.every((value) => value !== undefined) ? values.join(":") : undefined;
}

function kubectlDelete({ type, inputs = {} }: StateResource): string[] | undefined {
  const [, group, kind] = /^kubernetes:(.+)\/[^/]+:(.+)$/.exec(type) ?? [];
  const { namespace, name } = metadata(inputs);
  if (kind === undefined || name === undefined) return undefined;
  const object = `${kind.toLowerCase()}${group === "core" ? "" : `.${group}`}/${name}`;
  const where = namespace === undefined ? [] : ["--namespace", namespace];
  return ["delete", object, ...where, "--ignore-not-found"];
}

function physicalName({ inputs = {} }: StateResource): string | undefined {
  return text(inputs["name"]) ?? text(inputs["bucket"]) ?? metadata(inputs).name;
}

function metadata(inputs: Readonly<Record<string, unknown>>) {
  const { namespace, name } = Object(inputs["metadata"]);
  return { namespace: text(namespace), name: text(name) };
}

/** A plain text; a secret is an object in the state. */
function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
