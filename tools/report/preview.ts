import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { pulumiQuietly, type Stack } from "../stack";
import { readText } from "../support/files";

/** What came of a preview, also of one that failed. */
export interface Preview {
  /** What the engine said of it, in its own form. */
  readonly events: readonly EngineEvent[];
  /** What pulumi printed. */
  readonly log: string;
  /** Whether pulumi ended with an error. */
  readonly failed: boolean;
}

/**
 * Runs a command of pulumi that changes nothing.
 * @param args the command with its options, like `["preview", "--refresh"]`
 */
export async function preview(stack: Stack, args: readonly string[]): Promise<Preview> {
  // The raw log holds the SDK's debug lines, which are not for others to read.
  const folder = mkdtempSync(join(tmpdir(), "groundwork-events-"));
  const eventLog = join(folder, "events.jsonl");
  try {
    // The option is the one that the Automation API uses; the engine shows it to nobody else.
    const env = { ...stack.env, PULUMI_DEBUG_COMMANDS: "true" };
    const options = ["--stack", stack.name, "--diff", "--color", "never", "--event-log", eventLog];
    const { code, stdout, stderr } = await pulumiQuietly({ ...stack, env }, [...args, ...options]);
    return {
      events: readEvents(eventLog),
      log: `${stdout}${stderr}`.trim(),
      failed: code !== 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the engine wrote: nothing, when it did not come to run the program. */
function readEvents(path: string): readonly EngineEvent[] {
  return (readText(path) ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
}
