import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import dockerignore from "@balena/dockerignore";
import { fingerprint, listFiles } from "../files";

/** What decides, besides the files, what is built. */
export interface BuildSettings {
  /** The Dockerfile's path within the context; it is sent to the engine whatever is ignored. */
  readonly dockerfile: string;
  /** The processor and system to build for. */
  readonly platform: string;
  /** Build arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

/**
 * A hash of what an image is built from: the Dockerfile, the files that `.dockerignore` lets
 * through with their content and whether they may be run, and the build's own settings. Neither dates nor the place
 * of the checkout count, so the same commit has the same hash on any machine.
 *
 * @returns 64 hexadecimal digits
 * @throws {Error} when the folder is missing, or has a link that leaves it
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function hashBuildContext(context: string, settings: BuildSettings): string {
  const { platform } = settings;
  const dockerfile = posix.normalize(settings.dockerfile);
  const ignored = dockerignore();
  // One Dockerfile's own list goes before the list for all.
  const ignoreFile = [`${dockerfile}.dockerignore`, ".dockerignore"]
    .map((name) => join(context, name))
    .find((path) => existsSync(path));
  if (ignoreFile !== undefined) ignored.add(readFileSync(ignoreFile, "utf8"));
  const buildArgs = Object.entries(settings.buildArgs).sort();
  const hash = createHash("sha256").update(JSON.stringify([dockerfile, platform, buildArgs]));
  // An excluded folder may hold an exception ("!docs/README.md"): look into it all the same.
  const wanted = (path: string) => path === dockerfile || !ignored.ignores(path.replace(/\/$/, ""));
  for (const file of listFiles(context, wanted, true)) {
    hash.update(fingerprint(file, readFileSync(file.source)));
  }
  return hash.digest("hex");
}
