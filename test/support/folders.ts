import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const made: string[] = [];

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/**
 * A new folder, removed when the tests of the file are done.
 * @param files the content of each file by its path; those of paths in `executable` may be run
 * @returns its path without links in it
 */
export function makeFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  executable: readonly string[] = [],
): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "groundwork-test-")));
  made.push(folder);
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (executable.includes(path)) chmodSync(file, 0o755);
  }
  return folder;
}
