import { type ChildProcess, spawn } from "node:child_process";
import {
  constants as access,
  accessSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
} from "node:fs";
import { constants } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Failure } from "./failure";
import { interruption, throwIfInterrupted } from "./interruption";
import type { Layout } from "./layout";
import { duration, say } from "./steps";
import { changesInPlace, progress } from "./terminal";

/** Variables for a child process; `undefined` takes one away. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What came of a program that was run. */
export interface Outcome {
  /** 127 when the program could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options for the three ways to run a program. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Environment;
  /** The program is ended after this time. */
  readonly timeoutMs?: number;
}

/** This process's environment with `changes` applied. */
export function merged(changes: Environment = {}): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries({ ...process.env, ...changes }).filter(([, value]) => value !== undefined),
  );
}

/** Runs a program and gives its output. Never throws for a program that fails. */
export async function capture(
  command: string,
  args: readonly string[],
  options: RunOptions & { readonly input?: string } = {},
): Promise<Outcome> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: merged(options.env),
    timeout: options.timeoutMs,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.stderr += text;
  });
  // A program that ends without reading its input closes the pipe on us: no reason to fail.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const { code, killedBy } = await ended(child);
  if (killedBy !== undefined && options.timeoutMs === undefined) {
    texts.stderr += `\n${killed(command, killedBy)}`;
  }
  return { code, ...texts };
}

/** Runs a program on this terminal and gives its exit code. */
export async function attach(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  throwIfInterrupted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: merged(options.env),
    stdio: "inherit",
  });
  return endedOrInterrupted(child);
}

/**
 * Runs a program without a terminal, prints of each line of its output what `edit` gives for it,
 * and gives its exit code.
 */
export async function relay(
  command: string,
  args: readonly string[],
  edit: (line: string) => string | undefined,
  options: RunOptions = {},
): Promise<number> {
  throwIfInterrupted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: merged(options.env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      const shown = edit(line);
      if (shown !== undefined) console.log(shown);
    });
  }
  return endedOrInterrupted(child);
}

/**
 * Runs a long installation with its output in a log file, and says now and then that it is still
 * at it. Throws a {@link Failure} with the end of the log.
 */
export async function record(
  command: string,
  args: readonly string[],
  options: RunOptions & { readonly log: string; readonly what: string },
): Promise<void> {
  throwIfInterrupted();
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, "w");
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: merged(options.env),
    stdio: ["ignore", log, log],
  });
  const began = Date.now();
  const inPlace = changesInPlace();
  const stillAtIt = setInterval(
    () => {
      const [last = ""] = lastLines(options.log, 1);
      const line = `${options.what}: ${duration(Date.now() - began)} ... ${last.slice(0, 70)}`;
      if (inPlace) progress(`  ${line}`);
      else say(line);
    },
    inPlace ? 1000 : 10_000,
  );
  const stop = () => child.kill("SIGTERM");
  interruption.addEventListener("abort", stop);
  const { code, killedBy } = await ended(child);
  interruption.removeEventListener("abort", stop);
  clearInterval(stillAtIt);
  progress(undefined);
  closeSync(log);
  throwIfInterrupted();
  if (code !== 0) {
    const how = killedBy === undefined ? `exit code ${code}` : `killed by ${killedBy}`;
    throw new Failure(`${options.what} failed (${how}):`, [
      ...lastLines(options.log, 8).map((line) => `  ${line}`),
      `The whole log: ${options.log}`,
    ]);
  }
}

/** The last non-empty lines of a text file; none when it can't be read. */
export function lastLines(path: string, count: number): string[] {
  try {
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.filter((line) => line.trim() !== "").slice(-count);
  } catch {
    return [];
  }
}

/** All the places on PATH where an executable of this name lies, first come first. */
export function findOnPath(name: string, path = process.env["PATH"] ?? ""): string[] {
  return path
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, name))
    .filter(isExecutable);
}

/** The kubectl to run: the local platform's own, where it has one. */
export function kubectlOf({ bin }: Layout): string {
  const own = join(bin, "kubectl");
  return isExecutable(own) ? own : "kubectl";
}

/** Whether there is an executable file at `path`. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, access.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Ctrl-C goes to the whole foreground process group, and a second one would make pulumi drop
 * everything at once: so it is not passed on. SIGTERM comes to this process alone.
 */
async function endedOrInterrupted(child: ChildProcess): Promise<number> {
  const passOn = () => child.kill("SIGINT");
  process.on("SIGTERM", passOn);
  const { code, killedBy } = await ended(child);
  process.off("SIGTERM", passOn);
  throwIfInterrupted();
  if (killedBy !== undefined) {
    throw new Failure(killed(child.spawnfile, killedBy), [
      "The next `make` command finds out what was under way, and goes on from there.",
    ]);
  }
  return code;
}

/** Says how a program ended that was killed. */
export function killed(command: string, by: NodeJS.Signals): string {
  const reason = by === "SIGKILL" ? " (out of memory?)" : "";
  return `${basename(command)} was killed by ${by}${reason}.`;
}

interface End {
  readonly code: number;
  /** The signal that ended the program, also when a launcher in between says so by its exit code. */
  readonly killedBy?: NodeJS.Signals;
}

function ended(child: ChildProcess): Promise<End> {
  return new Promise((done) => {
    child.on("error", () => done({ code: 127 }));
    child.on("close", (code, signal) => {
      const killedBy = signal ?? (code === 128 + constants.signals.SIGKILL ? "SIGKILL" : undefined);
      done({ code: code ?? 128, ...(killedBy && { killedBy }) });
    });
  });
}
