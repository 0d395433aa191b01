import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { STARTED_BY } from "../left-overs";
import { Failure } from "../support/failure";
import { readJson, writeJson } from "../support/files";
import { pause } from "../support/interruption";
import type { Layout } from "../support/layout";
import { endProcesses, processes, variableOf } from "../support/pids";
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

/** The variable by which a service, and all that it starts, is known whatever becomes of its files. */
const SERVICE = "GROUNDWORK_SERVICE";

/**
 * The services that were started in this tree and not stopped since, in the order of their names;
 * some may have died.
 */
export function services(here: Layout): ServiceState[] {
  return recordNames(here).flatMap((name) => {
    const record = recordOf(here, name);
    if (record === undefined) return [];
    return [{ ...record, pid: livePid(here, record), log: logPath(here, name) }];
  });
}

/** The named service of this tree as it is, if it runs. */
export function runningService(here: Layout, name: string): ServiceState | undefined {
  const state = services(here).find((service) => service.name === name);
  return state?.pid === undefined ? undefined : state;
}

/** Whether the named service of this tree runs. */
export function isRunning(here: Layout, name: string): boolean {
  return runningService(here, name) !== undefined;
}

/** Starts a service unless it runs already, without waiting for it to be ready. */
export async function startService(here: Layout, service: Service): Promise<void> {
  const { name, command, port, health } = service;
  if (isRunning(here, name)) return;
  // Its record may be lost, or it has died and what it has started has not.
  await stopService(here, name);
  mkdirSync(here.logs, { recursive: true });
  writeJson(recordPath(here, name), { name, command, port, health });
  const log = openSync(logPath(here, name), "a");
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: here.home,
    env: merged({ ...service.env, [STARTED_BY]: undefined, [SERVICE]: markOf(here, name) }),
    stdio: ["ignore", log, log],
    detached: true,
  });
  child.on("error", () => {});
  child.unref();
  closeSync(log);
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
    const dead = age > 1000 && runningService(here, service.name) === undefined;
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

/** Stops a service with all that it has started, by force if it must be, and forgets it. */
export async function stopService(here: Layout, name: string): Promise<void> {
  await endProcesses("SIGTERM", () => pidsOf(here, name));
  rmSync(recordPath(here, name), { force: true });
}

/** Stops all services of this tree, also those of which no record is left. */
export async function stopServices(here: Layout): Promise<void> {
  await endProcesses("SIGTERM", () => pidsOf(here));
  rmSync(here.run, { recursive: true, force: true });
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

/** The live processes of one service of this tree, or of all. */
function pidsOf(here: Layout, name = ""): number[] {
  return processes()
    .map(({ pid }) => pid)
    .filter((pid) => {
      const mark = variableOf(pid, SERVICE);
      return name === "" ? mark?.startsWith(markOf(here, "")) : mark === markOf(here, name);
    });
}

/** A script shows its interpreter first, so the command may begin anywhere. */
function livePid(here: Layout, { name, command }: ServiceRecord): number | undefined {
  const line = command.join(" ");
  return processes().find(
    (each) => each.command.includes(line) && variableOf(each.pid, SERVICE) === markOf(here, name),
  )?.pid;
}

const markOf = (here: Layout, name: string) => `${here.home}:${name}`;

/** What is kept about a service; undefined when it is damaged. */
function recordOf(here: Layout, name: string): ServiceRecord | undefined {
  const { command, port, health } = readJson<ServiceRecord>(recordPath(here, name)) ?? {};
  const whole =
    Array.isArray(command) &&
    command.every((word) => typeof word === "string") &&
    typeof port === "number" &&
    typeof health === "string" &&
    URL.canParse(health);
  return whole ? { name, command, port, health } : undefined;
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

function logPath(here: Layout, name: string): string {
  return join(here.logs, `${name}.log`);
}
