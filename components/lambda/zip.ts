import { deflateSync, Zip, ZipDeflate } from "fflate";

/** A file of a package. */
export interface PackageFile {
  /** Path in the package, with `/` between its parts. */
  readonly path: string;
  /** Whether it may be run. */
  readonly executable: boolean;
  /** Size in bytes. */
  readonly size: number;
  /** Its content, which is not kept: a package may be larger than is good for a program to hold. */
  read(): Uint8Array;
}

/**
 * Names what decides about a zip's bytes besides its files: zips of the same files made by another
 * version, at another level or in another way differ. Change it with each of these.
 */
export const zipFormat = "fflate 0.8.3, level 6";

/** Zip has no room for more, but for an extension that not every reader knows. */
export const maxEntries = 65_535;

/**
 * A file's date in the archive. Zip knows no date before 1980, and no time zone: local time is
 * written, at noon, because no clock was ever set forward over it.
 */
const fixedDate = new Date(1980, 0, 1, 12);

/**
 * Zips files, one at a time, in the order given. The same files give the same bytes wherever it
 * runs: dates are fixed, of the modes only "may be run" is kept, and the compression is written in
 * JavaScript. That of Node.js is two to three times as fast, but its bytes depend on the zlib that
 * Node.js was built with.
 *
 * @param write takes the bytes, piece by piece
 */
export function zipFiles(files: Iterable<PackageFile>, write: (bytes: Uint8Array) => void): void {
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    write(bytes);
  });
  for (const file of files) {
    const content = file.read();
    const entry = new ZipDeflate(file.path, { level: shrinks(content) ? 6 : 0 });
    // The upper half of the attributes is the Unix mode of a file; 3 says that it is one.
    const attrs = (file.executable ? 0o100755 : 0o100644) << 16;
    zip.add(Object.assign(entry, { mtime: fixedDate, os: 3, attrs }));
    entry.push(content, true);
  }
  zip.end();
}

/** Whether compressing is worth its time, from a piece of the middle: a beginning is often text. */
function shrinks(content: Uint8Array): boolean {
  const probe = 16 * 1024;
  if (content.length <= probe) return true;
  const start = Math.floor((content.length - probe) / 2);
  return deflateSync(content.subarray(start, start + probe), { level: 1 }).length < 0.95 * probe;
}
