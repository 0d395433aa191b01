import { existsSync } from "node:fs";
import { isLocal } from "../../config/environments";
import { recordedEngine } from "../engine/engine";
import { IN_WORDS } from "../machine/machine";
import { environment } from "../platform/environment";
import type { ClusterKind } from "../platform/kubernetes";
import { platformServices, recordedPlatform } from "../platform/platform";
import { isHealthy, type ServiceState } from "../platform/services";
import { forgottenInWords } from "../preparation";
import { stackState } from "../stack";
import { lockHolder } from "../support/lock";
import type { Command } from "./command";

/** `make status`: what runs, where, and how many resources the stack has. */
export const status: Command = async ({ here, stack }) => {
  const local = isLocal(stack);
  const engine = recordedEngine(here);
  show(
    "Engine",
    engine === undefined
      ? "not chosen yet: `make up` or `make preview` does"
      : `pulumi ${engine.version}, ${IN_WORDS[engine.source]}`,
  );
  const busy = lockHolder(here.lock);
  if (busy !== undefined) show("At work", busy);
  const platform = local ? recordedPlatform(here) : undefined;
  if (local) {
    const services = platformServices(here);
    if (services.length === 0) show("Platform", "nothing is running");
    const states = await Promise.all(services.map(inWords));
    for (const [index, { name }] of services.entries()) show(name, states[index] ?? "");
    if (platform !== undefined) {
      show("Cluster", CLUSTERS[platform.cluster]);
      show("Images", platform.imageRegistry ?? "taken by reference");
    }
  }
  for (const line of forgottenInWords(here, stack)) console.log(`  ${line}`);
  if (engine === undefined || (local && !existsSync(here.state))) return;
  const env = environment({ here, engine, isLocal: local, platform });
  const state = await stackState({ here, name: stack, engine, env });
  if (state === undefined) return show("Stack", `there is no stack ${stack}`);
  show("Stack", `${stack} has ${state.resources} resources`);
  if (state.pending.length > 0) show("Cut off", `${state.pending.length} operations:`);
  for (const { doing, label } of state.pending) show("", `${doing} ${label}`);
};

const CLUSTERS: Readonly<Record<ClusterKind, string>> = {
  configured: "your own, from the configuration",
  kind: "kind, with real pods",
  simulated: "simulated: its pods only say that they run",
};

/** One line for one thing. */
function show(about: string, found: string): void {
  console.log(`${about.padEnd(24)} ${found}`);
}

async function inWords({ pid, port, health }: ServiceState): Promise<string> {
  if (pid === undefined) return `not running (port ${port})`;
  return `${(await isHealthy(health)) ? "healthy" : "NOT HEALTHY"}, port ${port}, pid ${pid}`;
}
