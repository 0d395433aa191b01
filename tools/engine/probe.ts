import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";
import { isBuilt } from "../from-modules/stamp";
import type { Found, Source, Tool } from "../machine/machine";
import type { Layout } from "../support/layout";
import { capture, findOnPath, isExecutable } from "../support/programs";
import { isRecentEnough, type PinnedVersions, type PluginName } from "./versions";

/** The user's own PULUMI_HOME. */
export function userPulumiHome(user: NodeJS.ProcessEnv = process.env): string {
  return user["PULUMI_HOME"] || join(homedir(), ".pulumi");
}

/** Where the npm package `pulumi` puts the engine that it downloads. */
export function downloadedEngine(version: string): string {
  return join(userPulumiHome(), "versions", version, "bin", "pulumi");
}

/** Where a plugin lies below a PULUMI_HOME, and in the same way among what was built. */
export function pluginDir(pulumiHome: string, name: PluginName, version: string): string {
  return join(pulumiHome, "plugins", `resource-${name}-v${version}`);
}

/** Every `pulumi` on PATH with its version, without the launcher that npm put into the tree. */
export async function enginesOnPath(): Promise<Tool[]> {
  const tools: Tool[] = [];
  for (const path of findOnPath("pulumi")) {
    if (realpathSync(path).includes(`${sep}node_modules${sep}`)) continue;
    const version = await engineVersion(path);
    if (version !== undefined) tools.push({ path, version });
  }
  return tools;
}

/** The engines that are here: the user's own if it is recent enough, downloaded, or built. */
export async function enginesHere(here: Layout, pinned: PinnedVersions): Promise<Found[]> {
  const own = (await enginesOnPath()).find(({ version }) => isRecentEnough(version));
  const downloaded = await engineAt(downloadedEngine(pinned.engine));
  const built = isBuilt("engine", here, pinned.plugins)
    ? await engineAt(join(here.bin, "pulumi"))
    : undefined;
  return [...found("path", own), ...found("official", downloaded), ...found("modules", built)];
}

/** A plugin in the user's plugin folder or on PATH, or built. */
export function pluginHere(here: Layout, name: PluginName, { plugins }: PinnedVersions): Found[] {
  const version = plugins[name];
  const installed =
    pluginAt(pluginDir(userPulumiHome(), name, version), name, version) ??
    pluginOnPath(name, version);
  const built =
    name !== "docker" && isBuilt(`${name}-plugin`, here, plugins)
      ? pluginAt(pluginDir(here.bin, name, version), name, version)
      : undefined;
  return [...found("path", installed), ...found("modules", built)];
}

function found(source: Source, tool: Tool | undefined): Found[] {
  return tool === undefined ? [] : [{ source, tool }];
}

async function engineAt(path: string): Promise<Tool | undefined> {
  const version = isExecutable(path) ? await engineVersion(path) : undefined;
  return version === undefined ? undefined : { path, version };
}

async function engineVersion(path: string): Promise<string | undefined> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await capture(path, ["version"], { env, timeoutMs: 20_000 });
  const version = stdout.trim().replace(/^v/, "");
  return code === 0 && version !== "" ? version : undefined;
}

function pluginAt(directory: string, name: PluginName, version: string): Tool | undefined {
  const path = join(directory, `pulumi-resource-${name}`);
  // pulumi writes this marker beside a plugin that it has not unpacked to the end.
  const whole = isExecutable(path) && !existsSync(`${directory}.partial`);
  return whole ? { path, version } : undefined;
}

function pluginOnPath(name: PluginName, version: string): Tool | undefined {
  const [path] = findOnPath(`pulumi-resource-${name}`);
  return path === undefined ? undefined : { path, version };
}
