import { existsSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { filesBelow, readJson, readText, writeText } from "./support/files";

// Files of the file backend and of PULUMI_HOME that were cut short or damaged, and in which pulumi
// would fail without saying what to do.

/** A stack's state in the file backend. */
const isState = (file: string) => /^stacks\/.+\.json$/.test(file);

/**
 * Takes what is damaged out of a file backend. A state is kept under another name: without it the
 * stack counts as lost.
 * @returns the names of the states that were set aside
 */
export function repairState(state: string): string[] {
  const folder = join(state, ".pulumi");
  const aside: string[] = [];
  for (const file of filesBelow(folder)) {
    const path = join(folder, file);
    if (file === "meta.yaml" && !isMeta(path)) writeText(path, "version: 1\n");
    if (!/\.(json|attrs)$/.test(file)) continue;
    const found = readJson<{ checkpoint: object }>(path);
    if (isState(file) && typeof found?.checkpoint !== "object") {
      renameSync(path, `${path}.damaged`);
      aside.push(basename(file, ".json"));
    } else if (found === undefined) rmSync(path, { force: true });
  }
  return aside;
}

/** Whether the backend has a state of this stack. */
export function hasState(state: string, stack: string): boolean {
  const folder = join(state, ".pulumi", "stacks");
  return filesBelow(folder).some((file) =>
    [`${stack}.json`, `${stack}.json.gz`].includes(basename(file)),
  );
}

/** Removes what is damaged of pulumi's own notes; it makes each of them again. */
export function repairHome(pulumiHome: string): void {
  const notes = filesBelow(join(pulumiHome, "workspaces")).map((file) => join("workspaces", file));
  for (const file of ["credentials.json", "config.json", ...notes]) {
    const path = join(pulumiHome, file);
    if (file.endsWith(".json") && existsSync(path) && readJson(path) === undefined) {
      rmSync(path, { force: true });
    }
  }
}

function isMeta(path: string): boolean {
  try {
    return Number.isInteger(Object(parse(readText(path) ?? "")).version);
  } catch {
    return false;
  }
}
