import { recordedEngine } from "../engine/engine";
import { environment, shellLines } from "../platform/environment";
import { recordedPlatform } from "../platform/platform";
import { LOCAL_STACK } from "../preparation";
import { Failure } from "../support/failure";
import type { Command } from "./command";

/** `make env`: lines for `eval "$(make -s env)"`, to use pulumi, kubectl and aws by hand. */
export const env: Command = async ({ here, stack }) => {
  const engine = recordedEngine(here);
  const isLocal = stack === LOCAL_STACK;
  const platform = isLocal ? recordedPlatform(here) : undefined;
  if (engine === undefined || (isLocal && platform === undefined)) {
    throw new Failure("There is no platform to point at yet.", ["`make up` starts it."]);
  }
  console.log(shellLines(environment({ here, engine, isLocal, platform })).join("\n"));
};
