import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { isLocal } from "../config/environments";
import { type CutOff, cutOff, type ExportedStack, type PendingOperation } from "./cut-off";
import type { Engine } from "./engine/engine";
import { outcomeOf, type UpdateOutcome } from "./outcome";
import { repairState } from "./repair";
import { Failure } from "./support/failure";
import { filesBelow, readJson, readText, writeJson, writeText } from "./support/files";
import type { Layout } from "./support/layout";
import { type Process, processOf, workingDirectory } from "./support/pids";
import { attach, capture, type Environment, type Outcome } from "./support/programs";

/** A stack as the engine runs it. */
export interface Stack {
  readonly here: Layout;
  readonly name: string;
  readonly engine: Engine;
  readonly env: Environment;
}

/** What the state of a stack holds. */
export interface StackState {
  /** Resources as the engine counts them: with the stack itself and the providers. */
  readonly resources: number;
  /** When an engine last wrote it; undefined before the first update. */
  readonly changed: Date | undefined;
  /** The names of those that pulumi refuses to destroy. */
  readonly protected: readonly string[];
  /** What was under way when the engine was killed. */
  readonly pending: readonly CutOff[];
}

/** A lock of the file backend: who writes to the state. */
export interface StateLock {
  readonly pid: number;
  readonly hostname: string;
  /** When it was taken. */
  readonly timestamp: string;
}

/** Runs pulumi on this terminal. */
export function pulumi(stack: Stack, args: readonly string[]): Promise<number> {
  return attach(stack.engine.path, [...args, "--stack", stack.name], runOptions(stack));
}

/** How an update ended. */
export interface Update extends UpdateOutcome {
  readonly code: number;
}

/**
 * Runs an update of pulumi, and reads what the engine says of it. That is kept until the next
 * command has read it too, in case this one is killed.
 */
export async function update(
  stack: Stack,
  args: readonly string[],
  run: (args: readonly string[], stack: Stack, eventLog: string) => Promise<number> = (
    all,
    { engine, here, env },
  ) => attach(engine.path, all, { cwd: here.root, env }),
): Promise<Update> {
  const path = eventsPath(stack);
  // The option is the one that the Automation API uses; the engine shows it to nobody else.
  const env = { ...stack.env, PULUMI_DEBUG_COMMANDS: "true" };
  writeText(path, "", 0o600);
  const code = await run(
    [...args, "--stack", stack.name, "--event-log", path],
    { ...stack, env },
    path,
  );
  const outcome = outcomeOf(readEvents(path));
  // In the cloud nothing is deleted on a suspicion; what the engine has noted itself is enough.
  if (outcome.inDoubt.length === 0 || !isLocal(stack.name)) rmSync(path, { force: true });
  return { code, ...outcome };
}

/** What earlier updates have left in doubt. */
export function inDoubt(stack: Stack): readonly PendingOperation[] {
  const kept: unknown = readJson(inDoubtPath(stack));
  const isWhole = (each: unknown) => typeof Object(Object(each).resource).urn === "string";
  return [
    ...outcomeOf(readEvents(eventsPath(stack))).inDoubt,
    ...(Array.isArray(kept) ? kept.filter(isWhole) : []),
  ];
}

/** Keeps what is in doubt, whatever becomes of this command and of the state. */
export function keepInDoubt(stack: Stack, operations: readonly PendingOperation[]): void {
  writeText(inDoubtPath(stack), JSON.stringify(operations), 0o600);
}

/** After the state was put right. */
export function forgetInDoubt(stack: Stack): void {
  for (const path of [eventsPath(stack), inDoubtPath(stack)]) rmSync(path, { force: true });
}

const inDoubtPath = ({ here, name }: Stack) => join(here.home, `in-doubt-${name}.json`);

const eventsPath = ({ here, name }: Stack) => join(here.home, `events-${name}.jsonl`);

/** The events in a file; a line that was cut short is none. */
function readEvents(path: string): EngineEvent[] {
  return (readText(path) ?? "").split("\n").flatMap((line) => {
    try {
      const event: unknown = JSON.parse(line);
      return typeof event === "object" && event !== null ? [event as EngineEvent] : [];
    } catch {
      return [];
    }
  });
}

/** Runs pulumi and gives what it printed. */
export function pulumiQuietly(stack: Stack, args: readonly string[]): Promise<Outcome> {
  return capture(stack.engine.path, [...args, "--non-interactive"], runOptions(stack));
}

/** Makes the stack in the local backend, unless it is there. */
export async function createStack(stack: Stack): Promise<void> {
  mkdirSync(stack.here.state, { recursive: true });
  repairState(stack.here.state);
  const select = ["stack", "select", stack.name, "--create"];
  const { code, stdout, stderr } = await pulumiQuietly(stack, select);
  if (code === 0) return;
  throw new Failure(`The stack ${stack.name} can't be selected:`, [
    ...`${stdout}${stderr}`.trim().split("\n"),
    ...(stderr.includes("passphrase")
      ? ["Unset PULUMI_CONFIG_PASSPHRASE, or set the one the stack was made with."]
      : ["If nothing else helps, `make reset` throws the local platform and this state away."]),
  ]);
}

/** What the stack's state holds, or undefined when there is no such stack. */
export async function stackState(stack: Stack): Promise<StackState | undefined> {
  const exported = await exportStack(stack);
  return exported && summary(exported);
}

/** The stack's state, secrets encrypted, or undefined when there is no such stack. */
export async function exportStack(stack: Stack): Promise<ExportedStack | undefined> {
  repairState(stack.here.state);
  const exporting = ["stack", "export", "--stack", stack.name];
  const { code, stdout, stderr } = await pulumiQuietly(stack, exporting);
  if (code === 0) return JSON.parse(stdout);
  if (stderr.includes("no stack named")) return undefined;
  throw new Failure(`The state of the stack ${stack.name} can't be read:`, [
    stderr.trim(),
    "docs/runbooks/state.md says how to mend it.",
  ]);
}

/** How the stack's last update ended, such as `succeeded`; undefined when there was none. */
export async function lastUpdate(stack: Stack): Promise<string | undefined> {
  const paging = ["--page", "1", "--page-size", "1", "--json"];
  const history = ["stack", "history", "--stack", stack.name, ...paging];
  const { code, stdout, stderr } = await pulumiQuietly(stack, history);
  if (code === 0) return (JSON.parse(stdout) as readonly { result: string }[])[0]?.result;
  throw new Failure(`The history of the stack ${stack.name} can't be read:`, [stderr.trim()]);
}

/** Replaces the stack's state. */
export async function importStack(stack: Stack, state: ExportedStack): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "groundwork-state-"));
  try {
    const file = join(folder, "state.json");
    writeJson(file, state);
    const importing = ["stack", "import", "--stack", stack.name, "--file", file];
    const { code, stderr } = await pulumiQuietly(stack, importing);
    if (code !== 0) {
      throw new Failure(`The state of the stack ${stack.name} can't be written:`, [stderr.trim()]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Has pulumi look at those of the resources that were under way which the state still has. */
export async function lookAt(
  stack: Stack,
  { deployment }: ExportedStack,
  operations: readonly CutOff[],
): Promise<number> {
  const known = new Set(deployment?.resources?.map(({ urn }) => urn));
  const urns = [...new Set(operations.map(({ urn }) => urn))].filter((urn) => known.has(urn));
  if (urns.length === 0) return 0;
  // Without --yes pulumi would ask about changes that are in the state alone.
  const options = ["--yes", "--skip-preview", ...urns.flatMap((urn) => ["--target", urn])];
  return pulumi(stack, ["refresh", ...options]);
}

/** The names of the other stacks in the local backend that have resources. */
export async function stacksInUse(stack: Stack): Promise<readonly string[]> {
  const { code, stdout, stderr } = await pulumiQuietly(stack, ["stack", "ls", "--json"]);
  if (code !== 0) throw new Failure("The local stacks can't be listed:", [stderr.trim()]);
  return (JSON.parse(stdout) as readonly { name: string; resourceCount?: number }[])
    .filter(({ name, resourceCount = 0 }) => name !== stack.name && resourceCount > 0)
    .map(({ name }) => name);
}

/** Counts what a deployment holds. */
export function summary(exported: ExportedStack): StackState {
  const { manifest, resources = [] } = exported.deployment ?? {};
  return {
    changed: manifest?.time === undefined ? undefined : new Date(manifest.time),
    resources: resources.length,
    protected: resources
      .filter(({ protect }) => protect === true)
      .map(({ urn }) => urn.split("::").at(-1) ?? urn),
    pending: cutOff(exported),
  };
}

/** Removes the backend's locks of engines that were killed. */
export async function clearStaleLocks(stack: Stack): Promise<void> {
  const { state, root } = stack.here;
  const paths = lockFiles(state, stack.name);
  const holder = paths
    .map((path) => readJson<StateLock>(path) ?? {})
    .find((lock) => isHeld(lock, root));
  if (holder !== undefined) {
    throw new Failure(
      `pulumi is at work on this stack (pid ${holder.pid} on ${holder.hostname}).`,
      ["Wait for it, or stop it with Ctrl-C where it runs."],
    );
  }
  for (const path of paths) rmSync(path, { force: true });
}

/** What is asked of the system about the holder of a lock. */
interface Questions {
  readonly host: string;
  readonly processOf: (pid: number) => Process | undefined;
  readonly workingDirectory: (pid: number) => string | undefined;
}

/**
 * Whether the process that took a lock may still be at work on this tree. On another machine that
 * can't be seen, so it counts as held.
 */
export function isHeld(
  { pid = 0, hostname: host, timestamp }: Partial<StateLock>,
  root: string,
  ask: Questions = { host: hostname(), processOf, workingDirectory },
): boolean {
  if (host === undefined) return false;
  if (host !== ask.host) return true;
  const found = ask.processOf(pid);
  if (!found?.command.includes("pulumi")) return false;
  // A later process of the same number, and one that works elsewhere, is another clone's.
  const taken = new Date(timestamp ?? "");
  if (found.started.getTime() > taken.getTime() + 60_000) return false;
  const folder = ask.workingDirectory(pid);
  return folder === undefined || `${folder}/`.startsWith(`${root}/`);
}

function lockFiles(state: string, stack: string): string[] {
  const directory = join(state, ".pulumi", "locks");
  return filesBelow(directory)
    .filter((file) => file.endsWith(".json") && file.split("/").includes(stack))
    .map((file) => join(directory, file));
}

function runOptions({ here, env }: Stack) {
  return { cwd: here.root, env };
}
