import { keys } from "../../config/keys";
import { Preparation } from "../preparation";
import { useCredentials } from "../recorded";
import { findFunction, goBack } from "../rollback";
import { exportStack, pulumi, type Stack } from "../stack";
import { Failure } from "../support/failure";
import { runSteps, say } from "../support/steps";
import type { Command } from "./command";

/** `make rollback`: moves the calls of a function to an earlier version at once, and holds it. */
export const rollback: Command = async ({ here, stack, args }) => {
  const [name = "", wanted = ""] = args;
  const prepared = new Preparation(here, stack);
  await runSteps([
    ...prepared.everything(),
    {
      title: `Rollback of ${name}`,
      run: async () => {
        const state = await exportStack(prepared.stack);
        if (state === undefined) throw new Failure(`There is no stack ${stack}.`);
        const released = findFunction(state, name);
        useCredentials(prepared.stack);
        await hold(prepared.stack, name, await goBack(released, wanted));
      },
    },
  ]);
};

/** Has the next update leave it so, where the config can say that. */
async function hold(stack: Stack, name: string, version: string): Promise<void> {
  const key = `${name}Version`;
  if (!Object.hasOwn(keys, key)) {
    say(
      "The next update with --refresh moves it forward again: take the change back in git first.",
    );
    return;
  }
  const setting = ["config", "set", "--stack", stack.name, key, version];
  if ((await pulumi(stack, setting)) !== 0) {
    throw new Failure(`${key} could not be set.`, [`pulumi ${setting.join(" ")}`]);
  }
  say(`Pulumi.${stack.name}.yaml holds it by ${key}: commit that, or the next deployment moves it`);
  say(`forward again. When the code is mended: pulumi config rm --stack ${stack.name} ${key}`);
}
