import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";
import { requireGo } from "../from-modules/go";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";
import { capture, findOnPath, isExecutable } from "../support/programs";
import type { EngineProbes, PluginProbes, Probes, Tool } from "./choose";
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

/** The questions about the engine, asked of this machine. */
export function engineProbes(here: Layout, pinned: PinnedVersions): EngineProbes {
  return {
    ...probes(),
    onPath: async () => (await enginesOnPath()).find((tool) => isRecentEnough(tool.version)),
    downloaded: () => engineAt(downloadedEngine(pinned.engine)),
    built: async () =>
      isExecutable(join(here.bin, "pulumi-language-nodejs"))
        ? engineAt(join(here.bin, "pulumi"))
        : undefined,
  };
}

/** The questions about one plugin, asked of this machine. */
export function pluginProbes(here: Layout, name: PluginName, version: string): PluginProbes {
  return {
    ...probes(),
    name,
    version,
    installed: async () =>
      pluginAt(pluginDir(userPulumiHome(), name, version), name, version) ??
      pluginOnPath(name, version),
    built: async () => pluginAt(pluginDir(here.bin, name, version), name, version),
  };
}

let reachable: Promise<boolean> | undefined;

function probes(): Probes {
  return {
    officialReachable: () => {
      reachable ??= answers("https://get.pulumi.com");
      return reachable;
    },
    canBuild,
  };
}

/** Whether a host answers within a few seconds. */
async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(4000) });
    return reply.status < 500;
  } catch {
    return false;
  }
}

/** Whether a Go that is recent enough is on PATH, on a system that the build is made for. */
async function canBuild(): Promise<boolean> {
  try {
    await requireGo();
    return process.platform === "linux";
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
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
