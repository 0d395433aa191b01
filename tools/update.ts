import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Digest } from "./digest";
import type { Stack } from "./stack";
import { relay } from "./support/programs";
import { duration, say } from "./support/steps";
import { changesInPlace, progress } from "./support/terminal";

/**
 * Runs a command of pulumi that changes a stack, and prints a line for each thing that changes and
 * all that is said of it.
 * @param eventLog the file for the engine's events, which stays; by default none does
 * @returns pulumi's exit code
 */
export async function updateInShort(
  stack: Stack,
  args: readonly string[],
  eventLog?: string,
): Promise<number> {
  // Only this user can read it, and it does not outlive the command.
  const folder = mkdtempSync(join(tmpdir(), "groundwork-update-"));
  const path = eventLog ?? join(folder, "events.jsonl");
  writeFileSync(path, "");
  const events = new Tail(path);
  const digest = new Digest();
  const began = Date.now();
  const look = () => {
    for (const line of events.read()) {
      for (const text of digest.lines(JSON.parse(line) as EngineEvent)) say(text);
    }
    if (changesInPlace()) progress(`  ${duration(Date.now() - began)}: ${digest.now}`);
  };
  const looking = setInterval(look, 100);
  const printed: string[] = [];
  try {
    // The option is the one that the Automation API uses; the engine shows it to nobody else.
    const env = { ...stack.env, PULUMI_DEBUG_COMMANDS: "true" };
    const options = ["--stack", stack.name, "--non-interactive", "--color", "never"];
    const code = await relay(
      stack.engine.path,
      [...args, ...options, "--event-log", path],
      (line) => {
        printed.push(line);
        return undefined;
      },
      { cwd: stack.here.root, env },
    );
    look();
    // What goes wrong before the update begins is no event.
    if (code !== 0 && !digest.hasError) for (const line of printed) say(line);
    if (digest.summary !== undefined) say(`resources: ${digest.summary}`);
    return code;
  } finally {
    clearInterval(looking);
    look();
    progress(undefined);
    events.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The whole lines that were added to a file. */
class Tail {
  private readonly file: number;
  private readonly buffer = Buffer.alloc(64 * 1024);
  private rest = Buffer.alloc(0);

  constructor(path: string) {
    this.file = openSync(path, "r");
  }

  read(): string[] {
    for (let count = 1; count > 0; ) {
      count = readSync(this.file, this.buffer);
      this.rest = Buffer.concat([this.rest, this.buffer.subarray(0, count)]);
    }
    const end = this.rest.lastIndexOf("\n") + 1;
    const whole = this.rest.toString("utf8", 0, end);
    this.rest = this.rest.subarray(end);
    return whole.split("\n").filter((line) => line !== "");
  }

  close(): void {
    closeSync(this.file);
  }
}
