import { existsSync } from "node:fs";
import { isLocal } from "../../config/environments";
import { recordedEngine } from "../engine/engine";
import { IN_WORDS } from "../machine/machine";
import { environment } from "../platform/environment";
import { platformServices, recordedPlatform } from "../platform/platform";
import { isHealthy, type ServiceState } from "../platform/services";
import { stackState } from "../stack";
import { lockHolder } from "../support/lock";
import type { Command } from "./command";

/** `make status`: what runs, where, and how many resources the stack has. */
export const status: Command = async ({ here, stack }) => {
  const local = isLocal(stack);
  const engine = recordedEngine(here);
  console.log(
    engine === undefined
      ? "Engine:    not chosen yet (`make up` or `make preview` does)"
      : `Engine:    pulumi ${engine.version}, ${IN_WORDS[engine.source]}`,
  );
  const busy = lockHolder(here.lock);
  if (busy !== undefined) console.log(`At work:   ${busy}`);
  const platform = local ? recordedPlatform(here) : undefined;
  if (local) {
    const services = platformServices(here);
    if (services.length === 0) console.log("Platform:  nothing is running");
    for (const line of await Promise.all(services.map(serviceLine))) console.log(line);
    if (platform?.cluster === "kind") console.log("Cluster:   kind (`kind get clusters`)");
    if (platform?.imageRegistry) console.log(`Registry:  ${platform.imageRegistry}`);
  }
  if (engine === undefined || (local && !existsSync(here.state))) return;
  const env = environment({ here, engine, isLocal: local, platform });
  const state = await stackState({ here, name: stack, engine, env });
  console.log(
    state === undefined
      ? `Stack:     there is no stack ${stack}`
      : `Stack:     ${stack} has ${state.resources} resources` +
          (state.pending.length > 0 ? `, ${state.pending.length} operations were cut off:` : ""),
  );
  for (const { doing, label } of state?.pending ?? []) console.log(`  ${doing} ${label}`);
};

async function serviceLine({ name, pid, port, health }: ServiceState): Promise<string> {
  const line = `  ${name.padEnd(24)} port ${port}`;
  if (pid === undefined) return `${line}  not running`;
  return `${line}  pid ${pid}  ${(await isHealthy(health)) ? "healthy" : "NOT HEALTHY"}`;
}
