import { downloadEngine, downloadPlugin } from "../engine/download";
import type { PinnedVersions } from "../engine/versions";
import { buildFromModules, type Part } from "../from-modules/build";
import { planFor } from "../from-modules/parts";
import { install } from "../official/install";
import { clusterReleases, kindReleases } from "../official/releases";
import { Failure, Interrupted } from "../support/failure";
import { interruption, throwIfInterrupted } from "../support/interruption";
import type { Layout } from "../support/layout";
import { say } from "../support/steps";
import { THIS_MACHINE } from "../support/this-machine";
import { type Decision, decide, type Wishes } from "./decision";
import { type Found, lookAtMachine, type ToolName, toolsHere } from "./machine";

/** A decision whose tools are all there. */
export interface Provided extends Decision {
  readonly tools: Readonly<Partial<Record<ToolName, Found>>>;
}

/** What to build where a tool comes from modules. */
const PARTS: Readonly<Partial<Record<ToolName, Part>>> = {
  pulumi: "engine",
  kubernetes: "kubernetes-plugin",
  aws: "aws-plugin",
  cluster: "cluster",
};

/**
 * Decides what runs on this machine, and gets what of it is missing. What can't be had is asked for
 * before anything is got. A download that fails gives way to what can be had without it.
 */
export async function provideTools(
  here: Layout,
  pinned: PinnedVersions,
  wishes: Wishes,
): Promise<Provided> {
  const machine = await lookAtMachine(here, pinned, wishes.forced);
  let decision = decide(machine, wishes);
  refuseMissing(decision, "Nothing was downloaded, built or started.");
  try {
    await downloadAll(here, pinned, decision);
  } catch (error) {
    if (!isForeseen(error) || wishes.forced !== undefined) throw error;
    for (const line of [error.message, ...error.next, "Going on without it."]) say(line);
    const network = { reach: "registries", why: "a download failed, see above" } as const;
    decision = decide({ ...machine, has: await toolsHere(here, pinned), network }, wishes);
    refuseMissing(decision, "What was downloaded is kept; `make up` goes on from there.");
  }
  const parts = toGet(decision, "modules").flatMap((name) => PARTS[name] ?? []);
  // In one go: the parts share most of what is compiled.
  await buildFromModules(planFor(here, pinned.plugins, parts), say, interruption);
  throwIfInterrupted();
  return { ...decision, tools: await found(here, pinned, decision) };
}

/** Fails, with what is asked for first, unless all that is needed is there or can be had. */
export function refuseMissing({ missing: [first] }: Decision, last: string): void {
  if (first !== undefined) throw new Failure(first.words, [...first.next, last]);
}

async function downloadAll(
  here: Layout,
  pinned: PinnedVersions,
  decision: Decision,
): Promise<void> {
  for (const name of toGet(decision, "official")) {
    switch (name) {
      case "pulumi":
        await downloadEngine(pinned.engine, THIS_MACHINE);
        break;
      case "kind":
        await install(kindReleases(THIS_MACHINE), here.bin);
        break;
      case "cluster":
        await install(clusterReleases(THIS_MACHINE), here.bin);
        break;
      default: {
        const { pulumi } = await found(here, pinned, decision);
        await downloadPlugin(pulumi?.tool.path, name, pinned.plugins[name]);
      }
    }
  }
}

function toGet({ tools }: Decision, from: "official" | "modules"): ToolName[] {
  const all = Object.entries(tools) as [ToolName, Decision["tools"][ToolName]][];
  return all.flatMap(([name, choice]) => (choice?.source === from && !choice.tool ? name : []));
}

/** The tools of a decision that are there now. */
async function found(
  here: Layout,
  pinned: PinnedVersions,
  { tools }: Decision,
): Promise<Provided["tools"]> {
  const has = await toolsHere(here, pinned);
  return Object.fromEntries(
    Object.entries(tools).map(([name, { source, tool }]) => [
      name,
      tool ? { source, tool } : has[name as ToolName].find((there) => there.source === source),
    ]),
  );
}

function isForeseen(error: unknown): error is Failure {
  return error instanceof Failure && !(error instanceof Interrupted);
}
