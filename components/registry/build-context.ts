import { createHash, type Hash } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
} from "node:fs";
import { join, posix } from "node:path";
import dockerignore from "@balena/dockerignore";
import { followLink } from "../files";

/** What decides, besides the files, what is built. */
export interface BuildSettings {
  /** The Dockerfile's path within the context; it is sent to the engine whatever is ignored. */
  readonly dockerfile: string;
  /** The stage of the Dockerfile to build. */
  readonly target: string | undefined;
  /** The processors and systems to build for, in the order in which the index has them. */
  readonly platforms: readonly string[];
  /** Whether BuildKit builds it, which gives the same files another digest. */
  readonly buildKit: boolean;
  /** The names of the secrets that the build can read. */
  readonly secretNames: readonly string[];
  /** Build arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** How many bytes of a file are in memory at a time. */
const chunk = 1024 * 1024;

/**
 * A hash of what an image is built from: the Dockerfile, the files that `.dockerignore` lets
 * through, and the build's own settings. A file counts with its content and its mode, a link with
 * where it leads, as both end up in the image. Neither dates nor owners nor the place of the
 * checkout count, so the same commit has the same hash on any machine with the same umask.
 *
 * @returns 64 hexadecimal digits
 * @throws {Error} when the folder or the Dockerfile is missing, when a file can't be read, or when a
 * link leads nowhere, in a circle or out of the folder
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function hashBuildContext(context: string, settings: BuildSettings): string {
  if (!statSync(context, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${context} is no folder. Give its path from where the program runs.`);
  }
  const { target, platforms, buildKit, secretNames } = settings;
  const dockerfile = posix.normalize(settings.dockerfile);
  if (!existsSync(join(context, dockerfile))) {
    throw new Error(`there is no ${dockerfile} in ${context}. Give its path within the context.`);
  }
  const buildArgs = Object.entries(settings.buildArgs).sort();
  const secrets = [...secretNames].sort();
  const decisive = [dockerfile, target ?? "", platforms, buildKit, secrets, buildArgs];
  const hash = createHash("sha256").update(JSON.stringify(decisive));
  const buffer = Buffer.allocUnsafe(chunk);
  for (const path of contextPaths(context, dockerfile)) {
    const place = join(context, path);
    const stats = lstatSync(place);
    if (stats.isSymbolicLink()) {
      followLink(place, path, context);
      hash.update(`\n${JSON.stringify([path, "link", readlinkSync(place)])}`);
    } else if (stats.isFile()) {
      // Its size tells where its content ends.
      hash.update(`\n${JSON.stringify([path, stats.mode & 0o777, stats.size])}`);
      addContent(hash, place, path, context, buffer);
    }
  }
  return hash.digest("hex");
}

/** The paths of the files and links that are sent to the engine, in one order on every machine. */
function contextPaths(context: string, dockerfile: string): readonly string[] {
  // One Dockerfile's own list goes before the list for all.
  const list = [`${dockerfile}.dockerignore`, ".dockerignore"]
    .map((name) => join(context, name))
    .find((path) => existsSync(path));
  const patterns = list === undefined ? "" : readFileSync(list, "utf8");
  const ignored = dockerignore().add(patterns);
  // Only an exception ("!docs/README.md") is a reason to look into a folder that is left out.
  const hasExceptions = /^\s*!/m.test(patterns);
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(context, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      const leftOut = path !== dockerfile && ignored.ignores(path);
      const isFolder = entry.isDirectory();
      if (isFolder && (!leftOut || hasExceptions || dockerfile.startsWith(`${path}/`))) visit(path);
      else if (!isFolder && !leftOut) found.push(path);
    }
  };
  visit("");
  // Not localeCompare: the order of code units is the same whatever the machine's language.
  return found.sort();
}

function addContent(hash: Hash, place: string, path: string, context: string, buffer: Buffer) {
  try {
    const file = openSync(place, "r");
    try {
      for (let read = 1; read > 0; ) {
        read = readSync(file, buffer);
        hash.update(buffer.subarray(0, read));
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `${path} in ${context} can't be read (${code}). Mend it, or let .dockerignore leave it out.`,
    );
  }
}
