import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";

/** For how long nobody may have asked for something before it goes. */
const keptDays = 30;

/**
 * Where things are kept that can be made again: `groundwork` in the user's folder for that, which is
 * `~/.cache` unless `XDG_CACHE_HOME` is set.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "groundwork");
}

/**
 * Gives the path of a file or folder in the cache, which is made when it is not there. What nobody
 * has asked for in 30 days goes when something new comes.
 *
 * Runs in parallel don't disturb each other: what has a name is whole, and stays as it is.
 *
 * @param name must change with whatever the content depends on
 * @param make writes the content to the path it is given
 * @throws {Error} what `make` throws, and when the cache can't be written or is another user's
 */
export function cached(name: string, make: (path: string) => void): string {
  const folder = ownFolder();
  const path = join(folder, name);
  if (touch(path)) return path;
  const aside = `${path}.${randomUUID()}`;
  try {
    make(aside);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // A folder can't take the place of one that another run has just made.
    if (!touch(path)) throw error;
  }
  touch(path);
  removeOld(folder);
  return path;
}

/** Notes that something is in use. Says whether it is there. */
function touch(path: string): boolean {
  const now = new Date();
  try {
    utimesSync(path, now, now);
    return true;
  } catch {
    return false;
  }
}

/** The cache's folder, into which no other user of the machine can have put anything. */
function ownFolder(): string {
  const folder = cacheFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(
      `${folder} can't be made: ${(error as Error).message}. Set XDG_CACHE_HOME to a folder of yours.`,
    );
  }
  const { uid } = userInfo();
  const found = lstatSync(folder);
  const others = process.platform === "win32" ? 0 : found.mode & 0o022;
  if (found.isDirectory() && (uid === -1 || found.uid === uid) && others === 0) return folder;
  throw new Error(
    `${folder} belongs to somebody else, or others may write to it. ` +
      "Remove it, or set XDG_CACHE_HOME to a folder of yours.",
  );
}

function removeOld(folder: string): void {
  const oldest = Date.now() - keptDays * 24 * 60 * 60 * 1000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs < oldest) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
