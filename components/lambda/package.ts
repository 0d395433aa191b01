import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Zippable, zipSync } from "fflate";
import { type FolderFile, listFiles } from "../files";

/** What never belongs into a function's package, whatever its language. */
const neverPackaged = /(^|\/)(__pycache__\/|\.git\/|\.DS_Store$|\.pytest_cache\/)|\.pyc$/;

/**
 * The limits of a package that is uploaded with the function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MiB = 1024 ** 2;
const maxUnzippedBytes = 250 * MiB;
const maxZippedBytes = 50 * MiB;

/** A file's date in the archive. Zip knows no date before 1980; its own value has no meaning. */
const fixedDate = new Date(1980, 0, 1);

/**
 * Zips a folder for Lambda. The same content gives the same bytes on any machine and path, so a
 * function is updated exactly when its code changes: entries are sorted, dates are fixed, and of
 * the modes only "may be run" is kept.
 *
 * @throws {Error} when the folder is missing or empty, has a link that leaves it, or is larger than
 * Lambda takes; then the biggest files are named
 */
export function zipFolder(folder: string): Uint8Array {
  const files = listFiles(folder, (path) => !neverPackaged.test(path));
  if (files.length === 0) throw new Error(`The folder ${folder} has no files to package.`);
  const unzipped = files.reduce((sum, file) => sum + file.size, 0);
  if (unzipped > maxUnzippedBytes) {
    throw tooLarge(folder, `${mebibytes(unzipped)} unzipped`, maxUnzippedBytes, files);
  }
  const entries: Zippable = {};
  for (const { path, source, executable } of files) {
    const mode = executable ? 0o755 : 0o644;
    // The upper half of the attributes is the Unix mode; 3 says that it is one.
    entries[path] = [
      new Uint8Array(readFileSync(source)),
      { mtime: fixedDate, os: 3, attrs: mode << 16, level: 9 },
    ];
  }
  const zip = zipSync(entries);
  if (zip.length > maxZippedBytes) {
    throw tooLarge(folder, `${mebibytes(zip.length)} zipped`, maxZippedBytes, files);
  }
  return zip;
}

/**
 * Packages a folder as the archive that `aws.lambda.Function` takes. The zip is kept in the
 * system's folder for temporary files under the hash of its content.
 * @throws as {@link zipFolder}, and when that folder is not the user's own
 */
export function packageFolder(folder: string): pulumi.asset.Archive {
  const zip = zipFolder(folder);
  const path = join(ownFolder(), `${createHash("sha256").update(zip).digest("hex")}.zip`);
  // Written aside: another run may be reading the same package.
  writeFileSync(`${path}.${process.pid}`, zip);
  renameSync(`${path}.${process.pid}`, path);
  return new pulumi.asset.FileArchive(path);
}

/** A folder for packages that no other user of the machine can have put anything into. */
function ownFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `groundwork-packages-${uid}`);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (found.isDirectory() && (uid === -1 || found.uid === uid)) return folder;
  throw new Error(
    `${folder} belongs to somebody else. Remove it, or set TMPDIR to another folder.`,
  );
}

function tooLarge(folder: string, size: string, limit: number, files: readonly FolderFile[]) {
  const biggest = [...files]
    .sort((a, b) => b.size - a.size)
    .slice(0, 5)
    .map((file) => `${file.path} (${mebibytes(file.size)})`)
    .join(", ");
  return new Error(
    `The folder ${folder} is ${size}; Lambda takes at most ${mebibytes(limit)}. ` +
      `The biggest files: ${biggest}. Leave out what the function does not need, or use a container image.`,
  );
}

const mebibytes = (bytes: number) => `${(bytes / MiB).toFixed(1)} MiB`;
