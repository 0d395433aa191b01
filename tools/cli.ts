import { resolve } from "node:path";
import { isLocal, localEnvironments } from "../config/environments";
import type { Command } from "./commands/command";
import { deploy } from "./commands/deploy";
import { dev } from "./commands/dev";
import { doctor } from "./commands/doctor";
import { down } from "./commands/down";
import { drift } from "./commands/drift";
import { engine } from "./commands/engine";
import { env } from "./commands/env";
import { environments } from "./commands/environments";
import { forward } from "./commands/forward";
import { integration } from "./commands/integration";
import { logs } from "./commands/logs";
import { newEnvironment } from "./commands/new-environment";
import { plan } from "./commands/plan";
import { preview } from "./commands/preview";
import { promote } from "./commands/promote";
import { recover } from "./commands/recover";
import { report } from "./commands/report";
import { reset } from "./commands/reset";
import { rollback } from "./commands/rollback";
import { scan } from "./commands/scan";
import { schema } from "./commands/schema";
import { status } from "./commands/status";
import { tryOrder } from "./commands/try";
import { up } from "./commands/up";
import { endLeftOvers, owner, STARTED_BY } from "./left-overs";
import { pointsAtLocalPlatform, withoutOwnTools } from "./platform/environment";
import { Failure } from "./support/failure";
import { fileFailure } from "./support/files";
import { watchForInterruption } from "./support/interruption";
import { layout } from "./support/layout";
import { takeLock } from "./support/lock";
import { merged } from "./support/programs";
import { unproxied } from "./support/proxy";

/** Commands that change something: one at a time in a working tree. */
const changing: Readonly<Record<string, Command>> = {
  up,
  dev,
  preview,
  report,
  plan,
  deploy,
  promote,
  drift,
  down,
  recover,
  rollback,
  reset,
  integration,
  engine,
  scan,
  schema,
  "new-environment": newEnvironment,
};

/** Commands that only look. */
const looking: Readonly<Record<string, Command>> = {
  try: tryOrder,
  forward,
  status,
  logs,
  doctor,
  env,
  environments,
};

async function main([name = "", ...args]: readonly string[]): Promise<void> {
  const command = changing[name] ?? looking[name];
  if (command === undefined) {
    const names = Object.keys({ ...changing, ...looking });
    throw new Failure(`"${name}" is no command.`, [`The commands: ${names.join(", ")}`]);
  }
  const here = layout(resolve(__dirname, ".."));
  const stack = process.env["STACK"] || localEnvironments()[0] || "";
  if (!isLocal(stack) && pointsAtLocalPlatform(here, process.env)) {
    throw new Failure(`This shell points at the local platform (make env), not at ${stack}.`, [
      "Use another shell.",
    ]);
  }
  process.env = merged({
    ...withoutOwnTools(here, process.env),
    ...unproxied(process.env),
    [STARTED_BY]: owner(here),
  });
  if (!(name in changing)) return command({ here, stack, args });
  const unlock = takeLock(here.lock, name);
  try {
    await endLeftOvers(here);
    await command({ here, stack, args });
  } finally {
    // An engine that was killed has left its plugins behind.
    await endLeftOvers(here);
    unlock();
  }
}

// `make logs | head` closes the pipe early: no reason to complain.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
watchForInterruption();
main(process.argv.slice(2)).catch((error: unknown) => {
  const failure = error instanceof Failure ? error : fileFailure(error);
  if (failure !== undefined) {
    console.error(["", failure.message, ...failure.next].join("\n"));
    process.exitCode = failure.exitCode;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
});
