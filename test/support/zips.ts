import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { unzipSync } from "fflate";
import { type PackageFile, zipFiles } from "../../components/lambda/zip";

/** An entry of a zip. */
export interface Entry {
  readonly path: string;
  /** The Unix mode in octal digits. */
  readonly mode: string;
  /** When the file was changed, as local time. */
  readonly changed: string;
}

/** The entries as the zip's own directory has them, in its order. */
export function directoryOf(zip: Uint8Array): Entry[] {
  const bytes = Buffer.from(zip);
  const end = bytes.lastIndexOf("PK\u0005\u0006");
  const entries: Entry[] = [];
  for (let at = bytes.readUInt32LE(end + 16); at < end; ) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const [time = 0, date = 0] = [12, 14].map((offset) => bytes.readUInt16LE(at + offset));
    const day = [1980 + (date >> 9), (date >> 5) & 15, date & 31].join("-");
    entries.push({
      path: bytes.toString("utf8", at + 46, at + 46 + (name ?? 0)),
      mode: (bytes.readUInt32LE(at + 38) >>> 16).toString(8),
      changed: `${day} ${time >> 11}:${(time >> 5) & 63}`,
    });
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}

/** A zip in one piece. */
export function zipped(files: readonly PackageFile[]): Buffer {
  const pieces: Uint8Array[] = [];
  zipFiles(files, (bytes) => pieces.push(bytes));
  return Buffer.concat(pieces);
}

/** The bytes of an archive. */
export async function bytesOf(archive: pulumi.asset.Archive): Promise<Buffer> {
  return readFileSync(await (archive as pulumi.asset.FileArchive).path);
}

/** The files of an archive with their content as text. */
export async function contentOf(archive: pulumi.asset.Archive): Promise<Record<string, string>> {
  const files = Object.entries(unzipSync(await bytesOf(archive)));
  return Object.fromEntries(
    files.map(([path, content]) => [path, Buffer.from(content).toString()]),
  );
}
