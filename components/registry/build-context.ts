import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { listFiles } from "../files";

/**
 * A hash of what an image is built from: the files that `.dockerignore` lets through with their
 * content and whether they may be run, and the build's own settings. Neither dates nor the place
 * of the checkout count, so the same commit has the same hash on any machine.
 *
 * @param settings whatever else decides what is built, such as build arguments
 * @returns 64 hexadecimal digits
 * @throws {Error} when the folder is missing, or has a link that leaves it
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function hashBuildContext(context: string, settings: unknown): string {
  const ignoreFile = join(context, ".dockerignore");
  const ignored = dockerignore();
  if (existsSync(ignoreFile)) ignored.add(readFileSync(ignoreFile, "utf8"));
  const hash = createHash("sha256").update(JSON.stringify(settings));
  // An excluded folder may hold an exception ("!docs/README.md"): look into it all the same.
  for (const file of listFiles(
    context,
    (path) => !ignored.ignores(path.replace(/\/$/, "")),
    true,
  )) {
    const content = createHash("sha256").update(readFileSync(file.source)).digest("hex");
    hash.update(`\n${JSON.stringify([file.path, file.executable, content])}`);
  }
  return hash.digest("hex");
}
