import { rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../support/files";
import type { Layout } from "../support/layout";
import { capture } from "../support/programs";

/** By the name of an image: the IDs of images without a name that its builds have made. */
type Stages = Readonly<Record<string, readonly string[]>>;

/**
 * Removes the stages that earlier builds of an image left in the container engine without a name.
 * Those of the last build stay: the next one takes from them what has not changed. BuildKit leaves
 * none, because it has a cache of its own.
 * @param output what the builder printed, which has the ID of each image that it made or took again
 */
export async function removeOldStages(here: Layout, image: string, output: string): Promise<void> {
  const used = [...output.matchAll(/-> (?:Using cache )?([0-9a-f]{12})/g)].map(([, id = ""]) => id);
  const known = stages(here);
  const before = known[image] ?? [];
  await removeUnnamed(before.filter((id) => !used.includes(id)));
  const left = await unnamedImages();
  const kept = [...new Set([...before, ...used])].filter((id) => left.includes(id));
  writeJson(recordOf(here), { ...known, [image]: kept });
}

/** Removes the stages of all builds of this tree. */
export async function removeStages(here: Layout): Promise<void> {
  await removeUnnamed(Object.values(stages(here)).flat());
  rmSync(recordOf(here), { force: true });
}

async function removeUnnamed(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const unnamed = await unnamedImages();
  const there = ids.filter((id) => unnamed.includes(id));
  if (there.length > 0) await capture("docker", ["image", "rm", ...there]);
}

async function unnamedImages(): Promise<readonly string[]> {
  const { stdout } = await capture("docker", ["images", "--quiet", "--filter", "dangling=true"]);
  return stdout.split("\n");
}

function stages(here: Layout): Stages {
  return (readJson<Stages>(recordOf(here)) ?? {}) as Stages;
}

function recordOf(here: Layout): string {
  return join(here.home, "build-stages.json");
}
