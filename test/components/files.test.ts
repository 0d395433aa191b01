import { mkdirSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { listFiles } from "../../components/files";
import { makeFolder } from "../support/folders";

const everything = () => true;
const paths = (folder: string, include: (path: string) => boolean = everything) =>
  listFiles(folder, include).map((file) => file.path);

describe("listFiles", () => {
  test("tells path, place, size and whether it may be run", () => {
    const folder = makeFolder({ "run.sh": "#!/bin/sh\n", "lib/a.py": "" }, ["run.sh"]);
    expect(listFiles(folder, everything)).toEqual([
      { path: "lib/a.py", source: join(folder, "lib/a.py"), executable: false, size: 0 },
      { path: "run.sh", source: join(folder, "run.sh"), executable: true, size: 10 },
    ]);
  });

  test("keeps to one order, whatever the order in which the files were made", () => {
    const names = ["b", "a/z", "a.txt", "B", "a-b", "é", "a/Z"];
    const sorted = ["B", "a-b", "a.txt", "a/Z", "a/z", "b", "é"];
    const files = (order: readonly string[]) => Object.fromEntries(order.map((name) => [name, ""]));
    expect(paths(makeFolder(files(names)))).toEqual(sorted);
    expect(paths(makeFolder(files(names.toReversed())))).toEqual(sorted);
  });

  test("lists nothing in a folder of empty folders", () => {
    const folder = makeFolder();
    mkdirSync(join(folder, "a/b"), { recursive: true });
    expect(paths(folder)).toEqual([]);
  });

  test("leaves out what is not wanted, and does not look into an unwanted folder", () => {
    const folder = makeFolder({ "a/keep": "", "a/drop": "", "b/c/keep": "", keep: "" });
    const asked: string[] = [];
    const include = (path: string) => {
      asked.push(path);
      return path !== "b/" && !path.endsWith("drop");
    };
    expect(paths(folder, include)).toEqual(["a/keep", "keep"]);
    expect(asked.sort()).toEqual(["a/", "a/drop", "a/keep", "b/", "keep"]);
  });

  test("looks into an unwanted folder when told to", () => {
    const folder = makeFolder({ "docs/README": "", "docs/other": "" });
    const files = listFiles(folder, (path) => path === "docs/README", true);
    expect(files.map((file) => file.path)).toEqual(["docs/README"]);
  });

  test("follows links to files and folders inside", () => {
    const folder = makeFolder({ "real/a": "12", "real/run": "" }, ["real/run"]);
    symlinkSync("real", join(folder, "folder-link"));
    symlinkSync("real/a", join(folder, "file-link"));
    expect(listFiles(folder, everything)).toEqual([
      { path: "file-link", source: join(folder, "file-link"), executable: false, size: 2 },
      { path: "folder-link/a", source: join(folder, "folder-link/a"), executable: false, size: 2 },
      {
        path: "folder-link/run",
        source: join(folder, "folder-link/run"),
        executable: true,
        size: 0,
      },
      { path: "real/a", source: join(folder, "real/a"), executable: false, size: 2 },
      { path: "real/run", source: join(folder, "real/run"), executable: true, size: 0 },
    ]);
  });

  test("takes a folder that is itself reached by a link", () => {
    const folder = makeFolder({ a: "" });
    const link = join(makeFolder(), "link");
    symlinkSync(folder, link);
    symlinkSync("a", join(folder, "b"));
    expect(paths(link)).toEqual(["a", "b"]);
  });

  test("gives absolute places for a folder by relative path", () => {
    const folder = makeFolder({ a: "" });
    expect(listFiles(relative(process.cwd(), folder), everything)).toEqual([
      { path: "a", source: join(folder, "a"), executable: false, size: 0 },
    ]);
  });

  test("fails when there is no such folder", () => {
    const missing = join(makeFolder(), "missing");
    expect(() => paths(missing)).toThrow(
      new Error(`${missing} is no folder. Give its path from where the program runs.`),
    );
  });

  test("fails when it is a file", () => {
    const file = join(makeFolder({ file: "" }), "file");
    expect(() => paths(file)).toThrow(
      new Error(`${file} is no folder. Give its path from where the program runs.`),
    );
  });

  test("fails when a link leads outside, even to a folder whose name begins the same", () => {
    const parent = makeFolder({ "code/a": "", "code-too/b": "" });
    const folder = join(parent, "code");
    symlinkSync("../code-too/b", join(folder, "link"));
    expect(() => paths(folder)).toThrow(
      new Error(
        `link is a link to ${parent}/code-too/b, outside ${folder}. Copy what it leads to.`,
      ),
    );
  });

  test("fails when a link leads to nothing", () => {
    const folder = makeFolder({ a: "" });
    symlinkSync("gone", join(folder, "link"));
    expect(() => paths(folder)).toThrow(
      new Error(`link in ${folder} is a link to nothing. Mend or remove it.`),
    );
  });

  test("fails when a link leads to itself", () => {
    const folder = makeFolder({ a: "" });
    symlinkSync("link", join(folder, "link"));
    expect(() => paths(folder)).toThrow(
      new Error(`link in ${folder} is a link in a circle. Mend or remove it.`),
    );
  });

  test.each([
    [".", "a/link"],
    ["..", "a/link"],
  ])("fails when a link leads to %s, a folder that it lies in", (target, path) => {
    const folder = makeFolder({ "a/b": "" });
    symlinkSync(target, join(folder, path));
    expect(() => paths(folder)).toThrow(
      new Error(`${path} in ${folder} is a link to a folder that it lies in. Remove it.`),
    );
  });

  test("fails when two links lead into each other's folders", () => {
    const folder = makeFolder({ "a/x": "", "b/y": "" });
    symlinkSync("../b", join(folder, "a/to-b"));
    symlinkSync("../a", join(folder, "b/to-a"));
    expect(() => paths(folder)).toThrow(
      new Error(`a/to-b/to-a in ${folder} is a link to a folder that it lies in. Remove it.`),
    );
  });

  test("does not mind where a link leads that is not wanted", () => {
    const folder = makeFolder({ a: "" });
    symlinkSync("gone", join(folder, "dangling"));
    symlinkSync("..", join(folder, "outside"));
    expect(paths(folder, (path) => path === "a")).toEqual(["a"]);
  });
});
