import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson, fingerprint as stateOf, writeJson } from "../support/files";
import type { Layout } from "../support/layout";
import { THIS_MACHINE } from "../support/this-machine";
import { FOLDER, type FromModulesPlan, filesOf, type Part, planFor } from "./parts";

// What was built last, so that nothing is built twice: Go's own cache would spare the compiling,
// but not the linking, nor the half minute in which it looks for changes.

/** The parts that are missing, or built from other sources or for other versions. */
export function stale(plan: FromModulesPlan): Part[] {
  const built = readJson<Record<string, string>>(stampPath(plan)) ?? {};
  const now = fingerprint(plan);
  return [...new Set(plan.parts)].filter((part) => built[part] !== `${now} ${whole(part, plan)}`);
}

/** Whether a part lies there as it would be built now. */
export function isBuilt(part: Part, here: Layout, versions: FromModulesPlan["versions"]): boolean {
  return stale(planFor(here, versions, [part])).length === 0;
}

/** Records that parts are built and in place. */
export function recordBuilt(plan: FromModulesPlan, parts: readonly Part[]): void {
  const built = readJson<Record<string, string>>(stampPath(plan)) ?? {};
  const now = fingerprint(plan);
  for (const part of parts) built[part] = `${now} ${whole(part, plan)}`;
  writeJson(stampPath(plan), built);
}

/** The files of a part as they are: one that was cut short or written to is built again. */
function whole(part: Part, plan: FromModulesPlan): string {
  return stateOf(filesOf(part, plan));
}

function stampPath(plan: FromModulesPlan): string {
  return join(plan.binDir, ".from-modules.json");
}

function fingerprint(plan: FromModulesPlan): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([plan.versions, THIS_MACHINE]));
  for (const name of sources()) {
    hash.update(`\0${name}\0`).update(readFileSync(join(FOLDER, name)));
  }
  return hash.digest("hex");
}

/** All that the programs are made of. */
function sources(): string[] {
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length + 1))
    .sort();
}

function isSource(name: string): boolean {
  if (name.endsWith("_test.go") || name === "schema.json") return false;
  return /\.(go|mod|sum|ts|gz)$/.test(name) || name === "pulumi-analyzer-policy";
}
