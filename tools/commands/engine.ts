import { Preparation } from "../preparation";
import { runSteps } from "../support/steps";
import type { Command } from "./command";

/** `make engine`: gets the engine and its plugins, and nothing else. */
export const engine: Command = async ({ here, stack }) => {
  await runSteps([new Preparation(here, stack).getEngine()]);
};
