import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "../support/failure";
import { attach } from "../support/programs";
import { say } from "../support/steps";
import { downloadedEngine } from "./probe";
import type { PluginName } from "./versions";

/** Downloads the engine through the npm package `pulumi`, into the user's PULUMI_HOME. */
export async function downloadEngine(root: string, version: string): Promise<void> {
  say(`downloading pulumi ${version} (once, about 100 MB)`);
  // The launcher is used for the download alone: as a parent of the engine it would end at Ctrl-C
  // before the engine has saved its state.
  const launcher = join(root, "node_modules", ".bin", "pulumi");
  if ((await attach(launcher, ["version"])) === 0) return;
  rmSync(dirname(dirname(downloadedEngine(version))), { recursive: true, force: true });
  throw new Failure("The download of pulumi failed.");
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
