import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * The command line of a live process, or undefined. It tells a process of ours from another one
 * that was given the same number after a crash or a reboot.
 */
export function commandLine(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const text = process.platform === "linux" ? fromProc(pid) : fromPs(pid);
  return text === undefined || text === "" ? undefined : text;
}

function fromProc(pid: number): string | undefined {
  try {
    // A process that has ended and waits for its parent has an empty command line.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  return spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], {
    encoding: "utf8",
  }).stdout?.trim();
}

/** A process as the system lists it. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** All live processes. */
export function processes(): Process[] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .map(Number)
      .flatMap((pid) => {
        const command = commandLine(pid);
        return command === undefined ? [] : [{ pid, command }];
      });
  }
  const { stdout } = spawnSync("ps", ["-axww", "-o", "pid=,command="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
  });
}

/** Ends processes and waits until they are gone. */
export async function endProcesses(
  signal: "SIGTERM" | "SIGKILL",
  alive: () => readonly number[],
): Promise<void> {
  for (const pid of alive()) send(pid, signal);
  for (const began = Date.now(); alive().length > 0; ) {
    await new Promise((done) => setTimeout(done, 50));
    // One that doesn't listen is forced.
    if (Date.now() - began > 10_000) for (const pid of alive()) send(pid, "SIGKILL");
  }
}

function send(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
