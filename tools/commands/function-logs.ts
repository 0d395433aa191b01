import { isLocal } from "../../config/environments";
import { recordedEngine } from "../engine/engine";
import { type LogLine, logLines, namedFunction, stackFunctions } from "../function-logs";
import { environment } from "../platform/environment";
import { emulatorRuns, recordedPlatform } from "../platform/platform";
import { exportStack } from "../stack";
import { Failure, Interrupted } from "../support/failure";
import { pause } from "../support/interruption";
import { target } from "../support/target";
import type { Context } from "./command";

const SHOWN_LINES = 100;

/** `make logs FUNCTION=archive`: the end of a function's log, followed on a terminal. */
export async function functionLogs({ here, stack }: Context, name: string): Promise<void> {
  const engine = recordedEngine(here);
  const platform = recordedPlatform(here);
  if (!isLocal(stack)) {
    throw new Failure(`The logs of ${stack} are in its account.`, [
      "aws logs tail /aws/lambda/NAME --follow",
    ]);
  }
  if (engine === undefined || platform === undefined || !emulatorRuns(here)) {
    throw new Failure("The local platform does not run.", [
      `\`${target("up", stack)}\` starts it.`,
    ]);
  }
  const env = environment({ here, engine, isLocal: true, platform });
  const state = await exportStack({ here, name: stack, engine, env });
  const { logGroup } = namedFunction(stackFunctions(state ?? {}), name);
  const lines = await logLines(env, logGroup, 0);
  if (lines.length === 0) console.log(`Nothing has called ${name} yet.`);
  for (const line of lines.slice(-SHOWN_LINES)) console.log(shown(line));
  if (process.stdout.isTTY) await follow(() => logLines(env, logGroup, lastTime(lines)), lines);
}

/** Prints what is new, until Ctrl-C, which is the way to stop and no failure. */
async function follow(
  read: () => Promise<readonly LogLine[]>,
  known: readonly LogLine[],
): Promise<void> {
  const seen = new Set(known.map(({ eventId }) => eventId));
  try {
    for (;;) {
      for (const line of await read()) {
        if (!seen.has(line.eventId)) console.log(shown(line));
        seen.add(line.eventId);
      }
      await pause(500);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

function lastTime(lines: readonly LogLine[]): number {
  return lines.at(-1)?.timestamp ?? 0;
}

function shown({ timestamp, message }: LogLine): string {
  return `${new Date(timestamp).toISOString().slice(11, 23)} ${message.trimEnd()}`;
}
