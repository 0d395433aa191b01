import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { cached } from "../cache";
import { maxEntries, type PackageFile, zipFiles, zipFormat } from "./zip";

/** What is uploaded for a function or a layer. */
export interface Package {
  /** The zip. */
  readonly archive: pulumi.asset.Archive;
  /** What it is unzipped, in bytes. */
  readonly unzippedBytes: number;
}

const MiB = 1024 ** 2;

/**
 * What a function's package and its layers may be together when they are unzipped, in bytes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maxUnzippedBytes = 250 * MiB;

/**
 * What can be uploaded with the function. Lambda takes requests of 70167211 bytes, in which a zip
 * stands in base64: that is little more than the 50 MiB of the documentation.
 */
const maxZippedBytes = 50 * MiB;

/**
 * Packages files as the archive that AWS' provider takes. The same content is the same package on
 * every machine, and is zipped only once: the zip is kept in the cache under a hash of its content.
 *
 * @param subject what is packaged, for errors
 * @throws {Error} when there are no files, two for one path, or more than Lambda takes; then the
 * biggest files are named
 */
export function packageFiles(subject: string, files: readonly PackageFile[]): Package {
  if (files.length === 0) throw new Error(`${subject} has no files to package`);
  if (files.length > maxEntries) {
    throw new Error(`${subject} has ${files.length} files: a zip takes at most ${maxEntries}`);
  }
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const twice = sorted.find((file, index) => file.path === sorted[index - 1]?.path);
  if (twice !== undefined) throw new Error(`${subject} has two files ${twice.path}: rename one`);
  const unzippedBytes = files.reduce((sum, file) => sum + file.size, 0);
  if (unzippedBytes > maxUnzippedBytes) {
    throw tooLarge(subject, unzippedBytes, "unzipped", maxUnzippedBytes, files);
  }

  const hash = createHash("sha256").update(zipFormat);
  for (const file of sorted) hash.update(fingerprint(file, file.read()));
  const expected = hash.digest("hex");
  const path = cached(`${expected}.zip`, (path) => {
    const { hash, size } = writeZip(path, sorted);
    if (hash !== expected) throw new Error(`${subject} changed while it was packaged: run again`);
    if (size > maxZippedBytes) throw tooLarge(subject, size, "zipped", maxZippedBytes, files);
  });
  return { archive: new pulumi.asset.FileArchive(path), unzippedBytes };
}

/** Writes a zip, and says what went into it and how large it is. */
function writeZip(path: string, files: readonly PackageFile[]) {
  const hash = createHash("sha256").update(zipFormat);
  let size = 0;
  const hashed = files.map((file) => ({
    ...file,
    read() {
      const content = file.read();
      hash.update(fingerprint(file, content));
      return content;
    },
  }));
  const zip = openSync(path, "wx", 0o600);
  try {
    zipFiles(hashed, (bytes) => {
      for (let at = 0; at < bytes.length; ) at += writeSync(zip, bytes, at);
      size += bytes.length;
    });
  } finally {
    closeSync(zip);
  }
  return { hash: hash.digest("hex"), size };
}

function tooLarge(
  subject: string,
  bytes: number,
  how: string,
  limit: number,
  files: readonly PackageFile[],
) {
  const biggest = [...files]
    .sort((a, b) => b.size - a.size)
    .slice(0, 5)
    .map((file) => `${file.path} (${mebibytes(file.size)})`)
    .join(", ");
  return new Error(
    `${subject} is ${mebibytes(bytes)} ${how}; Lambda takes at most ${mebibytes(limit)}. ` +
      `The biggest files: ${biggest}. Leave out what is not needed, or use a container image`,
  );
}

/** Bytes for people. */
export const mebibytes = (bytes: number) => `${(bytes / MiB).toFixed(1)} MiB`;

/**
 * What of a file counts wherever its folder lies: its path, whether it may be run, its content.
 * @returns a line of text, to be hashed together with those of the other files
 */
function fingerprint(file: Pick<PackageFile, "path" | "executable">, content: Uint8Array): string {
  const hash = createHash("sha256").update(content).digest("hex");
  return `\n${JSON.stringify([file.path, file.executable, hash])}`;
}
