import { againstReality, DeviationFilter, plannedAt, planPath } from "../deployment";
import { stateInWords } from "../local-update";
import { noteWhole } from "../platform/losses";
import { Preparation } from "../preparation";
import { podsOfFailedRollouts } from "../rollouts";
import { type Stack, stackState, update } from "../stack";
import { Failure } from "../support/failure";
import { relay } from "../support/programs";
import { runSteps } from "../support/steps";
import type { Command } from "./command";
import { policyPack } from "./up";

/** `make deploy`: does what `make plan` has planned, and nothing else. Asks no questions. */
export const deploy: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  const path = planPath(here, stack);
  await runSteps([
    ...prepared.everything(),
    prepared.refuseCutOff(),
    { title: "Plan", about: path, run: () => checkPlan(prepared.stack, path) },
    {
      title: "pulumi up",
      run: () => keepTo(prepared.stack, ["--plan", path, ...againstReality, ...args]),
    },
  ]);
};

/** A plan says what to do to the stack as it was; someone may have changed it since. */
async function checkPlan(stack: Stack, path: string): Promise<void> {
  const next = [`\`make plan STACK=${stack.name}\` makes one.`];
  const planned = plannedAt(path);
  if (planned === undefined) throw new Failure(`There is no plan at ${path}.`, next);
  const changed = (await stackState(stack))?.changed;
  if (changed === undefined || changed < planned) return;
  throw new Failure(
    `The stack ${stack.name} was changed at ${changed.toISOString()}, after the plan was made.`,
    ["Nothing was done.", ...next],
  );
}

/** The engine previews with the plan first, so that most deviations are found in time. */
async function keepTo(stack: Stack, options: readonly string[]) {
  const always = ["up", "--yes", "--non-interactive", ...policyPack];
  const filter = new DeviationFilter();
  const found = await update(stack, [...always, ...options], (all, { engine, here, env }) =>
    relay(engine.path, all, filter.edit, { cwd: here.root, env }),
  );
  if (found.code === 0) return noteWhole(stack.here, stack.name);
  if (!filter.deviates) {
    throw new Failure("The update did not finish (see above).", [
      ...(await podsOfFailedRollouts(stack)),
      ...stateInWords(stack, found),
      "Mend the cause, then plan and deploy again.",
    ]);
  }
  throw new Failure("The update would do something that is not in its plan (see above).", [
    filter.inTime ? "Nothing was changed." : "It was stopped there; what came before was done.",
    `\`make plan STACK=${stack.name}\` shows what would be done now.`,
  ]);
}
