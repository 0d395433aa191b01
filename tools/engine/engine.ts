import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { Decision, Wishes } from "../machine/decision";
import { IN_WORDS, type Source } from "../machine/machine";
import { provideTools } from "../machine/provide";
import { choiceLines } from "../machine/words";
import { readJson, writeJson } from "../support/files";
import type { Layout } from "../support/layout";
import { say } from "../support/steps";
import { pluginDir } from "./probe";
import { type PluginName, pinnedVersions } from "./versions";

/** One tool as it was found or got. */
export interface Chosen {
  readonly source: Source;
  readonly path: string;
  readonly version: string;
}

/** The engine with its plugins, ready to run. Kept in a file for the commands that only look. */
export interface Engine extends Chosen {
  readonly plugins: Readonly<Partial<Record<PluginName, Chosen>>>;
  /**
   * A PULUMI_HOME of the tree's own, when something was built from modules: home-built plugins
   * never end up among the user's.
   */
  readonly pulumiHome?: string;
}

/** The engine that the last command chose. */
export function recordedEngine(here: Layout): Engine | undefined {
  const engine = readJson<Engine>(here.engineRecord);
  const whole = [engine?.path, engine?.version].every((text) => typeof text === "string");
  const known = IN_WORDS[engine?.source as Source] !== undefined;
  return whole && known && existsSync(engine?.path ?? "") ? (engine as Engine) : undefined;
}

/** Gets engine, plugins and what else is wanted, and records the engine that was chosen. */
export async function provideEngine(
  here: Layout,
  wishes: Wishes,
): Promise<{ engine: Engine; decision: Decision }> {
  const decision = await provideTools(here, pinnedVersions(here.root), wishes);
  for (const line of choiceLines(decision)) say(line);
  const { pulumi, kubernetes, aws, docker } = decision.tools;
  if (pulumi === undefined) throw new Error("no engine was chosen");
  const plugins = Object.fromEntries(
    Object.entries({ kubernetes, aws, docker }).flatMap(([name, found]) =>
      found === undefined ? [] : [[name, { source: found.source, ...found.tool }]],
    ),
  ) as Engine["plugins"];
  const chosen = { source: pulumi.source, ...pulumi.tool, plugins };
  const ownHome = [chosen, ...Object.values(plugins)].some(({ source }) => source === "modules");
  if (ownHome) fillOwnHome(here, plugins);
  const engine = { ...chosen, ...(ownHome ? { pulumiHome: here.pulumiHome } : {}) };
  writeJson(here.engineRecord, engine);
  return { engine, decision };
}

/** Puts the chosen plugins into the tree's PULUMI_HOME, where the engine looks for them. */
function fillOwnHome(here: Layout, plugins: Engine["plugins"]): void {
  for (const [name, plugin] of Object.entries(plugins) as [PluginName, Chosen][]) {
    const directory = pluginDir(here.pulumiHome, name, plugin.version);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    // The engine passes over a folder that is a link, so the program in it is one.
    symlinkSync(plugin.path, join(directory, basename(plugin.path)));
  }
}
