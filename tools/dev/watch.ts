import { basename, join, relative, sep } from "node:path";
import type { FSWatcher } from "chokidar";

/** Folders in which nothing is that a stack is made of. */
const skipped = new Set([".git", ".groundwork", "node_modules", "__pycache__", ".pytest_cache"]);

/** Files by which editors and systems note something for themselves. */
const notes = /^(\..*\.sw[a-z]|.*~|4913|\.#.*|#.*#|\.DS_Store|.*\.pyc)$/;

/** Whether a path may matter: it is neither in a folder that is skipped nor an editor's own. */
export function matters(root: string, path: string): boolean {
  const parts = relative(root, path).split(sep);
  return !parts.some((part) => skipped.has(part)) && !notes.test(basename(path));
}

/** How long nothing more is saved before a change counts as whole, in milliseconds. */
const quietMs = 60;

/**
 * Calls back with the paths that were saved, once they have all been written.
 * @returns the watcher, once it sees everything
 */
export async function watchTree(
  root: string,
  changed: (paths: readonly string[]) => void,
): Promise<FSWatcher> {
  const { watch } = await import("chokidar");
  const paths = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(root, {
    ignored: (path) => path !== root && !matters(root, path),
    ignoreInitial: true,
  });
  watcher.on("all", (event, path) => {
    if (event === "addDir" || event === "unlinkDir") return;
    paths.add(join(path));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const all = [...paths];
      paths.clear();
      changed(all);
    }, quietMs);
  });
  await new Promise<void>((done) => watcher.once("ready", done));
  return watcher;
}
