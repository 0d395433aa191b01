import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import type { Code, Target } from "../../../components/lambda/code";
import { platforms } from "../../../components/lambda/pip";
import { pythonCode, pythonPackages } from "../../../components/lambda/python-code";
import { makeFolder } from "../../support/folders";
import { withoutVariables } from "../../support/variables";

import childProcess = require("node:child_process");

withoutVariables("XDG_CACHE_HOME");
let cache: string;

beforeEach(() => {
  cache = makeFolder();
  process.env["XDG_CACHE_HOME"] = cache;
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** A wheel, as a package index would have it. */
interface Wheel {
  readonly name: string;
  /** Python, ABI and platform, like `py3-none-any`. */
  readonly tag: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A requirements file for wheels that lie in a folder beside it, locked with their hashes. */
function locked(...wheels: readonly Wheel[]): string {
  const folder = makeFolder();
  const lines = ["--no-index", `--find-links ${folder}`];
  for (const name of new Set(wheels.map((wheel) => wheel.name))) {
    const hashes = wheels.filter((wheel) => wheel.name === name).map((each) => add(folder, each));
    lines.push(`${name}==1.0 ${hashes.map((hash) => `--hash=sha256:${hash}`).join(" ")}`);
  }
  const requirements = join(folder, "requirements.txt");
  writeFileSync(requirements, `${lines.join("\n")}\n`);
  return requirements;
}

/** Puts a wheel into a folder, and gives its hash. */
function add(folder: string, { name, tag, files = {} }: Wheel): string {
  const info = `${name}-1.0.dist-info`;
  const all: Record<string, string> = {
    [`${name}/__init__.py`]: `TAG = "${tag}"\n`,
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    [`${info}/entry_points.txt`]: entryPoints(name),
  };
  const record = [...Object.keys(all), `${info}/RECORD`].map((path) => `${path},,\n`).join("");
  all[`${info}/RECORD`] = record;
  const zip = zipSync(
    Object.fromEntries(Object.entries(all).map(([path, text]) => [path, strToU8(text)])),
  );
  writeFileSync(join(folder, `${name}-1.0-${tag}.whl`), zip);
  return createHash("sha256").update(zip).digest("hex");
}

const target: Target = { runtime: "python3.13", architecture: "arm64" };

/** The files of code with their content, but for pip's notes on a package. */
function filesOf(code: Code, to = target): Record<string, string> {
  const files = code.files(to).map(({ path, read }) => [path, Buffer.from(read()).toString()]);
  return Object.fromEntries(
    files.filter(([path]) => !/dist-info\/(METADATA|WHEEL)$/.test(path ?? "")),
  );
}

const pure = { name: "shout", tag: "py3-none-any" };
const entryPoints = (name: string) => `[console_scripts]\n${name} = ${name}:main\n`;

describe("pythonCode", () => {
  test("is the folder with its packages, without what names this machine or what the runtime has", () => {
    const folder = makeFolder({ "handler.py": "import shout\n", "__pycache__/a.pyc": "" });
    const sdk = ["boto3", "botocore", "s3transfer"].map((name) => ({ name, tag: "py3-none-any" }));
    const requirements = locked(pure, ...sdk, { name: "boto3_tools", tag: "py3-none-any" });
    const spawn = jest.spyOn(childProcess, "spawnSync");

    const code = pythonCode(folder, { requirements });
    expect([code.language, code.environment]).toEqual(["python", {}]);
    const withoutSdk = {
      "handler.py": "import shout\n",
      "shout/__init__.py": 'TAG = "py3-none-any"\n',
      "shout-1.0.dist-info/entry_points.txt": entryPoints("shout"),
      "boto3_tools/__init__.py": 'TAG = "py3-none-any"\n',
      "boto3_tools-1.0.dist-info/entry_points.txt": entryPoints("boto3_tools"),
    };
    expect(filesOf(code)).toEqual(withoutSdk);

    const added = sdk.flatMap(({ name }) => [
      `${name}/__init__.py`,
      `${name}-1.0.dist-info/entry_points.txt`,
    ]);
    expect(
      Object.keys(filesOf(pythonCode(folder, { requirements, packSdk: true }))).sort(),
    ).toEqual([...Object.keys(withoutSdk), ...added].sort());
    // Once for both, with nothing but what it is told.
    expect(spawn).toHaveBeenCalledTimes(1);
    expect(spawn.mock.calls[0]?.[2]).toMatchObject({
      env: { PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0" },
    });
    expect(readdirSync(join(cache, "groundwork"))).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}\.packages$/),
    ]);
  });
});

describe("platforms", () => {
  test("of Amazon Linux 2023 are those up to its glibc, the newest first", () => {
    expect(platforms("3.12", "arm64")).toEqual([
      ...[34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17].map(
        (minor) => `manylinux_2_${minor}_aarch64`,
      ),
      "manylinux2014_aarch64",
    ]);
  });

  test("of Amazon Linux 2 are fewer", () => {
    expect(platforms("3.11", "x86_64")).toEqual([
      ...[26, 25, 24, 23, 22, 21, 20, 19, 18, 17].map((minor) => `manylinux_2_${minor}_x86_64`),
      "manylinux2014_x86_64",
    ]);
  });
});

describe("pythonPackages", () => {
  test("are the best wheels that run on the function", () => {
    const tags = [
      "cp313-cp313-manylinux_2_39_aarch64",
      "cp313-cp313-manylinux_2_28_aarch64",
      "cp313-cp313-manylinux_2_17_aarch64",
      "cp313-cp313-manylinux_2_28_x86_64",
      "cp311-cp311-manylinux_2_28_aarch64",
      "cp313-cp313-macosx_11_0_arm64",
    ];
    const code = pythonPackages(locked(...tags.map((tag) => ({ name: "native", tag }))));
    expect(filesOf(code)["native/__init__.py"]).toBe(
      'TAG = "cp313-cp313-manylinux_2_28_aarch64"\n',
    );
  });

  test.each<[string, () => string, (requirements: string) => string]>([
    [
      "is without hashes",
      () => {
        const file = locked(pure);
        writeFileSync(file, readFileSync(file, "utf8").replace(/ --hash=.*/, ""));
        return file;
      },
      (file) =>
        `pip can't install ${file}: it must list every package with its version and hashes: ` +
        "lock it with pip-compile --generate-hashes",
    ],
    [
      "has no wheel that fits",
      () => locked({ name: "native", tag: "cp313-cp313-macosx_11_0_arm64" }),
      (file) =>
        `pip can't install ${file}: No matching distribution found for native==1.0: ` +
        "there must be a wheel for Python 3.13 and the function's processor",
    ],
    [
      "has another hash than the wheel",
      () => {
        const file = locked(pure);
        add(join(file, ".."), { ...pure, files: { "shout/evil.py": "" } });
        return file;
      },
      (file) =>
        `pip can't install ${file}: a package is not the one that was locked: ` +
        "see who changed it, then lock anew",
    ],
    [
      "leads to another file",
      () =>
        join(makeFolder({ "requirements.txt": "a==1\n -r more.txt # more\n" }), "requirements.txt"),
      (file) => `${file} has "-r more.txt # more": give one file with everything, locked`,
    ],
    [
      "is missing",
      () => "no/requirements.txt",
      (file) => `${file} can't be read: give its path from where the program runs`,
    ],
  ])("fail when the requirements file %s", (_, file, message) => {
    const requirements = file();
    expect(() => filesOf(pythonPackages(requirements))).toThrow(new Error(message(requirements)));
  });

  const pipSays = (result: Partial<ReturnType<typeof childProcess.spawnSync>>) =>
    jest
      .spyOn(childProcess, "spawnSync")
      .mockReturnValue({ status: 1, ...result } as ReturnType<typeof childProcess.spawnSync>);

  test.each<[string, Parameters<typeof pipSays>[0], string]>([
    [
      "the index can't be reached",
      {
        stderr:
          "WARNING: Retrying (Retry(total=4)) after connection broken\nERROR: No matching distribution found for shout==1.0\n",
      },
      "the package index can't be reached: see to the network, or to pip's own settings",
    ],
    ["pip says something else", { stderr: "ERROR: one\nERROR: two\n" }, "two"],
    [
      "there is no pip",
      { stderr: "python3: No module named pip\n" },
      "python3: No module named pip",
    ],
  ])("fail when %s", (_, result, message) => {
    pipSays(result);
    const requirements = locked(pure);
    expect(() => filesOf(pythonPackages(requirements))).toThrow(
      new Error(`pip can't install ${requirements}: ${message}`),
    );
  });

  test("fail without Python", () => {
    pipSays({ error: new Error("spawnSync python3 ENOENT") });
    expect(() => filesOf(pythonPackages(locked(pure)))).toThrow(
      new Error("python3 can't be run (spawnSync python3 ENOENT): install Python 3 with pip"),
    );
  });

  test("fail for another runtime", () => {
    const code = pythonPackages(locked(pure));
    expect(() => filesOf(code, { ...target, runtime: "nodejs22.x" })).toThrow(
      new Error("it is Python, and the runtime is nodejs22.x: give one like python3.13"),
    );
  });
});
