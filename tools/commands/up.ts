import { init } from "../../config/mending";
import { recordedPlatform } from "../platform/platform";
import { Preparation } from "../preparation";
import { podsOfFailedRollouts } from "../rollouts";
import { pulumi, update } from "../stack";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";
import { runSteps } from "../support/steps";
import { target } from "../support/target";
import { stateInWords, updateLocal } from "../local-update";
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
      run: async () => {
        // What was deleted by hand is made again, too.
        const options = ["--yes", "--skip-preview", "--refresh", ...args];
        const found = await updateLocal(prepared.stack, ["up", ...options]);
        if (found.code === 0) return;
        throw updateFailure(stack, [
          ...(await podsOfFailedRollouts(prepared.stack)),
          "The local platform is running.",
          ...stateInWords(prepared.stack, found),
        ]);
      },
    },
  ]);
  await pulumi(prepared.stack, ["stack", "output"]);
  console.log(whereThingsAre(here, stack));
};

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

function whereThingsAre(here: Layout, stack: string): string {
  const platform = recordedPlatform(here);
  if (platform === undefined) return "";
  return [
    "",
    "Everything is up. To look at it by hand:",
    `  eval "$(${target("-s env", stack)})"`,
    ...(platform.kubeconfig === undefined ? [] : ["  kubectl get pods --all-namespaces"]),
    "  aws lambda list-functions",
    platform.imageRegistry === undefined
      ? "Images were taken by reference (no container engine runs here)."
      : `Images were built here and pushed to ${platform.imageRegistry}.`,
    `\`${target("preview", stack)}\` shows what a change would do, \`${target("down", stack)}\` takes everything away.`,
  ].join("\n");
}
