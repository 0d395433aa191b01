import { rmSync } from "node:fs";
import { againstReality, planPath } from "../deployment";
import { say } from "../support/steps";
import type { Command } from "./command";
import { report } from "./report";

/** `make plan`: a report to approve, and the plan that `make deploy` then keeps to. */
export const plan: Command = async (context) => {
  const path = planPath(context.here, context.stack);
  // The engine writes none when the preview fails.
  rmSync(path, { force: true });
  const args = [...againstReality, "--save-plan", path, ...context.args];
  await report({ ...context, args });
  say(`plan:   ${path}`);
};
