import { basename } from "node:path";
import type { Layout } from "./support/layout";
import {
  endProcesses,
  type Process,
  processes,
  processOf,
  variableOf,
  workingDirectory,
} from "./support/pids";
import { say } from "./support/steps";

// A command that was killed leaves programs behind: an engine that goes on alone, plugins and the
// hosts of programs and policies, which never end by themselves, half an installation.

/** The variable by which all that a command starts is known; its value is `owner(...)`. */
export const STARTED_BY = "GROUNDWORK_STARTED_BY";

/** The value of {@link STARTED_BY} for what the process with this number starts. */
export function owner({ root }: Pick<Layout, "root">, pid = process.pid): string {
  return `${root}:${pid}`;
}

/** What is asked of the system about a process. */
export interface Questions {
  readonly workingDirectory: (pid: number) => string | undefined;
  readonly variableOf: (pid: number, name: string) => string | undefined;
}

/**
 * The processes of this tree whose command, or whose engine, is gone. What a person runs by hand
 * is none of them, nor is what such an engine has started.
 */
export function leftOvers(
  here: Layout,
  all: readonly Process[] = processes(),
  ask: Questions = { workingDirectory, variableOf },
): Process[] {
  const byPid = new Map(all.map((each) => [each.pid, each]));
  const lineOf = (each: Process): Process[] => {
    const parent = byPid.get(each.parent);
    return parent === undefined || parent.pid <= 1 ? [each] : [each, ...lineOf(parent)];
  };
  return all.filter((each) => {
    const starter = ownerOf(here, ask.variableOf(each.pid, STARTED_BY));
    const engine = lineOf(each).find(isEngine);
    if (starter !== undefined) {
      // An update of a stack in the cloud is not stopped because its terminal was closed.
      if (engine && !isLocal(here, ask.variableOf(engine.pid, BACKEND))) return false;
      return !isAtWork(byPid.get(starter), each);
    }
    const orphan = lineOf(each).every((one) => isPart(here, one) || isReaper(one));
    return isPart(here, each) && orphan && isOfTree(here, each, ask);
  });
}

/** Ends what was left over. An engine is asked first, so that it saves what it knows. */
export async function endLeftOvers(here: Layout): Promise<void> {
  const found = leftOvers(here);
  if (found.length === 0) return;
  const isAlive = ({ pid, birth }: Process) => processOf(pid)?.birth === birth;
  const alive = (each: (one: Process) => boolean) => () =>
    found.filter((one) => each(one) && isAlive(one)).map(({ pid }) => pid);
  const engines = found.filter(isEngine);
  if (engines.length > 0) {
    const which = engines.map(({ pid }) => pid).join(", ");
    say(`pulumi goes on after a command that was killed (pid ${which}): it is asked to end`);
    await endProcesses("SIGINT", alive(isEngine), 60_000);
  }
  await endProcesses(
    "SIGKILL",
    alive(() => true),
  );
}

const BACKEND = "PULUMI_BACKEND_URL";

const isLocal = ({ state }: Layout, backend: string | undefined) => backend === `file://${state}`;

function ownerOf({ root }: Layout, value: string | undefined): number | undefined {
  return value?.startsWith(`${root}:`) ? Number(value.slice(root.length + 1)) : undefined;
}

/** Whether the command that started a process still runs. What this one started has no more to do. */
function isAtWork(starter: Process | undefined, child: Process): boolean {
  if (starter === undefined || starter.pid === process.pid) return false;
  return starter.command.includes("tools/cli.ts") && starter.started <= child.started;
}

const isEngine = ({ command }: Process) => basename(command.split(" ")[0] ?? "") === "pulumi";

/** The programs that an engine starts, and the one that makes the simulated cluster. */
function isPart({ bin }: Layout, { command }: Process): boolean {
  return (
    /(^|\/)(pulumi-(resource|language|analyzer|converter)|terraform-provider)-/.test(command) ||
    /@pulumi\/(pulumi\/cmd\/run|policy\/)/.test(command) ||
    command.startsWith(`${bin}/kwokctl `)
  );
}

/** Processes whose parent is gone fall to the first one of the system, or of the user's session. */
const isReaper = ({ pid, command }: Process) => pid === 1 || /^\S*systemd( |$)/.test(command);

function isOfTree({ root }: Layout, { pid, command }: Process, ask: Questions): boolean {
  return command.includes(`${root}/`) || `${ask.workingDirectory(pid)}/`.startsWith(`${root}/`);
}
