import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Preparation } from "../preparation";
import { renderReport } from "../report/report";
import { pulumiQuietly, type Stack } from "../stack";
import { Failure } from "../support/failure";
import { writeText } from "../support/files";
import { runSteps, say } from "../support/steps";
import type { Command } from "./command";
import { policyPack, refreshOptions } from "./up";

/** `make report`: a preview as Markdown, for a pull request. */
export const report: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  const path = join(here.home, `report-${stack}.md`);
  await runSteps([
    ...prepared.everything(),
    {
      title: "Preview",
      about: "about 10 s",
      run: async () => {
        const { events, failed } = await preview(prepared.stack, [
          ...refreshOptions(prepared),
          ...args,
        ]);
        const logUrl = process.env["REPORT_LOG_URL"];
        writeText(path, renderReport(events, { stack, ...(logUrl && { logUrl }) }));
        say(`report: ${path}`);
        if (failed !== undefined) throw new Failure("The preview failed:", [failed]);
      },
    },
  ]);
};

/** Runs a preview and gives what the engine said of it, also when it failed. */
async function preview(stack: Stack, args: readonly string[]) {
  // The raw log holds the SDK's debug lines, which are not for others to read.
  const folder = mkdtempSync(join(tmpdir(), "groundwork-events-"));
  const log = join(folder, "events.jsonl");
  try {
    // The option is the one that the Automation API uses; the engine shows it to nobody else.
    const env = { ...stack.env, PULUMI_DEBUG_COMMANDS: "true" };
    const options = ["preview", ...policyPack, "--stack", stack.name, "--event-log", log, ...args];
    const { code, stdout, stderr } = await pulumiQuietly({ ...stack, env }, options);
    const events = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as EngineEvent);
    return { events, failed: code === 0 ? undefined : `${stdout}${stderr}`.trim() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
