import { join } from "node:path";
import { Failure } from "../support/failure";
import { readJson } from "../support/files";

/** The versions that package-lock.json pins. */
export interface PinnedVersions {
  /** The engine that the npm package `pulumi` downloads. */
  readonly engine: string;
  /** The provider plugins, by name, as the npm packages want them. */
  readonly plugins: Readonly<Record<PluginName, string>>;
}

/** The provider plugins that the program uses. */
export type PluginName = "aws" | "kubernetes" | "docker";

/** Older engines on PATH are passed over: they don't know all that the program asks for. */
export const OLDEST_ENGINE = "3.200.0";

/** Reads the versions from the tree's package-lock.json. */
export function pinnedVersions(root: string): PinnedVersions {
  const lock = readJson<{ packages: Record<string, { version: string }> }>(
    join(root, "package-lock.json"),
  );
  const version = (name: string) => {
    const found = lock?.packages?.[`node_modules/${name}`]?.version;
    if (found === undefined) throw new Failure(`package-lock.json has no version of ${name}.`);
    return found;
  };
  return {
    engine: version("pulumi"),
    plugins: {
      aws: version("@pulumi/aws"),
      kubernetes: version("@pulumi/kubernetes"),
      docker: version("@pulumi/docker"),
    },
  };
}

/** Whether an engine fits: the same major line as `oldest`, and not older. */
export function isRecentEnough(version: string, oldest = OLDEST_ENGINE): boolean {
  const [has, wants] = [numbers(version), numbers(oldest)];
  if (has[0] !== wants[0]) return false;
  return has[1] > wants[1] || (has[1] === wants[1] && has[2] >= wants[2]);
}

function numbers(version: string): [number, number, number] {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major ?? -1), Number(minor ?? -1), Number(patch ?? -1)];
}
