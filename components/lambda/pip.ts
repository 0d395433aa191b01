import { spawnSync } from "node:child_process";
import type { Architecture } from "./code";

/** Which wheels fit. */
export interface Wheels {
  /** The version of Python, like `3.13`. */
  readonly python: string;
  /** Platform tags, the best first. */
  readonly platforms: readonly string[];
}

/**
 * The platform tags of the wheels that run on a runtime of Lambda: those for its glibc or an older
 * one. pip takes each tag as it is, so that all of them must be listed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 * @see https://peps.python.org/pep-0600/
 */
export function platforms(python: string, architecture: Architecture): readonly string[] {
  const machine = architecture === "arm64" ? "aarch64" : "x86_64";
  // From 3.12 on it is Amazon Linux 2023, before that Amazon Linux 2.
  const newest = Number(python.split(".")[1]) >= 12 ? 34 : 26;
  const oldest = 17;
  return [
    ...Array.from(
      { length: newest - oldest + 1 },
      (_, i) => `manylinux_2_${newest - i}_${machine}`,
    ),
    // pip knows the two before it to be older names.
    `manylinux2014_${machine}`,
  ];
}

/**
 * Installs the packages of a requirements file into a new folder.
 * @throws {Error} what pip says, and what to do
 */
export function pipInstall(requirements: string, { python, platforms }: Wheels, folder: string) {
  const { error, status, stderr } = spawnSync(
    "python3",
    [
      ...["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"],
      ...["--no-compile", "--require-hashes", "--only-binary", ":all:"],
      ...["--implementation", "cp", "--python-version", python],
      ...platforms.flatMap((platform) => ["--platform", platform]),
      ...["--target", folder, "--requirement", requirements],
    ],
    {
      encoding: "utf8",
      maxBuffer: Number.POSITIVE_INFINITY,
      // Settings that suit this user's own installations, and would stop this one.
      env: { ...process.env, PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0" },
    },
  );
  if (error) throw new Error(`python3 can't be run (${error.message}): install Python 3 with pip`);
  if (status !== 0) throw new Error(`pip can't install ${requirements}: ${advice(stderr, python)}`);
}

/** What pip says went wrong, with what to do where that is known. */
function advice(stderr: string, python: string): string {
  const errors = stderr.split("\n").filter((line) => /^ERROR: /.test(line));
  const said = (errors.at(-1)?.replace("ERROR: ", "") ?? stderr.trim()).trim();
  if (/^Hashes are required|must have their versions pinned/.test(said)) {
    return "it must list every package with its version and hashes: lock it with pip-compile --generate-hashes";
  }
  if (/^WARNING: Retrying/m.test(stderr)) {
    return "the package index can't be reached: see to the network, or to pip's own settings";
  }
  if (/^No matching distribution/.test(said)) {
    return `${said}: there must be a wheel for Python ${python} and the function's processor`;
  }
  if (/THESE PACKAGES DO NOT MATCH THE HASHES/.test(said)) {
    return "a package is not the one that was locked: see who changed it, then lock anew";
  }
  return said;
}
