import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { Failure } from "../support/failure";
import { readJson, readText, writeJson } from "../support/files";
import { pause } from "../support/interruption";
import type { Layout } from "../support/layout";
import { commandLine, endProcesses } from "../support/pids";
import { type Environment, lastLines, merged } from "../support/programs";

/** A server that goes on running when the command that started it has ended. */
export interface Service {
  readonly name: string;
  /** The program by its full path, then its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env?: Environment;
  readonly port: number;
  /** A URL that answers with 200 when the service is ready. */
  readonly health: string;
}

/** What is kept about a service, so that any later command can look at it and stop it. */
interface ServiceRecord {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly health: string;
}

/** A service as it is now. */
export interface ServiceState extends ServiceRecord {
  /** Absent when it is not running. */
  readonly pid?: number;
  readonly log: string;
}

/**
 * The services that were started in this tree and not stopped since, in the order of their names;
 * some may have died.
 */
export function services(here: Layout): ServiceState[] {
  return recordNames(here).flatMap((name) => {
    const record = readJson<ServiceRecord>(recordPath(here, name));
    if (record === undefined) return [];
    return [{ ...record, pid: livePid(here, record), log: logPath(here, name) }];
  });
}

/** Whether the named service of this tree runs. */
export function isRunning(here: Layout, name: string): boolean {
  const record = readJson<ServiceRecord>(recordPath(here, name));
  return record !== undefined && livePid(here, record) !== undefined;
}

/**
 * The pid in a pid file, if that process is the recorded service: the number may long belong to
 * somebody else.
 */
export function ownPid(
  pidFile: string | undefined,
  command: readonly string[],
  describe: (pid: number) => string | undefined = commandLine,
): number | undefined {
  const pid = Number(pidFile?.trim() || Number.NaN);
  if (!Number.isInteger(pid)) return undefined;
  // A script shows its interpreter first, so the command may begin anywhere. The program's path
  // lies in the tree, or an argument does.
  return describe(pid)?.includes(command.join(" ")) ? pid : undefined;
}

/** Starts a service unless it runs already, without waiting for it to be ready. */
export function startService(here: Layout, service: Service): "started" | "running" {
  const { name, command, port, health } = service;
  if (isRunning(here, name)) return "running";
  mkdirSync(here.logs, { recursive: true });
  rmSync(pidPath(here, name), { force: true });
  writeJson(recordPath(here, name), { name, command, port, health });
  const log = openSync(logPath(here, name), "a");
  // The new process writes its own pid before it becomes the service: whenever this command is
  // killed, there is either no service or one that is on record.
  const child = spawn(
    "/bin/sh",
    ["-c", 'echo $$ >"$0" && exec "$@"', pidPath(here, name), ...command],
    {
      cwd: here.home,
      env: merged(service.env),
      stdio: ["ignore", log, log],
      detached: true,
    },
  );
  child.on("error", () => {});
  child.unref();
  closeSync(log);
  return "started";
}

/** Waits until a service is ready. Throws a {@link Failure} when it dies or takes too long. */
export async function awaitService(
  here: Layout,
  service: Service,
  patienceMs = 60_000,
): Promise<void> {
  const began = Date.now();
  for (;;) {
    if (await isHealthy(service.health)) return;
    const age = Date.now() - began;
    const dead = age > 1000 && !isRunning(here, service.name);
    if (dead || age > patienceMs) {
      const log = logPath(here, service.name);
      throw new Failure(
        dead
          ? `${service.name} ended right after its start:`
          : `${service.name} is not ready after ${Math.round(age / 1000)} s:`,
        [
          ...lastLines(log, 6).map((line) => `  ${line}`),
          `The whole log: ${log}`,
          "`make up` tries again; `make reset` throws the local platform away.",
        ],
      );
    }
    await pause(100);
  }
}

/** Stops a service, by force if it must be, and forgets it. */
export async function stopService(here: Layout, name: string): Promise<void> {
  const record = readJson<ServiceRecord>(recordPath(here, name));
  await endProcesses("SIGTERM", () => {
    const pid = record && livePid(here, record);
    return pid === undefined ? [] : [pid];
  });
  rmSync(recordPath(here, name), { force: true });
  rmSync(pidPath(here, name), { force: true });
}

/** Whether a URL on this machine answers with 200. */
export function isHealthy(url: string): Promise<boolean> {
  return new Promise((done) => {
    // The cluster's certificates are its own, and nothing is sent but the question.
    // An agent of its own goes through no proxy, also where NODE_USE_ENV_PROXY is set.
    const options = { timeout: 2000, rejectUnauthorized: false, agent: false } as const;
    const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(
      url,
      options,
      (reply) => {
        reply.resume();
        done(reply.statusCode === 200);
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => done(false));
    request.end();
  });
}

function livePid(here: Layout, record: ServiceRecord): number | undefined {
  return ownPid(readText(pidPath(here, record.name)), record.command);
}

function recordNames(here: Layout): string[] {
  try {
    return readdirSync(here.run)
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -".json".length))
      .sort();
  } catch {
    return [];
  }
}

function recordPath(here: Layout, name: string): string {
  return join(here.run, `${name}.json`);
}

function pidPath(here: Layout, name: string): string {
  return join(here.run, `${name}.pid`);
}

function logPath(here: Layout, name: string): string {
  return join(here.logs, `${name}.log`);
}
