import { init } from "../../config/mending";
import { recordedPlatform } from "../platform/platform";
import { Preparation } from "../preparation";
import { podsOfFailedRollouts } from "../rollouts";
import { pulumi, type Stack } from "../stack";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";
import { runSteps } from "../support/steps";
import { target } from "../support/target";
import type { Command } from "./command";

/** `make up`: everything from nothing to a running stack; again, what has changed. */
export const up: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  if (!prepared.isLocal) {
    await runSteps([...prepared.everything(), prepared.refuseCutOff()]);
    // On a real account pulumi asks before it changes anything.
    const code = await pulumi(prepared.stack, ["up", ...policyPack, ...args]);
    if (code !== 0) {
      throw cloudFailure("update", stack, await podsOfFailedRollouts(prepared.stack));
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
  await pulumi(prepared.stack, ["stack", "output"]);
  console.log(whereThingsAre(here, stack));
};

/** Updates a local stack without questions. */
export async function updateLocally(stack: Stack, args: readonly string[]): Promise<void> {
  const options = ["--yes", "--skip-preview", ...args];
  if ((await pulumi(stack, ["up", ...options])) === 0) return;
  throw updateFailure(stack.name, await podsOfFailedRollouts(stack));
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

function updateFailure(stack: string, reasons: readonly string[]): Failure {
  return new Failure("The update did not finish (see above).", [
    ...reasons,
    "The local platform is running, and what was made is in the stack's state.",
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
