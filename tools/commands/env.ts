import { isLocal } from "../../config/environments";
import { recordedEngine } from "../engine/engine";
import { environment, shellLines } from "../platform/environment";
import { recordedPlatform } from "../platform/platform";
import { Failure } from "../support/failure";
import type { Command } from "./command";

/**
 * `make env`: lines for `eval "$(make -s env)"`, to use pulumi, kubectl and aws by hand. Without a
 * running platform they are for pulumi alone, to change the config.
 */
export const env: Command = async ({ here, stack }) => {
  const engine = recordedEngine(here);
  if (engine === undefined) {
    throw new Failure("There is no engine yet.", [
      "`make up` gets one, and `make engine` that alone.",
    ]);
  }
  const local = isLocal(stack);
  const platform = local ? recordedPlatform(here) : undefined;
  if (local && platform === undefined) {
    console.error(
      "The local platform does not run: this is for pulumi alone. `make up` starts it.",
    );
  }
  console.log(
    shellLines(environment({ here, engine, isLocal: local, ...(platform && { platform }) })).join(
      "\n",
    ),
  );
};
