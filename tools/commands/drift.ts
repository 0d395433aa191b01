import { join } from "node:path";
import { renderDrift } from "../drift";
import { forgottenResources } from "../platform/losses";
import { Preparation } from "../preparation";
import { preview } from "../report/preview";
import { Failure } from "../support/failure";
import { writeText } from "../support/files";
import { runSteps, say } from "../support/steps";
import type { Command } from "./command";

/**
 * `make drift`: whether everything is still as it was deployed. Drift is no failure: its report is
 * empty when there is none. The command fails only if it could not look.
 */
export const drift: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  const path = join(here.home, `drift-${stack}.md`);
  await runSteps([
    ...prepared.everything(),
    {
      title: "Drift",
      about: "about 10 s",
      run: async () => {
        // Not --expect-no-changes: older engines end with the same code for any error.
        const { events, log, failed } = await preview(prepared.stack, [
          "refresh",
          "--preview-only",
          ...args,
        ]);
        if (failed) throw new Failure(`Nobody knows whether ${stack} has drifted:`, [log]);
        const found = renderDrift(events, stack, forgottenResources(here, stack));
        writeText(path, found);
        console.log(found === "" ? `${stack} is as it was deployed.` : found);
        say(`report: ${path}`);
      },
    },
  ]);
};
