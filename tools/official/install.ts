import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { download } from "../support/download";
import { readJson, writeJson } from "../support/files";
import { isExecutable, record } from "../support/programs";
import { say } from "../support/steps";
import type { ProgramRelease } from "./releases";

/** Whether the programs of all these releases lie in a folder. */
export function areInstalled(releases: readonly ProgramRelease[], folder: string): boolean {
  const known = installed(folder);
  return releases.every(({ url, programs }) =>
    Object.keys(programs).every((name) => known[name] === url && isExecutable(join(folder, name))),
  );
}

/** Downloads those of the releases that are not there, and puts their programs into a folder. */
export async function install(releases: readonly ProgramRelease[], folder: string): Promise<void> {
  const staging = join(folder, ".downloading");
  mkdirSync(staging, { recursive: true });
  try {
    for (const release of releases.filter((release) => !areInstalled([release], folder))) {
      const file = join(staging, basename(release.url));
      say(`downloading ${release.url} (once)`);
      await download(release, file);
      const members = Object.values(release.programs).filter((member) => member !== "");
      if (members.length > 0) await unpack(file, members, staging);
      for (const [name, member] of Object.entries(release.programs)) {
        const program = member === "" ? file : join(staging, member);
        chmodSync(program, 0o755);
        renameSync(program, join(folder, name));
        writeJson(stampPath(folder), { ...installed(folder), [name]: release.url });
      }
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Takes members out of an archive. The tar of macOS reads zip archives, too. */
async function unpack(archive: string, members: readonly string[], folder: string): Promise<void> {
  await record("tar", ["-xf", archive, "-C", folder, ...members], {
    log: join(folder, "tar.log"),
    what: `tar -xf ${basename(archive)}`,
  });
}

/** The URL that each program is from. */
function installed(folder: string): Readonly<Partial<Record<string, string>>> {
  return readJson(stampPath(folder)) ?? {};
}

function stampPath(folder: string): string {
  return join(folder, ".official.json");
}
