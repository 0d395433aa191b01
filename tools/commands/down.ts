import { existsSync } from "node:fs";
import { set } from "../../config/mending";
import { updateLocal } from "../local-update";
import { removePlatform } from "../platform/platform";
import { forgottenInWords, Preparation } from "../preparation";
import { type StackState, stackState, stacksInUse, update } from "../stack";
import { Failure } from "../support/failure";
import { onlyIf, runSteps, say } from "../support/steps";
import { target } from "../support/target";
import type { Command } from "./command";
import { cloudFailure, goneInWords } from "./up";

/**
 * `make down`: destroys what the stack has made, then stops the platform, unless another local stack
 * has resources on it.
 */
export const down: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  if (!prepared.isLocal) {
    await runSteps([prepared.getEngine()]);
    refuseIfProtected(stack, await stackState(prepared.stack));
    const { code, gone } = await update(prepared.stack, ["destroy", ...args]);
    if (code !== 0) throw cloudFailure("destruction", stack, goneInWords(stack, "down", gone));
    return;
  }
  const hasState = () => existsSync(here.state);
  let resources = 0;
  await runSteps([
    onlyIf(hasState, prepared.getEngine()),
    onlyIf(hasState, {
      title: `Stack ${stack}`,
      run: async () => {
        const state = await stackState(prepared.stack);
        resources = state?.resources ?? 0;
        say(`it has ${resources} resources`);
        for (const line of forgottenInWords(here, stack)) say(line);
        refuseIfProtected(stack, state);
      },
    }),
    // A cluster or emulator of the user's own keeps what isn't destroyed. So pulumi is asked in any
    // case, and needs the platform for it.
    onlyIf(() => resources > 0, prepared.startPlatform(false)),
    onlyIf(() => resources > 0, prepared.readyStack()),
    onlyIf(() => resources > 0, {
      title: "pulumi destroy",
      run: async () => {
        const options = ["--yes", "--skip-preview", ...args];
        if ((await updateLocal(prepared.stack, ["destroy", ...options])).code !== 0)
          throw destroyFailure(stack);
      },
    }),
    {
      title: "Stopping the local platform",
      run: async () => {
        const others = hasState() ? await stacksInUse(prepared.stack) : [];
        if (others.length === 0) await removePlatform(here);
        else say(`it stays: ${others.join(" and ")} still uses it`);
      },
    },
  ]);
};

/** Pulumi itself would destroy everything else before it comes to what is protected. */
function refuseIfProtected(stack: string, state: StackState | undefined): void {
  const names = [...new Set(state?.protected)];
  if (names.length === 0) return;
  throw new Failure(`The stack ${stack} is protected: ${names.join(", ")}.`, [
    "Nothing was destroyed. If all of it, with its data, is to go:",
    set(stack, "deletionProtection", "false"),
    target("up", stack),
    target("down", stack),
  ]);
}

function destroyFailure(stack: string): Failure {
  return new Failure("Not everything was destroyed (see above).", [
    `The local platform is still running. \`${target("down", stack)}\` tries again; \`make reset\``,
    "throws the platform and the local stacks' states away without asking pulumi.",
  ]);
}
