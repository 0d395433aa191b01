import { type Change, classOf, type Operation, operations } from "./changes";
import type { Block } from "./fit";
import { clip, code, html, prose, row, tableHead } from "./markdown";
import type { ChangedProperty, Side } from "./properties";

/** What each operation has done, seen from after the update. */
export const past: Readonly<Record<Operation, string>> = {
  delete: "deleted",
  replace: "replaced",
  update: "changed",
  import: "imported",
  create: "created",
};

/** How many resources are deleted, replaced and so on. */
export function counts(changes: readonly Change[]): string {
  return operations
    .map((operation) => [changes.filter((each) => each.operation === operation).length, operation])
    .filter(([number]) => number !== 0)
    .map(([number, operation]) => `${number} ${past[operation as Operation]}`)
    .join(", ");
}

/** More rows than these would push the rest of the conversation out of sight. */
const mostUnfolded = 15;

/** A table for each component. When there is no room for all, the least dangerous rows go. */
export function componentTables(changes: readonly Change[]): Block {
  const worstFirst = [...changes].sort(byDanger);
  const components = [...new Set(worstFirst.map(titleOf))];
  const state = changes.length > mostUnfolded ? "" : " open";
  return {
    size: worstFirst.length,
    lines: (shown) => {
      const taken = new Set(worstFirst.slice(0, shown));
      const tables = components.flatMap((title) => {
        const members = worstFirst.filter((each) => titleOf(each) === title);
        const rows = members.filter((each) => taken.has(each)).map(changeRow);
        if (rows.length === 0) return [];
        const summary = `<b>${html(title)}</b>: ${counts(members)}`;
        return [
          `<details${state}><summary>${summary}</summary>`,
          "",
          ...tableHead("", "Resource", "Type", "Changes"),
          ...rows,
          "",
          "</details>",
          "",
        ];
      });
      const left = worstFirst.slice(shown);
      return left.length === 0
        ? tables.slice(0, -1)
        : [...tables, `There was no room for ${counts(left)}: see the whole log.`];
    },
  };
}

/**
 * The worst operation first, then what holds data, then by name: the engine tells in another order
 * each time, and a report that is written anew should differ only where the preview does.
 */
export function byDanger(a: Change, b: Change): number {
  return (
    operations.indexOf(a.operation) - operations.indexOf(b.operation) ||
    Number(b.stateful) - Number(a.stateful) ||
    byName(titleOf(a), titleOf(b)) ||
    byName(a.name, b.name) ||
    byName(a.type, b.type)
  );
}

/** Numbers within names by what they are worth: tenant-2 before tenant-10. */
const { compare: byName } = new Intl.Collator("en", { numeric: true });

const titleOf = ({ component }: Change) =>
  component === undefined ? "In no component" : `${component.class} ${component.name}`;

function changeRow({ operation, name, type, properties }: Change): string {
  const cells = [past[operation], code(clip(name, 100)), prose(classOf(type))];
  return row(...cells, shortList(properties.map(property), 8).join("<br>"));
}

/** The first entries, and how many others there are. */
export function shortList(entries: readonly string[], most: number): readonly string[] {
  return entries.length <= most
    ? entries
    : [...entries.slice(0, most - 1), `and ${entries.length - most + 1} more`];
}

/** A property with its values before and after. */
export function property({
  path,
  before,
  after,
}: Pick<ChangedProperty, "path" | "before" | "after">): string {
  const name = code(clip(path, 120));
  if (before === "not set" && after === "not set") return name;
  return before === "secret" && after === "secret"
    ? `${name}: another secret value`
    : `${name}: ${side(before)} → ${side(after)}`;
}

const side = (value: Side) =>
  typeof value === "string" ? `*${value}*` : code(clip(value.text, 80));
