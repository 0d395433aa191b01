import { goNeeded } from "../from-modules/parts";
import { Failure } from "../support/failure";
import type { PluginName } from "./versions";

/**
 * Where a tool comes from: installed by the user, downloaded from its makers, or built from Go
 * modules where the makers' hosts can't be reached.
 */
export type Source = "path" | "official" | "modules";

/** All sources, the preferred one first. */
export const SOURCES: readonly Source[] = ["path", "official", "modules"];

/** A tool that is on this machine. */
export interface Tool {
  readonly path: string;
  readonly version: string;
}

/** What was decided for one tool. */
export interface Choice {
  readonly source: Source;
  /** Absent when it has to be got first. */
  readonly tool?: Tool;
}

/** What there is to know about the outside world; asked one by one, the cheap questions first. */
export interface Probes {
  /** The network: whether the makers' hosts answer. */
  officialReachable(): Promise<boolean>;
  /** Whether this machine can build from Go modules. */
  canBuild(): Promise<boolean>;
}

/** Questions about the engine. */
export interface EngineProbes extends Probes {
  /** A `pulumi` on PATH that is recent enough. */
  onPath(): Promise<Tool | undefined>;
  /** The pinned engine, downloaded earlier. */
  downloaded(): Promise<Tool | undefined>;
  /** The engine built from modules earlier. */
  built(): Promise<Tool | undefined>;
}

/** Questions about one provider plugin. */
export interface PluginProbes extends Probes {
  readonly name: PluginName;
  readonly version: string;
  /** The plugin in the user's plugin folder or on PATH. */
  installed(): Promise<Tool | undefined>;
  /** The plugin built from modules earlier. */
  built(): Promise<Tool | undefined>;
}

/** Plugins whose makers publish them as Go modules, or that can be put together from such. */
const BUILDABLE: readonly PluginName[] = ["aws", "kubernetes"];

/** Reads GROUNDWORK_ENGINE. */
export function forcedSource(value: string | undefined): Source | undefined {
  if (value === undefined || value === "") return undefined;
  const source = SOURCES.find((known) => known === value);
  if (source !== undefined) return source;
  throw new Failure(`GROUNDWORK_ENGINE is "${value}".`, [`It can be ${SOURCES.join(", ")}.`]);
}

/**
 * Chooses the engine: what is here already comes before what must be got, so that a second run
 * needs no network, and the user's own before ours.
 */
export async function chooseEngine(probes: EngineProbes, forced?: Source): Promise<Choice> {
  const allowed = (source: Source) => forced === undefined || forced === source;
  const here: readonly [Source, () => Promise<Tool | undefined>][] = [
    ["path", () => probes.onPath()],
    ["official", () => probes.downloaded()],
    ["modules", () => probes.built()],
  ];
  for (const [source, find] of here) {
    const tool = allowed(source) ? await find() : undefined;
    if (tool !== undefined) return { source, tool };
  }
  if (forced === "path") {
    throw new Failure("GROUNDWORK_ENGINE=path, but there is no recent `pulumi` on PATH.", [
      "Install the Pulumi CLI, or unset GROUNDWORK_ENGINE. `make doctor` shows what was looked at.",
    ]);
  }
  return { source: await obtainable("the Pulumi engine", probes, forced, true) };
}

/** Chooses one provider plugin, by the same rule. */
export async function choosePlugin(probes: PluginProbes, forced?: Source): Promise<Choice> {
  const what = `the ${probes.name} plugin ${probes.version}`;
  // Plugins that the user has are the official ones: only `modules` leaves them aside.
  if (forced !== "modules") {
    const tool = await probes.installed();
    if (tool !== undefined) return { source: "path", tool };
  }
  if (forced === undefined || forced === "modules") {
    const tool = await probes.built();
    if (tool !== undefined) return { source: "modules", tool };
  }
  if (forced === "path") {
    throw new Failure(`GROUNDWORK_ENGINE=path, but ${what} is not installed.`, [
      `pulumi plugin install resource ${probes.name} ${probes.version}`,
    ]);
  }
  const buildable = BUILDABLE.includes(probes.name);
  return { source: await obtainable(what, probes, forced, buildable) };
}

/** Which source a missing tool can be got from. */
async function obtainable(
  what: string,
  probes: Probes,
  forced: Source | undefined,
  buildable: boolean,
): Promise<Source> {
  if (forced !== "modules" && (await probes.officialReachable())) return "official";
  if (forced === "official") {
    throw new Failure(`GROUNDWORK_ENGINE=official, but the host of ${what} doesn't answer.`, [
      "Check the network (HTTPS to get.pulumi.com), or unset GROUNDWORK_ENGINE.",
    ]);
  }
  if (!buildable) {
    throw new Failure(`${what} can't be had: its host doesn't answer and no Go module has it.`, [
      "Check the network (HTTPS to get.pulumi.com).",
    ]);
  }
  if (await probes.canBuild()) return "modules";
  throw new Failure(`${what} is not installed and can't be got.`, [
    "One of these is enough:",
    "- install the Pulumi CLI, so that `pulumi` is on PATH;",
    "- let this machine reach get.pulumi.com, it is downloaded then;",
    `- on Linux, install Go ${goNeeded()} or newer: it is built from the Go module proxy then.`,
  ]);
}
