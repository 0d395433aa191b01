import { createHash, randomFillSync } from "node:crypto";
import * as fc from "fast-check";
import { unzipSync } from "fflate";
import { type PackageFile, zipFormat } from "../../../components/lambda/zip";
import { directoryOf, zipped } from "../../support/zips";

const file = (path: string, content: Uint8Array, executable = false): PackageFile => ({
  path,
  executable,
  size: content.length,
  read: () => content,
});

const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((text) => !/[/\\\0\ud800-\udfff]/.test(text) && text !== "." && text !== "..");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  // More than the probe: text that shrinks, and what does not.
  fc.integer({ min: 16_384, max: 70_000 }).map((size) => Buffer.alloc(size, "groundwork ")),
  fc
    .integer({ min: 16_384, max: 70_000 })
    .map((size) => randomFillSync(new Uint8Array(size)) as Uint8Array),
);
const files = fc
  .uniqueArray(fc.tuple(path, content, fc.boolean()), { selector: ([path]) => path, maxLength: 8 })
  .map((entries) => entries.map((entry) => file(...entry)));

describe("zipFiles", () => {
  test("any files come out as they went in, in their order, with their right to be run", () => {
    fc.assert(
      fc.property(files, (given) => {
        const zip = zipped(given);
        const found = unzipSync(zip);
        expect(directoryOf(zip)).toEqual(
          given.map(({ path, executable }) => ({
            path,
            mode: executable ? "100755" : "100644",
            changed: "1980-1-1 12:0",
          })),
        );
        for (const { path, read } of given) {
          expect(Buffer.from(found[path] ?? []).equals(read())).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("what does not shrink is hardly longer for it", () => {
    const noise = randomFillSync(new Uint8Array(300_000));
    expect(zipped([file("noise", noise)]).length).toBeLessThan(300_200);
  });

  test("what shrinks, does", () => {
    const text = Buffer.alloc(300_000, "groundwork ");
    expect(zipped([file("text", text)]).length).toBeLessThan(2_000);
  });

  // When this fails, zips of the same files have become others: change `zipFormat` too, or caches
  // go on giving the old ones.
  test("gives the same bytes on every machine", () => {
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `line ${i * i}\n`).join(""));
    const zip = zipped([file("a/text", text), file("run", Buffer.from("#!/bin/sh\n"), true)]);
    expect([zipFormat, createHash("sha256").update(zip).digest("hex")]).toEqual([
      "fflate 0.8.3, level 6",
      "738225f604315580731ccbb8b5f391cc892672b898ef44529fb1084e823d2f26",
    ]);
  });
});
