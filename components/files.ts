import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/** One file below a folder. */
export interface FolderFile {
  /** Path from the folder, with `/` between its parts on every system. */
  readonly path: string;
  /** Absolute path. */
  readonly source: string;
  /** Whether the owner may run it: all of a file's mode that survives a checkout elsewhere. */
  readonly executable: boolean;
  /** Size in bytes. */
  readonly size: number;
}

/**
 * The files below a folder in an order that is the same on every machine. Links are followed as
 * long as they stay inside the folder.
 *
 * @param include says whether a path (a folder's ends in `/`) is wanted; an unwanted folder is not
 * entered unless `enterExcluded` is set, as ignore files with exceptions need it
 * @throws {Error} when the folder does not exist, or a link leaves it or runs in a circle
 */
export function listFiles(
  folder: string,
  include: (path: string) => boolean,
  enterExcluded = false,
): readonly FolderFile[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${folder} is no folder. Give its path from where the program runs.`);
  }
  const top = resolve(folder);
  const root = realpathSync(top);
  const found: FolderFile[] = [];
  const visit = (directory: string, above: readonly string[]) => {
    for (const entry of readdirSync(directory)) {
      const source = join(directory, entry);
      const path = relative(top, source).split(sep).join("/");
      const isLink = lstatSync(source).isSymbolicLink();
      // What nobody wants may lead anywhere.
      if (isLink && !(include(path) && include(`${path}/`))) continue;
      const real = isLink ? followLink(source, path, root) : source;
      const stats = statSync(real);
      if (stats.isDirectory()) {
        if (!include(`${path}/`) && !enterExcluded) continue;
        const place = realpathSync(real);
        if (above.includes(place)) {
          throw new Error(`${path} in ${folder} is a link to a folder that it lies in. Remove it.`);
        }
        visit(source, [...above, place]);
      } else if (stats.isFile() && include(path)) {
        const executable = (stats.mode & 0o100) !== 0;
        found.push({ path, source, executable, size: stats.size });
      }
    }
  };
  visit(top, [root]);
  // Not localeCompare: the order of bytes is the same whatever the machine's language.
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Where a link leads.
 * @param path how errors name the link
 * @param folder what it may not leave
 * @throws {Error} when it leads to nothing, in a circle or out of the folder
 */
export function followLink(link: string, path: string, folder: string): string {
  const root = realpathSync(folder);
  let target: string;
  try {
    target = realpathSync(link);
  } catch (error) {
    const circle = (error as NodeJS.ErrnoException).code === "ELOOP";
    const where = circle ? "in a circle" : "to nothing";
    throw new Error(`${path} in ${root} is a link ${where}. Mend or remove it.`);
  }
  if (target !== root && !target.startsWith(root + sep)) {
    throw new Error(`${path} is a link to ${target}, outside ${root}. Copy what it leads to.`);
  }
  return target;
}
