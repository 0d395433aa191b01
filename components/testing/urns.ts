const stackType = "pulumi:pulumi:Stack";

/** Whether a URN is that of the stack, the root of all resources. */
export function isStack(urn: string): boolean {
  return urn.split("::")[2] === stackType;
}

/**
 * The URN of a resource, as the engine makes it: with the types of all its parents, but for the
 * stack.
 * @param parent URN of the parent; "" for the stack itself
 * @param prefix `urn:pulumi:stack::project`
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
export function urnOf(prefix: string, parent: string, type: string, name: string): string {
  const outer = parent === "" || isStack(parent) ? "" : `${partsOf(parent).chain}$`;
  return `${prefix}::${outer}${type}::${name}`;
}

/** What a URN says. */
export function partsOf(urn: string) {
  const [urnAndStack, project, chain = "", ...name] = urn.split("::");
  const types = chain.split("$");
  return {
    /** `urn:pulumi:stack::project` */
    prefix: `${urnAndStack}::${project}`,
    /** The types of all parents and its own, with `$` between them. */
    chain,
    /** The types of all parents. */
    outer: types.slice(0, -1).join("$"),
    /** Its own type. */
    type: types.at(-1) ?? "",
    name: name.join("::"),
  };
}

/** How people call a resource: `type name`. */
export function labelOf(urn: string): string {
  const { type, name } = partsOf(urn);
  return `${type} ${name}`;
}

/** The URN of a resource's parent, of which `type name` is known. */
export function parentOf(urn: string, parent: string | undefined): string | undefined {
  if (parent === undefined) return undefined;
  const { prefix, outer } = partsOf(urn);
  return urnOf(prefix, "", outer, parent.slice(parent.indexOf(" ") + 1));
}
