import { join } from "node:path";
import { readJson } from "./support/files";
import type { Layout } from "./support/layout";

/** Where `make plan` puts a stack's plan, and `make deploy` looks for it. */
export function planPath(here: Layout, stack: string): string {
  return join(here.home, `plan-${stack}.json`);
}

/** When a plan was made; undefined when there is no such file, or it is no plan. */
export function plannedAt(path: string): Date | undefined {
  const time = readJson<{ manifest?: { time?: string } }>(path)?.manifest?.time;
  return time === undefined ? undefined : new Date(time);
}

/**
 * Options of every plan, and of the update that follows it. It is made against what is really
 * there, so that it also shows what was changed by hand and will be taken back.
 */
export const againstReality: readonly string[] = ["--refresh", "--run-program"];

/**
 * Reads an update's output on its way to the terminal. Of a resource that would deviate from the
 * plan the engine prints the values, planned and real, secrets in plain text; so nothing that
 * follows the first of them is handed on but the names of resources and properties.
 */
export class DeviationFilter {
  private readonly found = new Set<string>();
  private updating = false;

  /** Whether the update would have done something else than planned. */
  get deviates(): boolean {
    return this.found.size > 0;
  }

  /** Whether the deviation came to light before anything was changed. */
  get inTime(): boolean {
    return !this.updating;
  }

  /** What may be shown of a line; undefined for nothing. */
  readonly edit = (line: string): string | undefined => {
    const deviation = deviationIn(line);
    if (deviation === undefined) {
      if (this.deviates) return undefined;
      if (line.startsWith("Updating (")) this.updating = true;
      return line;
    }
    if (this.found.has(deviation)) return undefined;
    this.found.add(deviation);
    return `  not as planned: ${deviation}`;
  };
}

function deviationIn(line: string): string | undefined {
  const [said = "", changed] = line.split(/ violates plan\b/, 2);
  if (changed === undefined) return undefined;
  // What comes before is the resource's URN or, for what only the update brought to light, its name.
  const resource = said.includes("::")
    ? said.split("::").at(-1)
    : (/(\S+) +error: resource$/.exec(said)?.[1] ?? "a resource");
  // The property's name comes after two signs, what was planned and what would be done.
  const property = /^: properties changed: [-+~=]{2}(\w+)/.exec(changed)?.[1];
  return property === undefined ? resource : `${resource} (${property})`;
}
