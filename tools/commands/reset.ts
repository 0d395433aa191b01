import { rmSync } from "node:fs";
import { removePlatform } from "../platform/platform";
import { LOCAL_STACK } from "../preparation";
import { Failure } from "../support/failure";
import { runSteps } from "../support/steps";
import type { Command } from "./command";

/** `make reset`: throws the local platform and the dev stack's state away without asking pulumi. */
export const reset: Command = async ({ here, stack }) => {
  if (stack !== LOCAL_STACK) {
    throw new Failure(`\`make reset\` is for the stack ${LOCAL_STACK} alone.`, [
      `The stack ${stack} has real resources: \`make down STACK=${stack}\` destroys them.`,
    ]);
  }
  await runSteps([
    { title: "Stopping the local platform", run: () => removePlatform(here) },
    {
      title: "Removing the stack's state",
      run: async () => {
        // What took minutes to install stays: bin, pulumi and venv-moto.
        for (const path of [here.state, here.engineRecord, here.ports, here.assets]) {
          rmSync(path, { recursive: true, force: true });
        }
      },
    },
  ]);
  console.log("The next `make up` begins from nothing, without installing anything again.");
};
