import { join } from "node:path";
import { provideScanner, type Scanner, scanners } from "../scanners";
import { Failure } from "../support/failure";
import { attach } from "../support/programs";
import { runSteps, say } from "../support/steps";
import type { Command } from "./command";

/**
 * `make scan`: holds the Kubernetes manifests that the components make against every scanner that
 * can be had here.
 */
export const scan: Command = async ({ here, args }) => {
  const ran: Scanner[] = [];
  await runSteps(
    scanners.map((scanner) => ({
      title: scanner.name,
      run: async () => {
        const program = await provideScanner(here, scanner).catch(leaveOut);
        if (program === undefined) return;
        ran.push(scanner);
        const jest = join(here.root, "node_modules", ".bin", "jest");
        const options = [...args, "--testPathPatterns", scanner.name, "--selectProjects", "scan"];
        const env = { [scanner.name.toUpperCase().replace("-", "_")]: program };
        if ((await attach(jest, options, { cwd: here.root, env })) !== 0) {
          throw new Failure(`${scanner.name} has found something (see above).`);
        }
      },
    })),
  );
  if (ran.length === 0) throw new Failure("Nothing was scanned: no scanner can be had here.");
};

/** Says why a scanner can't be had, and goes on without it. */
function leaveOut(error: unknown): undefined {
  if (!(error instanceof Failure)) throw error;
  for (const line of [`LEFT OUT: ${error.message}`, ...error.next]) say(line);
}
