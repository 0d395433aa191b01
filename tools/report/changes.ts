import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";

/** What happens to a resource, worst first. */
export const operations = ["delete", "replace", "update", "create"] as const;
/** @see operations */
export type Operation = (typeof operations)[number];

/** One resource that a preview would change. */
export interface Change {
  readonly operation: Operation;
  readonly type: string;
  readonly name: string;
  /** The component it belongs to, as `Class name`; undefined at the top of the stack. */
  readonly component: string | undefined;
  /** Whether it holds data that is lost with it. */
  readonly stateful: boolean;
  /** The properties that change, as paths; those that force a replacement are marked. */
  readonly properties: readonly ChangedProperty[];
}

/** One property of a {@link Change}. */
export interface ChangedProperty {
  readonly path: string;
  /** Whether the resource is replaced because of it. */
  readonly forcesReplacement: boolean;
  /** The value before, for a plain value that is known and no secret. */
  readonly before?: string;
  /** The value after, likewise. */
  readonly after?: string;
}

/**
 * What holds data of its own. A queue's messages and a registry's images count: nobody can make
 * them again from the program.
 */
const statefulTypes = [
  /^aws:(dynamodb|ebs|efs|elasticache|kms|kinesis|opensearch|rds|redshift|s3|secretsmanager|sqs|ssm)\//,
  /^aws:ecr\/repository:/,
  /^aws:cloudwatch\/logGroup:/,
  /^kubernetes:core\/v1:(Namespace|PersistentVolume|PersistentVolumeClaim)$/,
  /^kubernetes:apps\/v1:StatefulSet$/,
];

/** Settings of something that holds data hold none themselves. */
const settings = /(Policy|Configuration|Block|Controls|Versioning|Notification|Acl|Logging)[^:]*$/;

/** The engine's word for each operation, without the single steps of a replacement. */
const operationOf: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
};

/** What a preview would change, from the engine's event stream; components themselves left out. */
export function changesOf(events: readonly EngineEvent[]): readonly Change[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata;
    const operation = metadata && operationOf[metadata.op];
    if (metadata === undefined || operation === undefined || isComponent(metadata)) return [];
    return [
      {
        operation,
        type: metadata.type,
        name: nameOf(metadata.urn),
        component: componentOf((metadata.new ?? metadata.old)?.parent ?? ""),
        stateful: isStateful(metadata.type),
        properties: operation === "create" || operation === "delete" ? [] : propertiesOf(metadata),
      },
    ];
  });
}

function isComponent({ new: after, old: before, type }: StepEventMetadata): boolean {
  return type === "pulumi:pulumi:Stack" || (after ?? before)?.custom !== true;
}

function isStateful(type: string): boolean {
  return statefulTypes.some((pattern) => pattern.test(type)) && !settings.test(type);
}

/** The component in whose name a resource was made, from its parent's URN. */
function componentOf(parent: string): string | undefined {
  const [outermost] = (parent.split("::")[2] ?? "").split("$").filter((type) => type !== stackType);
  return outermost === undefined || outermost === ""
    ? undefined
    : `${outermost.split(":").at(-1)} ${nameOf(parent)}`;
}

const stackType = "pulumi:pulumi:Stack";

const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;

function propertiesOf(metadata: StepEventMetadata): readonly ChangedProperty[] {
  const detailed = metadata.detailedDiff ?? {};
  const paths = Object.keys(detailed).length > 0 ? Object.keys(detailed) : (metadata.diffs ?? []);
  // What begins so is the plugins' own book-keeping.
  const known = paths.filter((path) => !path.startsWith("__"));
  return known.map((path) => ({
    path,
    // Some plugins mark the property itself, others name the input it belongs to.
    forcesReplacement:
      String(detailed[path]?.diffKind).endsWith("replace") ||
      (metadata.keys ?? []).includes(path.split(/[.[]/)[0] ?? path),
    ...shown("before", valueAt(metadata.old?.inputs ?? {}, path)),
    ...shown("after", valueAt(metadata.new?.inputs ?? {}, path)),
  }));
}

/** A value that is short enough to read and no secret; the engine writes "[secret]" for those. */
function shown(side: "before" | "after", value: unknown): Partial<ChangedProperty> {
  const isPlain = ["string", "number", "boolean"].includes(typeof value);
  const text = String(value);
  return isPlain && text.length <= 80 && !text.includes("[secret]") && text !== unknownValue
    ? { [side]: text }
    : {};
}

/** The engine's word for a value that is known only after the update. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The value at a path like `spec.template.spec.containers[0].image` or `data["a.b"]`. */
function valueAt(inputs: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]"]+|"[^"]*"/g) ?? [];
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null
        ? (value as Record<string, unknown>)[step.replaceAll('"', "")]
        : undefined,
    inputs,
  );
}
