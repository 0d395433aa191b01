import { join } from "node:path";
import { enginesHere, pluginHere } from "../engine/probe";
import type { PinnedVersions, PluginName } from "../engine/versions";
import { type Go, goOnPath } from "../from-modules/go";
import { isBuilt } from "../from-modules/stamp";
import { areInstalled } from "../official/install";
import { clusterReleases, kindReleases } from "../official/releases";
import { findPython } from "../platform/aws";
import { type ContainerEngine, containerEngine } from "../platform/containers";
import { kindNodes } from "../platform/kind-nodes";
import { type ClusterKind, removeByHand } from "../platform/kubernetes";
import { unreachable } from "../support/download";
import { Failure } from "../support/failure";
import { readJson } from "../support/files";
import type { Layout } from "../support/layout";
import { findOnPath } from "../support/programs";
import { proxyFor, withoutLogin } from "../support/proxy";
import { type MachineKind, THIS_MACHINE } from "../support/this-machine";

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

/** All that is chosen: the engine, its plugins, kind, and the programs of the simulated cluster. */
export type ToolName = "pulumi" | PluginName | "kind" | "cluster";

/** A tool with where it comes from. */
export interface Choice {
  readonly source: Source;
  /** Absent when it has to be got first. */
  readonly tool?: Tool;
}

/** A tool that is here, with where it came from. */
export type Found = Required<Choice>;

/** What can be reached: the makers' downloads, directly or through a proxy, or registries alone. */
export interface Network {
  readonly reach: "internet" | "proxy" | "registries";
  /** The proxy, without a login. */
  readonly proxy?: string;
  /** Why the makers' downloads can't be reached. */
  readonly why?: string;
}

/** What the choice of tools depends on. */
export interface Machine extends MachineKind {
  /** Absent where it need not be asked: everything is here. */
  readonly network?: Network;
  readonly containers: ContainerEngine;
  /** Whether the nodes of this tree's kind cluster are there, running or stopped. */
  readonly nodes: boolean;
  /** The command that removes those nodes, where the container engine that has them doesn't run. */
  readonly unreachableNodes?: string;
  /** The Go on PATH. */
  readonly go?: Go;
  /** The Python for the AWS emulator, or what to do about there being none. */
  readonly python: string | Failure;
  /** Each tool in the places where it lies already, the preferred one first. */
  readonly has: Readonly<Partial<Record<ToolName, readonly Found[]>>>;
}

/** The sources, for the reader. */
export const IN_WORDS: Readonly<Record<Source, string>> = {
  path: "installed on this machine",
  official: "official download",
  modules: "built from Go modules",
};

/** Reads GROUNDWORK_ENGINE. */
export function forcedSource(value: string | undefined): Source | undefined {
  if (value === undefined || value === "") return undefined;
  const source = SOURCES.find((known) => known === value);
  if (source !== undefined) return source;
  throw new Failure(`GROUNDWORK_ENGINE must be ${SOURCES.join(", ")} or unset, got "${value}".`);
}

/** The host that says whether the makers' downloads can be reached. */
const OFFICIAL = "https://get.pulumi.com";

/**
 * Looks at this machine. The network is asked last, and only where something isn't here.
 * @param forced GROUNDWORK_ENGINE, which may pass over what is here.
 */
export async function lookAtMachine(
  here: Layout,
  pinned: PinnedVersions,
  forced?: Source,
): Promise<Machine> {
  const containers = await containerEngine();
  const last = readJson<{ readonly cluster: ClusterKind }>(here.platformRecord)?.cluster;
  const go = await goOnPath();
  const has = await toolsHere(here, pinned);
  const wanted: ToolName[] = ["pulumi", "kubernetes", "aws"];
  wanted.push(...(containers.runs ? (["docker", "kind"] as const) : (["cluster"] as const)));
  const complete = forced === undefined && wanted.every((name) => has[name].length > 0);
  return {
    ...THIS_MACHINE,
    ...(!complete && { network: await lookAtNetwork() }),
    containers,
    nodes: containers.runs && (await kindNodes(here)).length > 0,
    ...(!containers.runs && last === "kind" && { unreachableNodes: removeByHand(here) }),
    ...(go !== undefined && { go }),
    python: await findPython().catch(foreseen),
    has,
  };
}

/** Looks for the tools in all the places where they may lie. */
export async function toolsHere(
  here: Layout,
  pinned: PinnedVersions,
): Promise<Record<ToolName, readonly Found[]>> {
  return {
    pulumi: await enginesHere(here, pinned),
    kubernetes: pluginHere(here, "kubernetes", pinned),
    aws: pluginHere(here, "aws", pinned),
    docker: pluginHere(here, "docker", pinned),
    kind: kindHere(here),
    cluster: clusterHere(here, pinned),
  };
}

/** Asks whether the makers' downloads can be reached. */
async function lookAtNetwork(): Promise<Network> {
  const proxy = proxyFor(OFFICIAL);
  const why = await unreachable(OFFICIAL);
  return {
    reach: why !== undefined ? "registries" : proxy === undefined ? "internet" : "proxy",
    ...(proxy !== undefined && { proxy: withoutLogin(proxy) }),
    ...(why !== undefined && { why: `${new URL(OFFICIAL).host}: ${why}` }),
  };
}

function kindHere(here: Layout): Found[] {
  const [own] = findOnPath("kind");
  const downloaded = areInstalled(kindReleases(THIS_MACHINE), here.bin);
  return [
    ...(own === undefined ? [] : [found("path", own)]),
    ...(downloaded ? [found("official", join(here.bin, "kind"))] : []),
  ];
}

function clusterHere(here: Layout, { plugins }: PinnedVersions): Found[] {
  const path = join(here.bin, "kwokctl");
  return [
    ...(areInstalled(clusterReleases(THIS_MACHINE), here.bin) ? [found("official", path)] : []),
    ...(isBuilt("cluster", here, plugins) ? [found("modules", path)] : []),
  ];
}

function found(source: Source, path: string): Found {
  return { source, tool: { path, version: "" } };
}

function foreseen(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
