import { join } from "node:path";
import { localEnvironments } from "../../config/environments";
import { recordedPlatform, removePlatform } from "../platform/platform";
import { Preparation } from "../preparation";
import { Failure } from "../support/failure";
import { attach } from "../support/programs";
import { runSteps } from "../support/steps";
import type { Command } from "./command";

/** `make integration`: the tests that drive the real engine, on the local platform. */
export const integration: Command = async ({ here, args }) => {
  const wasUp = recordedPlatform(here) !== undefined;
  const prepared = new Preparation(here, localEnvironments()[0] ?? "");
  try {
    await runSteps([
      prepared.getEngine(),
      prepared.startPlatform(),
      {
        title: "Integration tests",
        run: async () => {
          const jest = join(here.root, "node_modules", ".bin", "jest");
          const options = ["--runInBand", ...args, "--selectProjects", "integration"];
          const { env } = prepared.stack;
          if ((await attach(jest, options, { cwd: here.root, env })) !== 0) {
            throw new Failure("The integration tests failed (see above).", [
              "`make logs` shows the platform's logs.",
            ]);
          }
        },
      },
    ]);
  } finally {
    // A platform that was there for the user's own stack stays.
    if (!wasUp) await removePlatform(here);
  }
};
