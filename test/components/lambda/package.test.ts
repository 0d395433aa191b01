import {
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { folderFiles } from "../../../components/lambda/code";
import { packageFiles } from "../../../components/lambda/package";
import { type PackageFile, zipFiles } from "../../../components/lambda/zip";
import { makeFolder } from "../../support/folders";
import { withoutVariables } from "../../support/variables";
import { bytesOf, contentOf } from "../../support/zips";

import fs = require("node:fs");

jest.mock("../../../components/lambda/zip", () => {
  const zip = jest.requireActual("../../../components/lambda/zip");
  return { ...zip, zipFiles: jest.fn(zip.zipFiles) };
});

const mebibyte = 1024 ** 2;
const files = { "handler.py": "import lib\n", "lib/__init__.py": "", "lib/tool.sh": "echo\n" };

let cache: string;

withoutVariables("XDG_CACHE_HOME");
beforeEach(() => {
  cache = makeFolder();
  process.env["XDG_CACHE_HOME"] = cache;
});

afterEach(() => {
  jest.restoreAllMocks();
});

const packageFolder = (folder: string) => packageFiles("the code", folderFiles(folder));
const pathOf = ({ archive }: { archive: pulumi.asset.Archive }) =>
  (archive as pulumi.asset.FileArchive).path;

/** A file that is read as often as it is asked for. */
const file = (path: string, read: () => Uint8Array, size = 0): PackageFile => ({
  path,
  size,
  executable: false,
  read,
});

describe("packageFiles", () => {
  test("holds every file, and knows its size", async () => {
    const { archive, unzippedBytes } = packageFolder(makeFolder(files));
    expect(await contentOf(archive)).toEqual(files);
    expect(unzippedBytes).toBe(16);
  });

  test("does not zip again what has not changed", async () => {
    jest.mocked(zipFiles).mockClear();
    const path = await pathOf(packageFolder(makeFolder(files)));
    expect(await pathOf(packageFolder(makeFolder(files)))).toBe(path);
    expect(zipFiles).toHaveBeenCalledTimes(1);
    expect(readdirSync(join(cache, "groundwork"))).toHaveLength(1);
  });

  test("is the same at another path, time, umask and order", async () => {
    const one = makeFolder(files, ["lib/tool.sh"]);
    const before = process.umask(0o077);
    const two = makeFolder(Object.fromEntries(Object.entries(files).reverse()));
    process.umask(before);
    chmodSync(join(two, "lib/tool.sh"), 0o700);
    for (const path of Object.keys(files)) utimesSync(join(two, path), 1e9, 1e9);
    expect(statSync(join(two, "handler.py")).mode & 0o777).toBe(0o600);
    expect(statSync(join(one, "handler.py")).mode & 0o777).not.toBe(0o600);

    const first = packageFolder(one);
    const bytes = await bytesOf(first.archive);
    process.env["XDG_CACHE_HOME"] = makeFolder();
    expect((await bytesOf(packageFolder(two).archive)).equals(bytes)).toBe(true);
  });

  test("is the same for any files in any order, and another when a byte or a mode changes", async () => {
    const path = fc.stringMatching(/^[a-c]{1,3}$/);
    const entry = fc.record({
      path,
      executable: fc.boolean(),
      content: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    });
    const entries = fc.uniqueArray(entry, {
      selector: ({ path }) => path,
      minLength: 1,
      maxLength: 6,
    });
    const packageOf = (
      given: readonly { path: string; executable: boolean; content: Uint8Array }[],
    ) =>
      pathOf(
        packageFiles(
          "the code",
          given.map(({ content, ...rest }) => ({
            ...rest,
            size: content.length,
            read: () => content,
          })),
        ),
      );
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), fc.nat(), async (given, which, where) => {
        const path = await packageOf(given);
        expect(await packageOf([...given].reverse())).toBe(path);
        const index = which % given.length;
        const changed = (change: (entry: (typeof given)[number]) => (typeof given)[number]) =>
          packageOf(given.map((entry, i) => (i === index ? change(entry) : entry)));
        const content = Uint8Array.from(given[index]?.content ?? []);
        const at = where % content.length;
        content[at] = (content[at] ?? 0) ^ 1;
        expect(await changed((entry) => ({ ...entry, content }))).not.toBe(path);
        expect(await changed((entry) => ({ ...entry, executable: !entry.executable }))).not.toBe(
          path,
        );
        expect(await changed((entry) => ({ ...entry, path: `${entry.path}-` }))).not.toBe(path);
      }),
      { numRuns: 15 },
    );
  });

  test("holds one file at a time", () => {
    const read = jest.spyOn(fs, "readFileSync");
    const listed = folderFiles(makeFolder(files));
    expect(read).not.toHaveBeenCalled();
    packageFiles("the code", listed);
    // Once for the hash, once for the zip.
    expect(read).toHaveBeenCalledTimes(6);
  });

  test("fails without files", () => {
    expect(() => packageFiles("the folder src", [])).toThrow(
      new Error("the folder src has no files to package"),
    );
  });

  test("fails with two files for one path", () => {
    const read = () => new Uint8Array();
    expect(() =>
      packageFiles(
        "the code",
        ["a", "b", "a"].map((path) => file(path, read)),
      ),
    ).toThrow(new Error("the code has two files a: rename one"));
  });

  test("fails with more files than a zip can have", () => {
    const read = () => new Uint8Array();
    const many = Array.from({ length: 65_536 }, (_, index) => file(`${index}`, read));
    expect(() => packageFiles("the code", many)).toThrow(
      new Error("the code has 65536 files: a zip takes at most 65535"),
    );
  });

  test("fails when a file changes meanwhile, and keeps nothing of it", () => {
    let turn = 0;
    const changing = file("a", () => Buffer.from(`${turn++}`));
    expect(() => packageFiles("the code", [changing])).toThrow(
      new Error("the code changed while it was packaged: run again"),
    );
    expect(readdirSync(join(cache, "groundwork"))).toEqual([]);
  });

  test("fails when the files together are more than Lambda unzips, and names the five biggest", () => {
    const sizes = { "a.bin": 251, "b.bin": 3, "c.bin": 2, "lib/d.bin": 5, "e.bin": 4, "f.bin": 1 };
    const folder = makeFolder(Object.fromEntries(Object.keys(sizes).map((path) => [path, ""])));
    for (const [path, size] of Object.entries(sizes)) {
      truncateSync(join(folder, path), size * mebibyte);
    }
    expect(() => packageFolder(folder)).toThrow(
      new Error(
        "the code is 266.0 MiB unzipped; Lambda takes at most 250.0 MiB. " +
          "The biggest files: a.bin (251.0 MiB), lib/d.bin (5.0 MiB), e.bin (4.0 MiB), " +
          "b.bin (3.0 MiB), c.bin (2.0 MiB). " +
          "Leave out what is not needed, or use a container image",
      ),
    );
  });

  describe("with a zip of", () => {
    // To make a zip of this size takes seconds; its size is all that counts here.
    const zipOf = (bytes: number) =>
      jest.mocked(zipFiles).mockImplementationOnce((files, write) => {
        for (const { read } of files) read();
        write(new Uint8Array(bytes));
      });
    const model = () => packageFolder(makeFolder({ "handler.py": "", "model.bin": "m" }));

    test("as much as can be uploaded, takes it", async () => {
      zipOf(50 * mebibyte);
      expect(readFileSync(await pathOf(model()))).toHaveLength(50 * mebibyte);
    });

    test("more than can be uploaded, fails", () => {
      zipOf(50 * mebibyte + 1);
      expect(model).toThrow(
        new Error(
          "the code is 50.0 MiB zipped; Lambda takes at most 50.0 MiB. " +
            "The biggest files: model.bin (0.0 MiB), handler.py (0.0 MiB). " +
            "Leave out what is not needed, or use a container image",
        ),
      );
      expect(readdirSync(join(cache, "groundwork"))).toEqual([]);
    });
  });
});

test("writes what is left when the system takes only part of it", async () => {
  const whole = fs.writeSync;
  jest
    .spyOn(fs, "writeSync")
    .mockImplementationOnce(((to: number, bytes: Uint8Array) =>
      whole(to, bytes.subarray(0, 3))) as typeof fs.writeSync);
  const folder = makeFolder();
  writeFileSync(join(folder, "a"), "1");
  expect(await contentOf(packageFolder(folder).archive)).toEqual({ a: "1" });
});
