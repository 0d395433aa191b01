import { init } from "../../config/mending";
import { ending } from "../ending";
import { stateInWords, updateLocal } from "../local-update";
import { emulatedFunctions, remarks } from "../platform/functions";
import { removeOldImages } from "../platform/old-images";
import { platformServices, recordedPlatform } from "../platform/platform";
import { isHealthy } from "../platform/services";
import { Preparation } from "../preparation";
import { podsOfFailedRollouts } from "../rollouts";
import { exportStack, type Stack, update } from "../stack";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";
import { runSteps } from "../support/steps";
import { target } from "../support/target";
import { print, printWrapped } from "../support/terminal";
import { updateInShort } from "../update";
import type { Command } from "./command";

/** `make up`: everything from nothing to a running stack; again, what has changed. */
export const up: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  if (!prepared.isLocal) {
    await runSteps([...prepared.everything(), prepared.refuseCutOff()]);
    // On a real account pulumi asks before it changes anything.
    const { code, gone } = await update(prepared.stack, ["up", ...policyPack, ...args]);
    if (code !== 0) {
      throw cloudFailure("update", stack, [
        ...(await podsOfFailedRollouts(prepared.stack)),
        ...goneInWords(stack, "up", gone),
      ]);
    }
    return;
  }
  await runSteps([
    ...prepared.everything(),
    {
      title: "pulumi up",
      about: "about 1 min the first time",
      run: () => updateLocally(prepared.stack, args),
    },
  ]);
  await refuseUnhealthy(here);
  const platform = recordedPlatform(here);
  const state = await exportStack(prepared.stack);
  if (platform === undefined || state === undefined) throw new Error("the update left no record");
  if (platform.imageRegistry !== undefined) await removeOldImages(here, platform.imageRegistry);
  const functions = platform.ownEmulator ? await emulatedFunctions(platform.awsEndpoint) : [];
  print("");
  for (const line of ending(state, platform, stack, remarks(functions))) printWrapped(line);
};

/** Updates a local stack without questions; with options for pulumi, in pulumi's own words. */
export async function updateLocally(stack: Stack, args: readonly string[]): Promise<void> {
  // What was deleted by hand is made again, too.
  const options = ["up", "--yes", "--skip-preview", "--refresh", ...args];
  const inShort: typeof update = (each, all) =>
    update(each, all, (_, within, path) => updateInShort(within, all, path));
  const found = await updateLocal(stack, options, args.length === 0 ? inShort : update);
  if (found.code === 0) return;
  throw updateFailure(stack.name, [
    ...(await podsOfFailedRollouts(stack)),
    "The local platform is running.",
    ...stateInWords(stack, found),
  ]);
}

/** Has pulumi ask the rules in policy/, which advise in local environments and bind in others. */
export const policyPack: readonly string[] = ["--policy-pack", "policy"];

/** What to tell when pulumi fails on a stack in the cloud. */
export function cloudFailure(
  what: string,
  stack: string,
  reasons: readonly string[] = [],
): Failure {
  return new Failure(`The ${what} did not finish (see above).`, [
    ...reasons,
    `If there is no stack ${stack} yet: pulumi login, then`,
    init(stack),
    "For all else docs/runbooks/ says what to do.",
  ]);
}

/** What to do about what someone has deleted, where nothing is tried without asking. */
export function goneInWords(stack: string, command: string, gone: readonly string[]): string[] {
  if (gone.length === 0) return [];
  return [
    "Something is gone that the state has. To look at what is there first:",
    `${target(command, stack)} ARGS=--refresh`,
  ];
}

function updateFailure(stack: string, reasons: readonly string[]): Failure {
  return new Failure("The update did not finish (see above).", [
    ...reasons,
    `Mend the cause, then \`${target("up", stack)}\` goes on from there.`,
    `\`make logs\` shows the platform's logs, \`${target("down", stack)}\` takes everything away.`,
  ]);
}

/** An update may be done while a part of the platform has ended. */
async function refuseUnhealthy(here: Layout): Promise<void> {
  const services = platformServices(here);
  const healthy = await Promise.all(services.map(({ health }) => isHealthy(health)));
  const names = services.filter((_, index) => !healthy[index]).map(({ name }) => name);
  if (names.length === 0) return;
  throw new Failure(`The stack is up to date, but ${names.join(" and ")} does not answer.`, [
    ...names.map((name) => `\`make logs SERVICE=${name}\` shows its log.`),
    "`make up` starts it again.",
  ]);
}
