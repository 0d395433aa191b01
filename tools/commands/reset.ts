import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isLocal } from "../../config/environments";
import { removePlatform } from "../platform/platform";
import { Failure } from "../support/failure";
import { runSteps } from "../support/steps";
import type { Command } from "./command";

/** `make reset`: throws the local platform and the local stacks' states away without asking pulumi. */
export const reset: Command = async ({ here, stack }) => {
  if (!isLocal(stack)) {
    throw new Failure("`make reset` is for local stacks alone.", [
      `The stack ${stack} has real resources: \`make down STACK=${stack}\` destroys them.`,
    ]);
  }
  await runSteps([
    { title: "Stopping the local platform", run: () => removePlatform(here) },
    {
      title: "Removing the local stacks' states",
      run: async () => {
        // What took minutes to install stays: bin, pulumi and venv-moto.
        const notes = readdirSync(here.home).filter((name) =>
          /^(forgotten$|events-|in-doubt-)/.test(name),
        );
        for (const path of [
          ...[here.state, here.engineRecord, here.ports, here.assets],
          ...notes.map((name) => join(here.home, name)),
        ]) {
          rmSync(path, { recursive: true, force: true });
        }
      },
    },
  ]);
  console.log("The next `make up` begins from nothing, without installing anything again.");
};
