import { mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { engineRelease } from "../official/releases";
import { download } from "../support/download";
import { Failure } from "../support/failure";
import { attach, record } from "../support/programs";
import { say } from "../support/steps";
import type { MachineKind } from "../support/this-machine";
import { downloadedEngine } from "./probe";
import type { PluginName } from "./versions";

/** Downloads the engine to where the npm package `pulumi` would put it: the user's PULUMI_HOME. */
export async function downloadEngine(version: string, machine: MachineKind): Promise<void> {
  const release = engineRelease(version, machine);
  say(`downloading ${release.url} (once, about 100 MB)`);
  const bin = dirname(downloadedEngine(version));
  const staging = `${dirname(bin)}.downloading`;
  const archive = join(staging, basename(release.url));
  try {
    await download(release, archive);
    await record("tar", ["-xzf", archive, "-C", staging], {
      log: join(staging, "tar.log"),
      what: `tar -xzf ${basename(archive)}`,
    });
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(dirname(bin), { recursive: true });
    renameSync(join(staging, "pulumi"), bin);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Downloads a plugin with the engine, into the user's PULUMI_HOME. */
export async function downloadPlugin(
  engine: string | undefined,
  name: PluginName,
  version: string,
): Promise<void> {
  say(`downloading the ${name} plugin ${version} (once)`);
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const args = ["plugin", "install", "resource", name, version];
  if (engine === undefined || (await attach(engine, args, { env })) !== 0) {
    throw new Failure(`The download of the ${name} plugin failed.`);
  }
}
