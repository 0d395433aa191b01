import type { StackResource } from "./rule";
import { at, later } from "./values";

/** By which properties a resource says what it belongs to. */
export interface Attachment {
  /** The types of the resources that are attached. */
  readonly types: readonly string[];
  /** Their property that names what they are attached to. */
  readonly property: string;
  /** The properties of the other that may stand there. */
  readonly keys: readonly string[];
}

/**
 * The resources that are attached to one: their property has its name, or, while names are not
 * known yet, comes from it.
 */
export function attached(
  to: StackResource,
  { types, property, keys }: Attachment,
  all: readonly StackResource[],
): readonly StackResource[] {
  const names = keys.map((key) => at(to.props, key)).filter((name) => typeof name === "string");
  return all.filter((other) => {
    if (!types.includes(other.type)) return false;
    if (other.sources[property]?.includes(to.urn)) return true;
    const name = at(other.props, property);
    return name !== later && names.includes(name as string);
  });
}
