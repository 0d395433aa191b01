import { distance } from "fastest-levenshtein";
import { type Change, type Component, labelOf } from "./changes";

/** Something that may have been given another name, which deletes it and creates it anew. */
export interface Rename {
  readonly from: Component;
  readonly to: Component;
}

/**
 * What looks like a rename without an alias: a resource is deleted, and one of its type created in
 * a component of the same class. Where the component has another name, it is what was renamed.
 */
export function renames(changes: readonly Change[]): readonly Rename[] {
  const found = new Map<string, Rename>();
  const taken = new Set<Change>();
  for (const deleted of changes.filter(({ operation }) => operation === "delete")) {
    const [best] = changes
      .filter((each) => each.operation === "create" && kind(each) === kind(deleted))
      .filter((each) => !taken.has(each))
      .sort((a, b) => distance(a.name, deleted.name) - distance(b.name, deleted.name));
    if (best === undefined) continue;
    taken.add(best);
    const isOfComponent = best.component?.name !== deleted.component?.name;
    const rename = isOfComponent
      ? { from: deleted.component, to: best.component }
      : { from: labelOf(deleted.urn), to: labelOf(best.urn) };
    const { from, to } = rename;
    if (from !== undefined && to !== undefined) found.set(JSON.stringify(rename), { from, to });
  }
  return [...found.values()];
}

/** Its type with those of the components around it: what stands in the URN before the name. */
const kind = ({ urn }: Change) => urn.split("::")[2];
