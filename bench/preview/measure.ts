import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { merged, type RunOptions } from "../../tools/support/programs";

/** What a program took, with everything that it started. */
export interface Cost {
  readonly wallSeconds: number;
  /** User and system time of all its processes. */
  readonly cpuSeconds: number;
  /**
   * The most memory that all its processes had at one time: the sum of their resident sets, looked
   * at twenty times a second. What they share counts for each of them.
   */
  readonly peakMiB: number;
}

/**
 * Runs a program and says what it took. Linux only.
 * @throws {Error} with what it printed, when it fails
 */
export async function measure(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Cost> {
  const [began, cpuBefore] = [performance.now(), cpuOfChildren()];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: merged(options.env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, residentOf(child.pid ?? 0));
  }, 50);
  const code = await new Promise<number | null>((done) => child.on("close", done));
  clearInterval(look);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${printed}`);
  return {
    wallSeconds: (performance.now() - began) / 1000,
    cpuSeconds: cpuOfChildren() - cpuBefore,
    peakMiB: peak / 1024 ** 2,
  };
}

/** The value in the middle; of two in the middle, half of both. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Bytes in memory of a process and of all its descendants. */
function residentOf(root: number): number {
  const parents = new Map<number, number>();
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    parents.set(pid, Number(stat(pid)?.[1]));
  }
  const belongs = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && belongs(parents.get(pid)));
  const pages = [...parents.keys()].filter(belongs).map((pid) => Number(stat(pid)?.[21] ?? 0));
  return pages.reduce((sum, each) => sum + each, 0) * pageSize;
}

/** Seconds of processor time of all ended descendants of this process that were waited for. */
function cpuOfChildren(): number {
  const [user, system] = stat("self")?.slice(13, 15).map(Number) ?? [];
  return ((user ?? 0) + (system ?? 0)) / ticksPerSecond;
}

/** What `getconf PAGESIZE` and `getconf CLK_TCK` say on all common machines. */
const [pageSize, ticksPerSecond] = [4096, 100];

/**
 * The fields of a process's `stat`, from its state on; none when it has ended.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function stat(pid: number | "self"): readonly string[] | undefined {
  try {
    // The name before them, in brackets, may hold anything.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
  } catch {
    return undefined;
  }
}
