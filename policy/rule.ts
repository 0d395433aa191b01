/** A resource as the rules see it. */
export interface Resource {
  /** The type token, like `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** The resource's Pulumi name. */
  readonly name: string;
  readonly urn: string;
  /** Its properties, with `later` from values.ts for those that are not known yet. */
  readonly props: unknown;
}

/** A resource among the others of its stack. */
export interface StackResource extends Resource {
  /** The URNs of the resources that a property's value comes from, by the property. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

interface Described {
  /** Unique in the pack; by it a rule is found in the output and in the pack's configuration. */
  readonly name: string;
  /** Why there is such a rule. */
  readonly description: string;
  /** The vendor's page that says more. */
  readonly url: string;
  /** The types of resources it looks at. */
  readonly types: readonly string[];
  /**
   * Leaves out the environments that run on the machine at hand.
   * @default false: it holds everywhere
   */
  readonly cloudOnly?: boolean;
  /**
   * Leaves out the environments that are not marked as production.
   * @default false: it holds everywhere
   */
  readonly productionOnly?: boolean;
}

/** A rule about one resource, seen before it is made. */
export interface ResourceRule extends Described {
  /**
   * What is wrong with the resource: what was given, what is allowed, what to do. Never a value
   * that could be a secret.
   */
  readonly check: (resource: Resource) => readonly string[];
}

/** A rule about one resource and those that belong to it, seen when all of the stack is known. */
export interface StackRule extends Described {
  readonly checkAmong: (
    resource: StackResource,
    all: readonly StackResource[],
  ) => readonly string[];
}

/** A rule of the pack. */
export type Rule = ResourceRule | StackRule;

/** Whether a rule looks at a resource of this type. */
export function looksAt(rule: Rule, { type }: Resource): boolean {
  return rule.types.includes(type);
}
