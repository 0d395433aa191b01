import { init } from "../../config/mending";
import { emulatedFunctions, type Remarks, remarks } from "../platform/functions";
import { limitLines } from "../platform/limits";
import { recordedPlatform } from "../platform/platform";
import { Preparation } from "../preparation";
import { podsOfFailedRollouts } from "../rollouts";
import { exportStack, pulumi } from "../stack";
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
      run: async () => {
        const options = ["--yes", "--skip-preview", ...args];
        if ((await pulumi(prepared.stack, ["up", ...options])) === 0) return;
        throw updateFailure(stack, await podsOfFailedRollouts(prepared.stack));
      },
    },
  ]);
  await pulumi(prepared.stack, ["stack", "output"]);
  for (const line of limitLines((await exportStack(prepared.stack)) ?? {})) console.log(line);
  console.log(whereThingsAre(here, stack, await functionsHere(here)));
};

/** How the functions run on this machine. */
async function functionsHere(here: Layout): Promise<Remarks> {
  const platform = recordedPlatform(here);
  return remarks(platform?.ownEmulator ? await emulatedFunctions(platform.awsEndpoint) : []);
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

function whereThingsAre(here: Layout, stack: string, { failing, different }: Remarks): string {
  const platform = recordedPlatform(here);
  if (platform === undefined) return "";
  return [
    "",
    ...different,
    ...(failing.length === 0
      ? ["Everything is up. To look at it by hand:"]
      : [
          "All is made, but not all can run on this machine. Calls of these functions fail:",
          ...failing,
          "To look at the rest by hand:",
        ]),
    `  eval "$(${target("-s env", stack)})"`,
    ...(platform.kubeconfig === undefined ? [] : ["  kubectl get pods --all-namespaces"]),
    "  aws lambda list-functions",
    platform.imageRegistry === undefined
      ? "Images were taken by reference (no container engine runs here)."
      : `Images were built here and pushed to ${platform.imageRegistry}.`,
    `\`${target("preview", stack)}\` shows what a change would do, \`${target("down", stack)}\` takes everything away.`,
  ].join("\n");
}
