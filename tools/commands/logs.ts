import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { platformServices } from "../platform/platform";
import { Failure } from "../support/failure";
import { interruption } from "../support/interruption";
import type { Layout } from "../support/layout";
import { attach, lastLines } from "../support/programs";
import type { Command } from "./command";
import { functionLogs } from "./function-logs";

/**
 * `make logs`: the end of every log; `make logs SERVICE=moto` or `make logs FUNCTION=archive`: one
 * log, followed on a terminal.
 */
export const logs: Command = async (context) => {
  const { here, args } = context;
  const [service, name] = args;
  if (name) return functionLogs(context, name);
  const files = logFiles(here);
  if (!service) {
    if (files.size === 0) console.log("There are no logs yet.");
    for (const [name, path] of files) {
      console.log(`== ${name} (${path})`);
      for (const line of lastLines(path, 5)) console.log(line);
    }
    return;
  }
  const path = files.get(service);
  if (path === undefined) {
    throw new Failure(`There is no log of ${service}.`, [
      `There are: ${[...files.keys()].join(", ")}`,
    ]);
  }
  const follow = process.stdout.isTTY ? ["-f"] : [];
  // Ctrl-C is the way to stop following, no failure.
  await attach("tail", ["-n", "100", ...follow, path]).catch((error) => {
    if (!interruption.aborted) throw error;
  });
};

function logFiles(here: Layout): Map<string, string> {
  const files = new Map(platformServices(here).map(({ name, log }) => [name, log]));
  try {
    for (const file of readdirSync(here.logs).sort()) {
      const name = basename(file, ".log");
      if (!files.has(name)) files.set(name, join(here.logs, file));
    }
  } catch {
    // Nothing was ever installed or started here.
  }
  return files;
}
