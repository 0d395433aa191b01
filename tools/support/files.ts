import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "./failure";

/** The text of a file, or undefined when there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The object in a JSON file, or undefined when there is none or the file is damaged. */
export function readJson<T extends object>(path: string): Partial<T> | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a file whole or not at all, making its folder. */
export function writeText(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text, { mode });
  renameSync(aside, path);
}

/** Writes a value as JSON, whole or not at all. */
export function writeJson(path: string, value: unknown): void {
  writeText(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** The paths of everything below a folder, from there; none when there is no such folder. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

/** A text that is another one once a file is cut short, written to, or gone; it reads none of them. */
export function fingerprint(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of [...paths].sort()) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) continue;
    hash.update(`${path} ${found?.size} ${found?.mtimeMs}\n`);
  }
  return hash.digest("hex");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk",
  EDQUOT: "your quota on the disk is used up",
  EROFS: "the file system is read-only",
  EACCES: "this user may not",
  EPERM: "this user may not",
};

/** The words for a file that can't be written; undefined for any other error. */
export function fileFailure(error: unknown): Failure | undefined {
  const { code = "", path } = error as NodeJS.ErrnoException;
  const reason = REASONS[code];
  if (reason === undefined) return undefined;
  return new Failure(`${path ?? "A file"} can't be written: ${reason}.`);
}

/**
 * Tries whether a file of this size can be written into a folder.
 * @throws the error of the file system
 */
export function tryToWrite(folder: string, bytes: number): void {
  const path = join(folder, `.try-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, Buffer.alloc(bytes));
  } finally {
    rmSync(path, { force: true });
  }
}
