import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { buildFromModules, type Part } from "../from-modules/build";
import { Failure, Interrupted } from "../support/failure";
import { readJson, writeJson } from "../support/files";
import { interruption, throwIfInterrupted } from "../support/interruption";
import type { Layout } from "../support/layout";
import { say } from "../support/steps";
import { type Choice, chooseEngine, choosePlugin, forcedSource, type Source } from "./choose";
import { downloadEngine, downloadPlugin } from "./download";
import { engineProbes, pluginDir, pluginProbes } from "./probe";
import { type PinnedVersions, type PluginName, pinnedVersions } from "./versions";

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

/** What is wanted besides the engine and the plugins for Kubernetes and AWS. */
export interface Wishes {
  /** The docker plugin, which can be done without. */
  readonly docker: boolean;
  /** The programs of the simulated cluster, which are always built. */
  readonly cluster: boolean;
}

type ToolName = "pulumi" | PluginName;

/** What to build where a tool comes from modules. */
const PARTS: Readonly<Record<ToolName, readonly Part[]>> = {
  pulumi: ["engine"],
  kubernetes: ["kubernetes-plugin"],
  aws: ["aws-plugin"],
  docker: [],
};

/** The sources, for the reader. */
export const IN_WORDS: Readonly<Record<Source, string>> = {
  path: "installed on this machine",
  official: "official download",
  modules: "built from Go modules",
};

/** The engine that the last command chose. */
export function recordedEngine(here: Layout): Engine | undefined {
  const engine = readJson<Engine>(here.engineRecord);
  const whole = [engine?.path, engine?.version].every((text) => typeof text === "string");
  const known = IN_WORDS[engine?.source as Source] !== undefined;
  return whole && known && existsSync(engine?.path ?? "") ? (engine as Engine) : undefined;
}

/** Chooses engine and plugins, gets what is missing, and records what was chosen. */
export async function provideEngine(here: Layout, wishes: Wishes): Promise<Engine> {
  const pinned = pinnedVersions(here.root);
  const choices = await chooseAll(here, pinned, wishes.docker);
  await buildAll(here, pinned, choices, wishes.cluster);
  const { pulumi, ...plugins } = await findAll(here, pinned, choices);
  if (pulumi === undefined) throw new Error("no engine was chosen");
  const ownHome = [pulumi, ...Object.values(plugins)].some(({ source }) => source === "modules");
  if (ownHome) fillOwnHome(here, plugins);
  const engine = { ...pulumi, plugins, ...(ownHome ? { pulumiHome: here.pulumiHome } : {}) };
  writeJson(here.engineRecord, engine);
  return engine;
}

/** Chooses a source for every tool, and downloads those that come from their makers. */
async function chooseAll(
  here: Layout,
  pinned: PinnedVersions,
  docker: boolean,
): Promise<Map<ToolName, Choice>> {
  const choices = new Map<ToolName, Choice>();
  const settle = async (name: ToolName, download: () => Promise<void>) => {
    choices.set(name, await settled((source) => choose(here, pinned, name, source), download));
  };
  await settle("pulumi", () => downloadEngine(here.root, pinned.engine));
  const plugin = (name: PluginName) =>
    settle(name, () =>
      downloadPlugin(choices.get("pulumi")?.tool?.path, name, pinned.plugins[name]),
    );
  await plugin("kubernetes");
  await plugin("aws");
  if (docker) {
    await plugin("docker").catch((error: unknown) => {
      if (!isForeseen(error)) throw error;
      say(`${error.message} Images are built by \`docker build\` instead.`);
    });
  }
  return choices;
}

/** Chooses one tool; a download that fails gives way to the modules. */
async function settled(
  chooseFrom: (source: Source | undefined) => Promise<Choice>,
  download: () => Promise<void>,
): Promise<Choice> {
  const forced = forcedSource(process.env["GROUNDWORK_ENGINE"]);
  const choice = await chooseFrom(forced);
  if (choice.source !== "official" || choice.tool !== undefined) return choice;
  try {
    await download();
    return await chooseFrom(forced);
  } catch (error) {
    if (forced !== undefined || !isForeseen(error)) throw error;
    say(`${error.message} Trying the Go modules instead.`);
    return chooseFrom("modules");
  }
}

function choose(
  here: Layout,
  pinned: PinnedVersions,
  name: ToolName,
  source: Source | undefined,
): Promise<Choice> {
  return name === "pulumi"
    ? chooseEngine(engineProbes(here, pinned), source)
    : choosePlugin(pluginProbes(here, name, pinned.plugins[name]), source);
}

/** Builds all that comes from modules in one go: the parts share most of what is compiled. */
async function buildAll(
  here: Layout,
  pinned: PinnedVersions,
  choices: ReadonlyMap<ToolName, Choice>,
  cluster: boolean,
): Promise<void> {
  const tools = [...choices].filter(([, { source }]) => source === "modules");
  const parts = tools.flatMap(([name]) => PARTS[name]);
  await buildFromModules(
    {
      binDir: here.bin,
      pluginsDir: join(here.bin, "plugins"),
      versions: pinned.plugins,
      parts: cluster ? [...parts, "cluster"] : parts,
    },
    say,
    interruption,
  );
  throwIfInterrupted();
}

async function findAll(
  here: Layout,
  pinned: PinnedVersions,
  choices: ReadonlyMap<ToolName, Choice>,
): Promise<Partial<Record<ToolName, Chosen>>> {
  const found: Partial<Record<ToolName, Chosen>> = {};
  for (const [name, { source, tool: known }] of choices) {
    const tool = known ?? (await choose(here, pinned, name, source)).tool;
    if (tool === undefined) throw new Failure(`${name} was got, but is not where it should be.`);
    const title = name === "pulumi" ? name : `${name} plugin`;
    const where = source === "path" ? ` (${tool.path})` : "";
    say(`${title} ${tool.version}: ${IN_WORDS[source]}${where}`);
    found[name] = { source, ...tool };
  }
  return found;
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

function isForeseen(error: unknown): error is Failure {
  return error instanceof Failure && !(error instanceof Interrupted);
}
