import { Preparation } from "../preparation";
import { createStack } from "../stack";
import { runSteps } from "../support/steps";
import type { Command } from "./command";

/** `make engine`: gets the engine and its plugins, and makes the local stack, to change its config. */
export const engine: Command = async ({ here, stack }) => {
  const prepared = new Preparation(here, stack);
  await runSteps([prepared.getEngine()]);
  if (prepared.isLocal) await createStack(prepared.stack);
};
