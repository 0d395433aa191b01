import fs, {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { type BuildSettings, hashBuildContext } from "../../../components/registry/build-context";
import { makeFolder } from "../../support/folders";

const files = { Dockerfile: "FROM scratch\n", "src/app.py": "print()\n", "src/run.sh": "true\n" };
const settings: BuildSettings = {
  dockerfile: "Dockerfile",
  target: undefined,
  platforms: ["linux/amd64"],
  buildKit: false,
  secretNames: [],
  buildArgs: {},
};

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

  test("is the same for the same content at another place, time and order", () => {
    const one = makeFolder(files, ["src/run.sh"]);
    const two = makeFolder(Object.fromEntries(Object.entries(files).reverse()), ["src/run.sh"]);
    for (const path of Object.keys(files)) utimesSync(join(two, path), 1e9, 1e9);
    expect(hashBuildContext(two, settings)).toBe(hashBuildContext(one, settings));
    expect(hashBuildContext(relative(process.cwd(), two), settings)).toBe(
      hashBuildContext(one, settings),
    );
  });

  test.each<[string, (folder: string) => void]>([
    ["a file's content", write("src/app.py")],
    [
      "who may read a file, as it is in the image",
      (folder) => chmodSync(join(folder, "src/app.py"), 0o600),
    ],
    [
      "where a link leads",
      (folder) => {
        rmSync(join(folder, "src/link"));
        symlinkSync("run.sh", join(folder, "src/link"));
      },
    ],
    [
      "a copy in place of a link",
      (folder) => {
        rmSync(join(folder, "src/link"));
        write("src/link", files["src/app.py"])(folder);
      },
    ],
    ["whether a file may be run", (folder) => chmodSync(join(folder, "src/app.py"), 0o755)],
    ["a file's name", (folder) => renameSync(join(folder, "src/run.sh"), join(folder, "src/r.sh"))],
    ["a file's folder", (folder) => renameSync(join(folder, "src"), join(folder, "lib"))],
    ["one file more", write("src/new", "")],
    ["one file less", (folder) => rmSync(join(folder, "src/run.sh"))],
    ["the Dockerfile", write("Dockerfile")],
  ])("changes with %s", (_, change) => {
    const folder = makeFolder(files);
    symlinkSync("app.py", join(folder, "src/link"));
    expect(counts(folder, change)).toBe(true);
  });

  test.each<[string, (folder: string) => void]>([
    ["dates", (folder) => utimesSync(join(folder, "src/app.py"), 1e9, 1e9)],
    ["an empty folder", (folder) => mkdirSync(join(folder, "empty"))],
  ])("does not change with %s", (_, change) => {
    expect(counts(makeFolder(files), change)).toBe(false);
  });

  test("tells two files from one whose content looks like both", () => {
    const hash = (others: Readonly<Record<string, string>>) =>
      hashBuildContext(makeFolder({ Dockerfile: "", ...others }), settings);
    expect(hash({ a: "12" })).not.toBe(hash({ a: "1", b: "2" }));
    expect(hash({ a: "2", b: "1" })).not.toBe(hash({ a: "1", b: "2" }));
  });

  test.each([
    ["Dockerfile", { dockerfile: "src/app.py" }],
    ["stage", { target: "test" }],
    ["platforms", { platforms: ["linux/amd64", "linux/arm64"] }],
    ["builder", { buildKit: true }],
    ["secrets' names", { secretNames: ["TOKEN"] }],
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

  test("fails when there is no Dockerfile", () => {
    const folder = makeFolder({ "src/app.py": "" });
    expect(() => hashBuildContext(folder, settings)).toThrow(
      new Error(`there is no Dockerfile in ${folder}. Give its path within the context.`),
    );
  });

  test.each([
    ["to nothing", "gone"],
    ["in a circle", "link"],
  ])("fails when a link leads %s", (where, target) => {
    const folder = makeFolder(files);
    symlinkSync(target, join(folder, "src/link"));
    expect(() => hashBuildContext(folder, settings)).toThrow(
      new Error(`src/link in ${folder} is a link ${where}. Mend or remove it.`),
    );
  });

  test("fails when a file can't be read", () => {
    const folder = makeFolder(files);
    jest.spyOn(fs, "openSync").mockImplementationOnce(() => {
      throw Object.assign(new Error(), { code: "EACCES" });
    });
    expect(() => hashBuildContext(folder, settings)).toThrow(
      new Error(
        `Dockerfile in ${folder} can't be read (EACCES). Mend it, or let .dockerignore leave it out.`,
      ),
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
