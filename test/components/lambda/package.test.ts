import { createHash, randomFillSync } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";

import os = require("node:os");
import fflate = require("fflate");

import { packageFolder, zipFolder } from "../../../components/lambda/package";
import { makeFolder } from "../../support/folders";

const mebibyte = 1024 ** 2;

/** Path, Unix mode and date of every entry, from the zip's own directory, in its order. */
function directoryOf(zip: Uint8Array) {
  const bytes = Buffer.from(zip);
  const entries: { path: string; mode: string; madeOn: number; date: number; time: number }[] = [];
  for (
    let at = bytes.indexOf("PK\u0001\u0002");
    at >= 0;
    at = bytes.indexOf("PK\u0001\u0002", at + 46)
  ) {
    entries.push({
      path: bytes.toString("utf8", at + 46, at + 46 + bytes.readUInt16LE(at + 28)),
      mode: (bytes.readUInt32LE(at + 38) >>> 16).toString(8),
      madeOn: bytes.readUInt8(at + 5),
      time: bytes.readUInt16LE(at + 12),
      date: bytes.readUInt16LE(at + 14),
    });
  }
  return entries;
}

const unzipped = (folder: string) =>
  Object.fromEntries(
    Object.entries(fflate.unzipSync(zipFolder(folder))).map(([path, content]) => [
      path,
      Buffer.from(content).toString(),
    ]),
  );

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b));

/** Bytes of no pattern: nothing makes them smaller. */
function noise(size: number): Uint8Array {
  return randomFillSync(new Uint8Array(size));
}

describe("zipFolder", () => {
  const files = { "handler.py": "import lib\n", "lib/__init__.py": "", "lib/tool.sh": "echo\n" };

  test("holds every file with its content", () => {
    expect(unzipped(makeFolder(files))).toEqual(files);
  });

  test("holds content that is not text as it is", () => {
    const content = noise(100_000);
    const zip = fflate.unzipSync(zipFolder(makeFolder({ "lib.so": content })));
    expect(Object.keys(zip)).toEqual(["lib.so"]);
    expect(sameBytes(zip["lib.so"] ?? new Uint8Array(), content)).toBe(true);
  });

  test("sorts entries, keeps only of the mode whether a file may be run, and fixes dates", () => {
    const entry = { madeOn: 3, time: 0, date: 0b0000000_0001_00001 };
    expect(directoryOf(zipFolder(makeFolder(files, ["lib/tool.sh"])))).toEqual([
      { path: "handler.py", mode: "644", ...entry },
      { path: "lib/__init__.py", mode: "644", ...entry },
      { path: "lib/tool.sh", mode: "755", ...entry },
    ]);
  });

  test("gives the same bytes for the same content at another path, time, umask and order", () => {
    const one = makeFolder(files, ["lib/tool.sh"]);
    const before = process.umask(0o077);
    try {
      const two = makeFolder(Object.fromEntries(Object.entries(files).reverse()));
      chmodSync(join(two, "lib/tool.sh"), 0o700);
      for (const path of Object.keys(files)) utimesSync(join(two, path), 1e9, 1e9);
      expect(statSync(join(two, "handler.py")).mode & 0o777).toBe(0o600);
      expect(statSync(join(one, "handler.py")).mode & 0o777).not.toBe(0o600);
      expect(sameBytes(zipFolder(one), zipFolder(two))).toBe(true);
    } finally {
      process.umask(before);
    }
  });

  test.each<[string, (folder: string) => void]>([
    ["content", (folder) => writeFileSync(join(folder, "handler.py"), "import lab\n")],
    ["right to be run", (folder) => chmodSync(join(folder, "handler.py"), 0o755)],
    ["list of files", (folder) => writeFileSync(join(folder, "new"), "")],
  ])("gives other bytes when the %s changes", (_, change) => {
    const folder = makeFolder(files);
    const before = zipFolder(folder);
    expect(sameBytes(zipFolder(folder), before)).toBe(true);
    change(folder);
    expect(sameBytes(zipFolder(folder), before)).toBe(false);
  });

  test("leaves out what a run or a checkout leaves behind", () => {
    const folder = makeFolder({
      "handler.py": "",
      "handler.pyc": "x",
      "__pycache__/handler.cpython-313.pyc": "x",
      "lib/__pycache__/a.txt": "x",
      ".git/HEAD": "x",
      ".pytest_cache/README.md": "x",
      ".DS_Store": "x",
      "lib/.DS_Store": "x",
      ".gitignore": "kept",
      "my__pycache__/a": "kept",
      "a.pyc.txt": "kept",
    });
    expect(unzipped(folder)).toEqual({
      "handler.py": "",
      ".gitignore": "kept",
      "my__pycache__/a": "kept",
      "a.pyc.txt": "kept",
    });
  });

  test("holds what a link inside the folder leads to", () => {
    const folder = makeFolder({ "real/a.py": "1", "real/tool": "2" }, ["real/tool"]);
    symlinkSync("real/a.py", join(folder, "b.py"));
    symlinkSync("real", join(folder, "linked"));
    expect(unzipped(folder)).toEqual({
      "b.py": "1",
      "linked/a.py": "1",
      "linked/tool": "2",
      "real/a.py": "1",
      "real/tool": "2",
    });
  });

  test("fails when the folder is missing", () => {
    const missing = join(makeFolder(), "src");
    expect(() => zipFolder(missing)).toThrow(
      new Error(`${missing} is no folder. Give its path from where the program runs.`),
    );
  });

  test.each([
    ["is empty", {}],
    ["has only what is left out", { "__pycache__/a.pyc": "", ".DS_Store": "" }],
  ])("fails when the folder %s", (_, content) => {
    const folder = makeFolder(content);
    mkdirSync(join(folder, "empty"));
    expect(() => zipFolder(folder)).toThrow(
      new Error(`The folder ${folder} has no files to package.`),
    );
  });

  test("fails when a link leads outside", () => {
    const outside = makeFolder({ secret: "x" });
    const folder = makeFolder({ "handler.py": "" });
    symlinkSync(join(outside, "secret"), join(folder, "link"));
    expect(() => zipFolder(folder)).toThrow(
      new Error(`link is a link to ${outside}/secret, outside ${folder}. Copy what it leads to.`),
    );
  });

  test("fails when a link leads to nothing", () => {
    const folder = makeFolder({ "handler.py": "" });
    symlinkSync("gone.py", join(folder, "link.py"));
    expect(() => zipFolder(folder)).toThrow(
      new Error(`link.py in ${folder} is a link to nothing. Mend or remove it.`),
    );
  });

  test("fails when links run in a circle", () => {
    const folder = makeFolder({ "lib/a.py": "" });
    symlinkSync("..", join(folder, "lib/up"));
    expect(() => zipFolder(folder)).toThrow(
      new Error(`lib/up in ${folder} is a link to a folder that it lies in. Remove it.`),
    );
  });

  test("does not mind where a link leads that is left out anyway", () => {
    const folder = makeFolder({ "handler.py": "" });
    symlinkSync("gone.pyc", join(folder, "handler.pyc"));
    expect(unzipped(folder)).toEqual({ "handler.py": "" });
  });

  test("fails when the files together are more than Lambda unzips, and names the five biggest", () => {
    const sizes = { "a.bin": 251, "b.bin": 3, "c.bin": 2, "lib/d.bin": 5, "e.bin": 4, "f.bin": 1 };
    const folder = makeFolder(Object.fromEntries(Object.keys(sizes).map((path) => [path, ""])));
    for (const [path, size] of Object.entries(sizes)) {
      truncateSync(join(folder, path), size * mebibyte);
    }
    expect(() => zipFolder(folder)).toThrow(
      new Error(
        `The folder ${folder} is 266.0 MiB unzipped; Lambda takes at most 250.0 MiB. ` +
          "The biggest files: a.bin (251.0 MiB), lib/d.bin (5.0 MiB), e.bin (4.0 MiB), " +
          "b.bin (3.0 MiB), c.bin (2.0 MiB). " +
          "Leave out what the function does not need, or use a container image.",
      ),
    );
  });

  describe("with a zip of", () => {
    // To make a zip of this size takes seconds; its size is all that counts here.
    const zipOf = (bytes: number) =>
      jest.spyOn(fflate, "zipSync").mockReturnValue(new Uint8Array(bytes));

    afterEach(() => {
      jest.restoreAllMocks();
    });

    test("as much as can be uploaded, takes it", () => {
      zipOf(50 * mebibyte);
      expect(zipFolder(makeFolder({ "handler.py": "" }))).toHaveLength(50 * mebibyte);
    });

    test("more than can be uploaded, fails", () => {
      zipOf(50 * mebibyte + 1);
      const folder = makeFolder({ "handler.py": "", "model.bin": noise(mebibyte) });
      expect(() => zipFolder(folder)).toThrow(
        new Error(
          `The folder ${folder} is 50.0 MiB zipped; Lambda takes at most 50.0 MiB. ` +
            "The biggest files: model.bin (1.0 MiB), handler.py (0.0 MiB). " +
            "Leave out what the function does not need, or use a container image.",
        ),
      );
    });
  });
});

describe("packageFolder", () => {
  const files = { "handler.py": "1\n" };
  let temporary: string;

  beforeEach(() => {
    temporary = makeFolder();
    jest.spyOn(os, "tmpdir").mockReturnValue(temporary);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const packaged = (folder: string) => (packageFolder(folder) as pulumi.asset.FileArchive).path;

  /** Has the program run as the user with this number. */
  const runAs = (uid: number) =>
    jest.spyOn(os, "userInfo").mockReturnValue({ ...os.userInfo(), uid });

  const ofSomebodyElse = (folder: string) =>
    new Error(`${folder} belongs to somebody else. Remove it, or set TMPDIR to another folder.`);

  test("keeps the zip under the hash of its content, in a folder that only its user can look into", async () => {
    const folder = makeFolder(files);
    const zip = zipFolder(folder);
    const hash = createHash("sha256").update(zip).digest("hex");
    const packages = join(temporary, `groundwork-packages-${os.userInfo().uid}`);
    expect(await packaged(folder)).toBe(join(packages, `${hash}.zip`));
    expect(statSync(packages).mode & 0o777).toBe(0o700);
    expect(readdirSync(packages)).toEqual([`${hash}.zip`]);
    expect(sameBytes(readFileSync(join(packages, `${hash}.zip`)), zip)).toBe(true);
  });

  test("has one place for the same content, and another beside it for other content", async () => {
    const path = await packaged(makeFolder(files));
    expect(await packaged(makeFolder(files))).toBe(path);
    const other = await packaged(makeFolder({ "handler.py": "2\n" }));
    expect([dirname(other), other === path]).toEqual([dirname(path), false]);
    expect(readdirSync(dirname(path))).toEqual([basename(path), basename(other)].sort());
  });

  test("puts a whole file in the place of one that may just be read", async () => {
    const path = await packaged(makeFolder(files));
    const before = statSync(path).ino;
    await packaged(makeFolder(files));
    expect(statSync(path).ino).not.toBe(before);
  });

  test("takes its folder where the system has no numbers for users", async () => {
    runAs(-1);
    expect(dirname(await packaged(makeFolder(files)))).toBe(
      join(temporary, "groundwork-packages--1"),
    );
  });

  test("fails when its folder is another user's", () => {
    runAs(os.userInfo().uid + 1);
    const uid = os.userInfo().uid;
    const folder = makeFolder(files);
    expect(() => packageFolder(folder)).toThrow(
      ofSomebodyElse(join(temporary, `groundwork-packages-${uid}`)),
    );
  });

  test("fails when its folder is a link that somebody may have put there", () => {
    const packages = join(temporary, `groundwork-packages-${os.userInfo().uid}`);
    symlinkSync(makeFolder(), packages);
    const folder = makeFolder(files);
    expect(() => packageFolder(folder)).toThrow(ofSomebodyElse(packages));
  });

  test("fails as zipFolder does", () => {
    const folder = makeFolder();
    expect(() => packageFolder(folder)).toThrow(
      new Error(`The folder ${folder} has no files to package.`),
    );
  });
});
