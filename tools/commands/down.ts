import { existsSync } from "node:fs";
import { removePlatform } from "../platform/platform";
import { Preparation } from "../preparation";
import { clearStaleLocks, pulumi, stackState } from "../stack";
import { Failure } from "../support/failure";
import { onlyIf, runSteps, say } from "../support/steps";
import type { Command } from "./command";
import { cloudFailure } from "./up";

/** `make down`: destroys what the stack has made, then stops the platform. */
export const down: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  if (!prepared.isLocal) {
    await runSteps([prepared.getEngine()]);
    const code = await pulumi(prepared.stack, ["destroy", ...args]);
    if (code !== 0) throw cloudFailure("destruction", stack);
    return;
  }
  const hasState = () => existsSync(here.state);
  let resources = 0;
  await runSteps([
    onlyIf(hasState, prepared.getEngine()),
    onlyIf(hasState, {
      title: `Stack ${stack}`,
      run: async () => {
        resources = (await stackState(prepared.stack))?.resources ?? 0;
        say(`it has ${resources} resources`);
        if (resources > 0) await clearStaleLocks(prepared.stack);
      },
    }),
    // A cluster or emulator of the user's own keeps what isn't destroyed. So pulumi is asked in any
    // case, and needs the platform for it.
    onlyIf(() => resources > 0, prepared.startPlatform()),
    onlyIf(() => resources > 0, {
      title: "pulumi destroy",
      run: async () => {
        const options = [
          "--yes",
          "--skip-preview",
          ...(prepared.needsRefresh ? ["--refresh"] : []),
          ...args,
        ];
        if ((await pulumi(prepared.stack, ["destroy", ...options])) !== 0) throw destroyFailure();
      },
    }),
    { title: "Stopping the local platform", run: () => removePlatform(here) },
  ]);
};

function destroyFailure(): Failure {
  return new Failure("Not everything was destroyed (see above).", [
    "The local platform is still running. `make down` tries again; `make reset` throws the",
    "platform and the stack's state away without asking pulumi.",
  ]);
}
