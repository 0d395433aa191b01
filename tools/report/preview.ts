import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { pulumiQuietly, type Stack } from "../stack";
import { readText } from "../support/files";
import { type Leak, leaksIn } from "./leaks";
import { type Registration, registrationsIn } from "./registrations";
import { configSecrets, Mask } from "./secrets";

/** What came of a preview, also of one that failed; the secrets of the stack's config masked. */
export interface Preview {
  /** What the engine said of it, in its own form. */
  readonly events: readonly EngineEvent[];
  /** What pulumi printed. */
  readonly log: string;
  /** Secrets of the config that would stand where others can read them. */
  readonly leaks: readonly Leak[];
  /** Whether pulumi ended with an error. */
  readonly failed: boolean;
}

/**
 * Runs a command of pulumi that changes nothing.
 * @param args the command with its options, like `["preview", "--refresh"]`
 */
export async function preview(stack: Stack, args: readonly string[]): Promise<Preview> {
  const mask = new Mask(await configSecrets(stack));
  const { events, registrations, log, failed } = await observe(stack, args);
  return {
    events: mask.data(events),
    log: mask.text(log),
    leaks: leaksIn(events, registrations, mask),
    failed,
  };
}

/** What came of a preview as it is: with secrets, and not for others to read. */
export interface Observation {
  readonly events: readonly EngineEvent[];
  readonly registrations: readonly Registration[];
  readonly log: string;
  readonly failed: boolean;
}

/** Runs a command of pulumi and keeps what the engine says of it. */
export async function observe(stack: Stack, args: readonly string[]): Promise<Observation> {
  // Only this user can read it, and it does not outlive the command.
  const folder = mkdtempSync(join(tmpdir(), "groundwork-preview-"));
  const [eventLog, calls] = [join(folder, "events.jsonl"), join(folder, "calls.jsonl")];
  try {
    // The option is the one that the Automation API uses; the engine shows it to nobody else.
    const env = { ...stack.env, PULUMI_DEBUG_COMMANDS: "true", PULUMI_DEBUG_GRPC: calls };
    const options = ["--stack", stack.name, "--diff", "--color", "never", "--event-log", eventLog];
    const { code, stdout, stderr } = await pulumiQuietly({ ...stack, env }, [...args, ...options]);
    // Paths of this machine say nothing to others.
    const read = (path: string) => (readText(path) ?? "").replaceAll(`${stack.here.root}/`, "");
    return {
      events: eventsIn(read(eventLog)),
      registrations: registrationsIn(read(calls)),
      log: `${stdout}${stderr}`.replaceAll(`${stack.here.root}/`, "").trim(),
      failed: code !== 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The events, without the SDK's debug lines, which have Kubernetes Secrets in them. */
function eventsIn(log: string): readonly EngineEvent[] {
  return log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent)
    .filter(({ diagnosticEvent }) => (diagnosticEvent?.severity as string) !== "debug");
}
