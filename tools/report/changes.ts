import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { type ChangedProperty, propertiesOf } from "./properties";

/** What happens to a resource, worst first. */
export const operations = ["delete", "replace", "update", "import", "create"] as const;
/** @see operations */
export type Operation = (typeof operations)[number];

/** A component by its class and its name. */
export interface Component {
  readonly class: string;
  readonly name: string;
}

/** One resource that a preview would change. */
export interface Change {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The outermost component it belongs to; undefined at the top of the stack. */
  readonly component: Component | undefined;
  /** Whether it holds data that is lost with it. */
  readonly stateful: boolean;
  /** Whether the engine refuses to delete it, and so fails. */
  readonly protected: boolean;
  /** The properties that change. */
  readonly properties: readonly ChangedProperty[];
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
  import: "import",
  update: "update",
  delete: "delete",
  replace: "replace",
  "import-replacement": "replace",
};

/** What a preview would change, from the engine's event stream; components themselves left out. */
export function changesOf(events: readonly EngineEvent[]): readonly Change[] {
  const parents = parentsIn(events);
  return events.flatMap(({ resourcePreEvent }) => {
    const step = resourcePreEvent?.metadata;
    const operation = step && operationOf[step.op];
    if (step === undefined || operation === undefined || isComponent(step)) return [];
    return [
      {
        operation,
        urn: step.urn,
        type: step.type,
        name: nameOf(step.urn),
        component: componentOf(step.urn, parents),
        stateful: isStateful(step.type),
        // A replacement is of what the program describes now; a deletion it says nothing of.
        protected: step.old?.protect === true && step.new?.protect !== false,
        properties: operation === "replace" || operation === "update" ? propertiesOf(step) : [],
      },
    ];
  });
}

/** The name that the program gave to what has this URN. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::") || urn;

/** The last part of a type token, like `Queue`. */
export const classOf = (type: string): string =>
  type.startsWith("pulumi:providers:") ? "Provider" : (type.split(":").at(-1) ?? type);

/** For each resource of which the events tell, the URN of its parent. */
function parentsIn(events: readonly EngineEvent[]): ReadonlyMap<string, string> {
  return new Map(
    events.flatMap(({ resourcePreEvent }) => {
      const { urn, old, new: after } = resourcePreEvent?.metadata ?? {};
      return urn === undefined ? [] : [[urn, (after ?? old)?.parent ?? ""] as const];
    }),
  );
}

/** The outermost component that a resource belongs to. */
function componentOf(urn: string, parents: ReadonlyMap<string, string>): Component | undefined {
  let component: string | undefined;
  for (let at = parents.get(urn); at && !isStack(at); at = parents.get(at)) component = at;
  return component === undefined ? undefined : labelOf(component);
}

/** The class and the name in a URN. */
export function labelOf(urn: string): Component {
  return { class: classOf(urn.split("::")[2] ?? ""), name: nameOf(urn) };
}

const isStack = (urn: string) => urn.split("::")[2] === "pulumi:pulumi:Stack";

function isComponent({ new: after, old: before, type }: StepEventMetadata): boolean {
  return type === "pulumi:pulumi:Stack" || (after ?? before)?.custom !== true;
}

function isStateful(type: string): boolean {
  return statefulTypes.some((pattern) => pattern.test(type)) && !settings.test(type);
}
