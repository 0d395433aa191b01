import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "./failure";
import { readJson } from "./files";
import { type Process, processOf } from "./pids";

interface Holder {
  readonly pid: number;
  /** When the process was started: its number may be another one's by now. */
  readonly birth: string;
  readonly command: string;
  readonly since: string;
}

/** Looks up a process by its number. */
type LookUp = (pid: number) => Process | undefined;

/**
 * Takes the tree's lock for one command, or fails and names the command that has it. A lock whose
 * process is gone is taken over. Gives the function that lets go.
 */
export function takeLock(path: string, command: string, lookUp: LookUp = processOf): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}`;
  const holder: Holder = {
    pid: process.pid,
    birth: lookUp(process.pid)?.birth ?? "",
    command,
    since: new Date().toISOString(),
  };
  writeFileSync(mine, JSON.stringify(holder));
  try {
    // A link is made whole or not at all, and by one process only.
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        linkSync(mine, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const other = readJson<Holder>(path);
      if (other !== undefined && isAtWork(other, lookUp)) throw busy(other);
      setAside(path, other);
    }
    throw new Failure(`The lock ${path} can't be taken.`, ["Try again."]);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** The command that has the lock now, if any. */
export function lockHolder(path: string, lookUp: LookUp = processOf): string | undefined {
  const holder = readJson<Holder>(path);
  if (holder === undefined || !isAtWork(holder, lookUp)) return undefined;
  return `make ${holder.command} (pid ${holder.pid}, since ${holder.since})`;
}

/** The lock lies in the tree that it is for, so its process is one of this tree. */
function isAtWork({ pid = 0, birth }: Partial<Holder>, lookUp: LookUp): boolean {
  const found = lookUp(pid);
  return found !== undefined && found.birth === birth;
}

function busy(holder: Partial<Holder>): Failure {
  return new Failure(
    `\`make ${holder.command}\` is at work in this tree (pid ${holder.pid}, since ${holder.since}).`,
    ["Wait for it, or stop it with Ctrl-C where it runs."],
  );
}

/** Removes a lock that was left behind, unless somebody has replaced it in the meantime. */
function setAside(path: string, leftBehind: Partial<Holder> | undefined): void {
  const aside = `${path}.left-behind.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readJson<Holder>(aside)?.pid !== leftBehind?.pid) linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
