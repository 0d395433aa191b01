import { isLocal } from "../config/environments";
import { recordedEngine } from "./engine/engine";
import { environment } from "./platform/environment";
import { type Platform, recordedPlatform } from "./platform/platform";
import type { Stack } from "./stack";
import { Failure } from "./support/failure";
import type { Layout } from "./support/layout";
import { target } from "./support/target";

/** A stack as the last command has left it, for commands that start nothing. */
export interface RecordedStack extends Stack {
  /** The local platform; absent for stacks in the cloud. */
  readonly platform: Platform | undefined;
}

/**
 * Gives a stack without starting anything.
 * @throws {Failure} when there is no engine yet, or no platform for a local stack
 */
export function recordedStack(here: Layout, name: string): RecordedStack {
  const local = isLocal(name);
  const engine = recordedEngine(here);
  const platform = local ? recordedPlatform(here) : undefined;
  if (local && (engine === undefined || platform === undefined)) {
    throw new Failure(`The local platform does not run.`, [`\`${target("up", name)}\` starts it.`]);
  }
  if (engine === undefined) {
    throw new Failure("There is no engine yet.", [`\`${target("engine", name)}\` gets one.`]);
  }
  const env = environment({ here, engine, isLocal: local, platform });
  return { here, name, engine, env, platform };
}

/** Points the clients of AWS in this process at the stack's account or emulator. */
export function useCredentials({ env }: Stack): void {
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith("AWS_")) continue;
    if (value === undefined) delete process.env[variable];
    else process.env[variable] = value;
  }
  // The clients would warn of Node.js 20, which is old enough to be warned of elsewhere.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
}
