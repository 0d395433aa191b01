import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A live process as the system lists it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** By the clock, which somebody may have set since. */
  readonly started: Date;
  /** With the pid it tells a process from a later one that was given the same number. */
  readonly birth: string;
  readonly command: string;
}

const onLinux = process.platform === "linux";

/** All live processes. */
export function processes(): Process[] {
  if (!onLinux) return listed(ps(["-axww", "-o", COLUMNS]));
  return readdirSync("/proc").flatMap((name) => fromProc(Number(name)) ?? []);
}

/** The live process with this number, or undefined. */
export function processOf(pid: number): Process | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return onLinux ? fromProc(pid) : listed(ps(["-ww", "-o", COLUMNS, "-p", String(pid)]))[0];
}

/** The folder that a process works in; undefined where that can't be seen. */
export function workingDirectory(pid: number): string | undefined {
  if (!onLinux) {
    const { stdout } = spawnSync("lsof", ["-a", "-d", "cwd", "-Fn", "-p", String(pid)], text);
    return /^n(.+)$/m.exec(stdout ?? "")?.[1];
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** The value of a variable that a process was started with. */
export function variableOf(pid: number, name: string): string | undefined {
  if (!onLinux) {
    const line = ps(["-Eww", "-o", "command=", "-p", String(pid)]);
    return new RegExp(` ${name}=(.*?)(?= [A-Za-z_]\\w*=|$)`, "m").exec(line)?.[1];
  }
  const given = read(`/proc/${pid}/environ`).split("\0");
  return given.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Sends a signal to processes, some of which may have ended. */
export function signal(name: NodeJS.Signals, pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended in the meantime.
    }
  }
}

/** Ends processes and waits until they are gone. */
export async function endProcesses(
  name: NodeJS.Signals,
  alive: () => readonly number[],
  patienceMs = 10_000,
): Promise<void> {
  signal(name, alive());
  for (const began = Date.now(); alive().length > 0; ) {
    await new Promise((done) => setTimeout(done, 50));
    // One that doesn't listen is forced.
    if (Date.now() - began > patienceMs) signal("SIGKILL", alive());
  }
}

const text = { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
const COLUMNS = "pid=,ppid=,lstart=,command=";

function ps(args: readonly string[]): string {
  const env = { ...process.env, LC_ALL: "C" };
  return spawnSync("ps", args, { ...text, env }).stdout ?? "";
}

/** Reads lines of ps, such as `42 1 Fri Nov 27 20:37:17 2026 /usr/bin/pulumi up`. */
export function listed(lines: string): Process[] {
  return lines.split("\n").flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\w+ +\w+ +\d+ [\d:]+ \d+)\s+(.*)$/.exec(line);
    if (found === null) return [];
    const [, pid, parent, started = "", command = ""] = found;
    const birth = { started: new Date(started), birth: started };
    return [{ pid: Number(pid), parent: Number(parent), ...birth, command }];
  });
}

function fromProc(pid: number): Process | undefined {
  if (!Number.isInteger(pid)) return undefined;
  // A process that has ended and waits for its parent has an empty command line.
  const command = read(`/proc/${pid}/cmdline`).split("\0").join(" ").trim();
  // The name in parentheses may have blanks and parentheses of its own.
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  if (command === "" || fields.length < 20) return undefined;
  // In hundredths of a second since the system was started.
  const birth = fields[19] ?? "";
  const started = new Date(bootTime() + Number(birth) * 10);
  return { pid, parent: Number(fields[1]), started, birth, command };
}

let booted: number | undefined;

/** When the system was started, in milliseconds; processes count their age from then. */
function bootTime(): number {
  booted ??= Number(/^btime (\d+)$/m.exec(read("/proc/stat"))?.[1] ?? 0) * 1000;
  return booted;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
