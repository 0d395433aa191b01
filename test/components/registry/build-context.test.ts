import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { hashBuildContext } from "../../../components/registry/build-context";
import { makeFolder } from "../../support/folders";

const files = { Dockerfile: "FROM scratch\n", "src/app.py": "print()\n", "src/run.sh": "true\n" };
const settings = { dockerfile: "Dockerfile", platform: "linux/amd64", buildArgs: {} };

/** Whether a change to a folder changes its hash. */
function counts(folder: string, change: (folder: string) => void): boolean {
  const before = hashBuildContext(folder, settings);
  change(folder);
  return hashBuildContext(folder, settings) !== before;
}

const write =
  (path: string, content = "changed") =>
  (folder: string) =>
    writeFileSync(join(folder, path), content);

describe("hashBuildContext", () => {
  test("is 64 hexadecimal digits", () => {
    expect(hashBuildContext(makeFolder(files), settings)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is the same for the same content at another place, time, umask and order", () => {
    const one = makeFolder(files, ["src/run.sh"]);
    const before = process.umask(0o077);
    try {
      const two = makeFolder(Object.fromEntries(Object.entries(files).reverse()));
      chmodSync(join(two, "src/run.sh"), 0o700);
      for (const path of Object.keys(files)) utimesSync(join(two, path), 1e9, 1e9);
      expect(hashBuildContext(two, settings)).toBe(hashBuildContext(one, settings));
    } finally {
      process.umask(before);
    }
  });

  test.each<[string, (folder: string) => void]>([
    ["a file's content", write("src/app.py")],
    ["whether a file may be run", (folder) => chmodSync(join(folder, "src/app.py"), 0o755)],
    ["a file's name", (folder) => renameSync(join(folder, "src/app.py"), join(folder, "src/a.py"))],
    ["a file's folder", (folder) => renameSync(join(folder, "src"), join(folder, "lib"))],
    ["one file more", write("src/new", "")],
    ["one file less", (folder) => rmSync(join(folder, "src/run.sh"))],
    ["the Dockerfile", write("Dockerfile")],
  ])("changes with %s", (_, change) => {
    expect(counts(makeFolder(files), change)).toBe(true);
  });

  test.each<[string, (folder: string) => void]>([
    ["dates", (folder) => utimesSync(join(folder, "src/app.py"), 1e9, 1e9)],
    ["who else may read a file", (folder) => chmodSync(join(folder, "src/app.py"), 0o600)],
    ["an empty folder", (folder) => mkdirSync(join(folder, "empty"))],
  ])("does not change with %s", (_, change) => {
    expect(counts(makeFolder(files), change)).toBe(false);
  });

  test("tells two files from one whose content looks like both", () => {
    const two = makeFolder({ a: "1", b: "2" });
    expect(hashBuildContext(makeFolder({ a: "12" }), settings)).not.toBe(
      hashBuildContext(two, settings),
    );
    expect(hashBuildContext(makeFolder({ a: "2", b: "1" }), settings)).not.toBe(
      hashBuildContext(two, settings),
    );
  });

  test.each([
    ["Dockerfile", { dockerfile: "other.Dockerfile" }],
    ["platform", { platform: "linux/arm64" }],
    ["build arguments", { buildArgs: { VERSION: "1" } }],
  ])("changes with the build's %s", (_, other) => {
    const folder = makeFolder(files);
    expect(hashBuildContext(folder, { ...settings, ...other })).not.toBe(
      hashBuildContext(folder, settings),
    );
  });

  test("changes with a build argument's value, and not with the order of the arguments", () => {
    const folder = makeFolder(files);
    const hash = (buildArgs: Record<string, string>) =>
      hashBuildContext(folder, { ...settings, buildArgs });
    expect(hash({ B: "2", A: "1" })).toBe(hash({ A: "1", B: "2" }));
    expect(hash({ A: "2", B: "1" })).not.toBe(hash({ A: "1", B: "2" }));
  });

  describe("with a .dockerignore", () => {
    const ignoring = (patterns: string) =>
      makeFolder({
        ...files,
        ".dockerignore": patterns,
        "docs/README.md": "",
        "docs/other.md": "",
        "src/__pycache__/a.pyc": "",
      });

    test.each<[string, string, (folder: string) => void, boolean]>([
      ["a file left out", "docs/other.md\n", write("docs/other.md"), false],
      ["a file in a folder left out", "docs\n", write("docs/other.md"), false],
      ["a new file in a folder left out", "docs/\n", write("docs/new.md"), false],
      ["a file left out at any depth", "**/__pycache__\n", write("src/__pycache__/a.pyc"), false],
      ["a file beside", "docs\n", write("src/app.py"), true],
      [
        "an exception in a folder left out",
        "docs\n!docs/README.md\n",
        write("docs/README.md"),
        true,
      ],
      ["the rest of that folder", "docs\n!docs/README.md\n", write("docs/other.md"), false],
      ["what is let in again", "*\n!src\n", write("src/app.py"), true],
      ["what is not let in again", "*\n!src\n", write("docs/README.md"), false],
      [
        "what a later line leaves out",
        "*\n!src\n**/__pycache__\n",
        write("src/__pycache__/a.pyc"),
        false,
      ],
      ["a commented line's file", "# docs\n", write("docs/README.md"), true],
    ])("counts %s as it should", (_, patterns, change, expected) => {
      expect(counts(ignoring(patterns), change)).toBe(expected);
    });

    test("counts the Dockerfile that it leaves out, and no other one", () => {
      const web = "build/web.Dockerfile";
      const folder = makeFolder({
        ...files,
        ".dockerignore": "*\n!src\n",
        [web]: "FROM scratch\n",
      });
      const hash = (dockerfile: string) => hashBuildContext(folder, { ...settings, dockerfile });
      const before = [hash("Dockerfile"), hash(web)];
      write(web)(folder);
      expect([hash("Dockerfile") === before[0], hash(web) === before[1]]).toEqual([true, false]);
    });

    test("does not mind where a link leads that is left out", () => {
      const folder = makeFolder({ ...files, ".dockerignore": ".venv\n" });
      const before = hashBuildContext(folder, settings);
      mkdirSync(join(folder, ".venv"));
      symlinkSync(process.execPath, join(folder, ".venv/python"));
      expect(hashBuildContext(folder, settings)).toBe(before);
    });
  });

  test("fails when there is no such folder", () => {
    const missing = join(makeFolder(), "web");
    expect(() => hashBuildContext(missing, settings)).toThrow(
      new Error(`${missing} is no folder. Give its path from where the program runs.`),
    );
  });

  test("fails when a link leads outside", () => {
    const outside = makeFolder({ a: "" });
    const folder = makeFolder(files);
    symlinkSync(join(outside, "a"), join(folder, "src/link"));
    expect(() => hashBuildContext(folder, settings)).toThrow(
      new Error(`src/link is a link to ${outside}/a, outside ${folder}. Copy what it leads to.`),
    );
  });
});
