import { Preparation } from "../preparation";
import { pulumi } from "../stack";
import { Failure } from "../support/failure";
import { runSteps } from "../support/steps";
import type { Command } from "./command";
import { cloudFailure, policyPack } from "./up";

/** `make preview`: what `make up` would change. */
export const preview: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  await runSteps(prepared.everything());
  const code = await pulumi(prepared.stack, ["preview", ...policyPack, ...args]);
  if (code === 0) return;
  throw prepared.isLocal
    ? new Failure("The preview did not finish (see above).", ["Nothing was changed."])
    : cloudFailure("preview", stack);
};
