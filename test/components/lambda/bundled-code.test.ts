import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type BundledCodeOptions, bundledCode } from "../../../components/lambda/bundled-code";
import { makeFolder } from "../../support/folders";

const sources = {
  "src/index.ts": `
    import { createHash } from "node:crypto";
    import { S3Client } from "@aws-sdk/client-s3";
    import { shout } from "./lib/shout";
    export const handler = async (name: string) => {
      try { return shout(createHash("md5").update(name).digest("hex")); }
      finally { void S3Client; }
    };`,
  "src/lib/shout.ts": "export const shout = (text: string): string => text?.toUpperCase() ?? '';",
  "node_modules/@aws-sdk/client-s3/index.js": "exports.S3Client = 'bundled';",
  "node_modules/needs-require/index.js": "exports.sep = require('path').sep;",
};

/** The files of a bundle with their content. */
function bundled(entry: string, options?: BundledCodeOptions, runtime = "nodejs22.x") {
  const files = bundledCode(entry, options).files({ runtime, architecture: "arm64" });
  return Object.fromEntries(files.map(({ path, read }) => [path, Buffer.from(read()).toString()]));
}

/** Runs what is packed with Node.js, and gives what it prints. */
function run(files: Record<string, string>, program: string): string {
  const sdk = { "node_modules/@aws-sdk/client-s3/index.js": "exports.S3Client = 'the runtime';" };
  const folder = makeFolder({ ...sdk, ...files, "main.mjs": program });
  return execFileSync(process.execPath, [join(folder, "main.mjs")], { encoding: "utf8" }).trim();
}

const index = (folder: string) => join(folder, "src/index.ts");

describe("bundledCode", () => {
  test("default is one CommonJS module with all it imports but the SDK, and runs", () => {
    const code = bundledCode(index(makeFolder(sources)));
    expect(code.environment).toEqual({});
    expect(code.language).toBe("nodejs");
    const files = bundled(index(makeFolder(sources)));
    expect(Object.keys(files)).toEqual(["index.js"]);
    expect(files["index.js"]).toContain('require("@aws-sdk/client-s3")');
    expect(run(files, 'import m from "./index.js"; console.log(await m.handler("a"));')).toBe(
      "0CC175B9C0F1B6A831C399E269772661",
    );
  });

  test("custom is minified, with the SDK and a source map", () => {
    const options = { minify: true, sourceMap: true, packSdk: true };
    const entry = index(makeFolder(sources));
    expect(bundledCode(entry, options).environment).toEqual({
      NODE_OPTIONS: "--enable-source-maps",
    });
    const files = bundled(entry, options);
    expect(Object.keys(files).sort()).toEqual(["index.js", "index.js.map"]);
    expect(files["index.js"]).not.toContain('require("@aws-sdk');
    expect(files["index.js"]).toMatch(/\/\/# sourceMappingURL=index\.js\.map\n$/);
    const map = JSON.parse(files["index.js.map"] ?? "");
    expect(map.sources.sort()).toEqual([
      "../node_modules/@aws-sdk/client-s3/index.js",
      "index.ts",
      "lib/shout.ts",
    ]);
    expect(map.sourcesContent).toBeUndefined();
  });

  test("as an ES module may await at its top, and requires in CommonJS what Node.js has", () => {
    const folder = makeFolder({
      ...sources,
      "src/index.ts":
        "import { sep } from 'needs-require'; export const handler = () => waited; const waited = await sep;",
    });
    const files = bundled(index(folder), { format: "esm" });
    expect(Object.keys(files)).toEqual(["index.mjs"]);
    expect(run(files, 'import { handler } from "./index.mjs"; console.log(handler());')).toBe("/");
  });

  test("leaves out what a layer brings", () => {
    const folder = makeFolder({ "src/index.ts": 'export { resize } from "sharp";' });
    const files = bundled(index(folder), { external: ["sharp"] });
    expect(files["index.js"]).toContain('require("sharp")');
  });

  test("is in the language of the runtime", () => {
    const folder = makeFolder({ "src/index.ts": "export const unique = (a: number) => a ?? 1;" });
    expect(bundled(index(folder), {}, "nodejs12.x")["index.js"]).not.toContain("??");
    expect(bundled(index(folder), {}, "nodejs22.x")["index.js"]).toContain("a ?? 1");
  });

  test("does not depend on where the checkout is, nor from where the program runs", () => {
    const [one, two] = [makeFolder(sources), makeFolder(sources)];
    const options = { sourceMap: true };
    const expected = bundled(index(one), options);
    mkdirSync(join(two, "elsewhere"));
    symlinkSync(two, join(two, "elsewhere/link"));
    expect(bundled(index(two), options)).toEqual(expected);
    expect(bundled(index(join(two, "elsewhere/link")), options)).toEqual(expected);
    const before = process.cwd();
    process.chdir(two);
    try {
      expect(bundled("src/index.ts", options)).toEqual(expected);
    } finally {
      process.chdir(before);
    }
  });

  test("prints nothing", () => {
    // esbuild would warn of the comparison.
    const folder = makeFolder({ "src/index.ts": "export const never = (a: number) => a === -0;" });
    const program = `
      const { bundledCode } = require("./components/lambda/bundled-code");
      bundledCode(${JSON.stringify(index(folder))}).files({ runtime: "nodejs22.x" });`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "-e", program],
      { encoding: "utf8" },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("fails with everything that esbuild finds, each with its place", () => {
    const folder = makeFolder({
      "src/index.ts": 'import "./gone";\nawait import.meta.url;\n',
    });
    const entry = index(folder);
    expect(() => bundled(entry)).toThrow(
      new Error(
        `${entry} can't be bundled: ` +
          `${entry}:1: Could not resolve "./gone"; ` +
          `${entry}:2: Top-level await is currently not supported with the "cjs" output format; ` +
          `${entry}:2: "import.meta" is not available with the "cjs" output format and will be empty`,
      ),
    );
  });

  test("fails when the entry is missing", () => {
    const folder = makeFolder({ "src/a": "" });
    for (const entry of [index(folder), join(folder, "src")]) {
      expect(() => bundled(entry)).toThrow(
        new Error(`${entry} is no file: give its path from where the program runs`),
      );
    }
  });

  test("fails for another runtime", () => {
    expect(() => bundled("index.ts", {}, "python3.13")).toThrow(
      new Error("it is for Node.js, and the runtime is python3.13: give one like nodejs22.x"),
    );
  });
});
