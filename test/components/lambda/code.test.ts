import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../../../components/arguments";
import {
  type Code,
  type CodeSource,
  folderFiles,
  packageCode,
  type Target,
} from "../../../components/lambda/code";
import { makeFolder } from "../../support/folders";
import { contentOf } from "../../support/zips";

const contents = (folder: string) =>
  Object.fromEntries(
    folderFiles(folder).map(({ path, read }) => [path, Buffer.from(read()).toString()]),
  );

describe("folderFiles", () => {
  test("are all files, with what they are", () => {
    const folder = makeFolder({ "handler.py": "import lib\n", "lib/tool": "" }, ["lib/tool"]);
    expect(folderFiles(folder).map(({ read, ...rest }) => rest)).toEqual([
      { path: "handler.py", executable: false, size: 11 },
      { path: "lib/tool", executable: true, size: 0 },
    ]);
    expect(contents(folder)).toEqual({ "handler.py": "import lib\n", "lib/tool": "" });
  });

  test("leave out what a run or a checkout leaves behind", () => {
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
    expect(contents(folder)).toEqual({
      "handler.py": "",
      ".gitignore": "kept",
      "my__pycache__/a": "kept",
      "a.pyc.txt": "kept",
    });
  });

  test("are what a link inside the folder leads to", () => {
    const folder = makeFolder({ "real/a.py": "1", "real/tool": "2" }, ["real/tool"]);
    symlinkSync("real/a.py", join(folder, "b.py"));
    symlinkSync("real", join(folder, "linked"));
    expect(contents(folder)).toEqual({
      "b.py": "1",
      "linked/a.py": "1",
      "linked/tool": "2",
      "real/a.py": "1",
      "real/tool": "2",
    });
  });

  test("don't mind where a link leads that is left out anyway", () => {
    const folder = makeFolder({ "handler.py": "" });
    symlinkSync("gone.pyc", join(folder, "handler.pyc"));
    expect(contents(folder)).toEqual({ "handler.py": "" });
  });

  test.each<[string, (folder: string) => void, (folder: string) => string]>([
    [
      "leads to nothing",
      (folder) => symlinkSync("gone.py", join(folder, "link")),
      (folder) => `link in ${folder} is a link to nothing. Mend or remove it.`,
    ],
    [
      "leads outside",
      (folder) => symlinkSync("/", join(folder, "link")),
      (folder) => `link is a link to /, outside ${folder}. Copy what it leads to.`,
    ],
    [
      "leads to a folder that it lies in",
      (folder) => {
        mkdirSync(join(folder, "lib"));
        symlinkSync("..", join(folder, "lib/up"));
      },
      (folder) => `lib/up in ${folder} is a link to a folder that it lies in. Remove it.`,
    ],
  ])("fail when a link %s", (_, change, message) => {
    const folder = makeFolder({ "handler.py": "" });
    change(folder);
    expect(() => folderFiles(folder)).toThrow(new Error(message(folder)));
  });
});

describe("packageCode", () => {
  /** What comes of a function's code, and its problems. */
  function packaged(code: CodeSource, runtime: pulumi.Input<string> = "python3.13", layer = false) {
    const check = new ArgumentCheck("type", "name");
    const result = packageCode(check, code, { runtime, architecture: "x86_64" }, layer);
    let problem: string | undefined;
    try {
      check.throwIfAny();
    } catch (error) {
      problem = (error as Error).message.split("\n  - ")[1];
    }
    return { code: result, problem };
  }

  const built = (asked: Target[] = []): Code => ({
    subject: "the code",
    language: "python",
    environment: { LANG: "C" },
    files(target) {
      asked.push(target);
      return [{ path: "a.py", executable: false, size: 1, read: () => Buffer.from("1") }];
    },
  });

  test("of a folder", async () => {
    const { code, problem } = packaged(makeFolder({ a: "12" }));
    expect(problem).toBeUndefined();
    expect(code?.unzippedBytes).toBe(2);
    expect(code && (await contentOf(code.archive))).toEqual({ a: "12" });
  });

  test("of a ready-made archive is that archive", () => {
    const archive = new pulumi.asset.FileArchive("ready.zip");
    expect(packaged(archive)).toEqual({ code: { archive }, problem: undefined });
  });

  test("of code that is built for its target, with the variables that it needs", async () => {
    const asked: Target[] = [];
    const { code } = packaged(built(asked));
    expect(asked).toEqual([{ runtime: "python3.13", architecture: "x86_64" }]);
    expect(code?.environment).toEqual({ LANG: "C" });
    expect(code && (await contentOf(code.archive))).toEqual({ "a.py": "1" });
  });

  test("for a layer lies where the runtime looks for it", async () => {
    const { code } = packaged(built(), "python3.13", true);
    expect(code && (await contentOf(code.archive))).toEqual({ "python/a.py": "1" });
  });

  test("for a layer leaves a folder as it is", async () => {
    const { code } = packaged(makeFolder({ "bin/a": "1" }), "python3.13", true);
    expect(code && (await contentOf(code.archive))).toEqual({ "bin/a": "1" });
  });

  test.each<[string, () => CodeSource, pulumi.Input<string>, string]>([
    [
      "is missing",
      () => undefined as unknown as string,
      "python3.13",
      "code is missing: give a folder",
    ],
    [
      "can't be built yet",
      built,
      pulumi.output("python3.13"),
      "code: it is built for the runtime, which must be known now: give it as text",
    ],
    [
      "can't be built",
      () => ({
        ...built(),
        files() {
          throw new Error("it is broken");
        },
      }),
      "python3.13",
      "code: it is broken",
    ],
    [
      "is no folder",
      () => "no/folder",
      "python3.13",
      "code: no/folder is no folder. Give its path from where the program runs.",
    ],
  ])("fails when it %s", (_, code, runtime, problem) => {
    expect(packaged(code(), runtime)).toEqual({ code: undefined, problem });
  });
});
