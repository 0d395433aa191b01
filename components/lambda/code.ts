import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { type FolderFile, listFiles } from "../files";
import { kindOf } from "../values";
import { type Package, packageFiles } from "./package";
import type { PackageFile } from "./zip";

/** What code is built for. */
export interface Target {
  /** The runtime's identifier, like `python3.13`. */
  readonly runtime: string;
  /** The processor. */
  readonly architecture: Architecture;
}

/** A processor that Lambda has. */
export type Architecture = "arm64" | "x86_64";

/**
 * Code that is built for the runtime and the processor of the function that it is given to. Made by
 * {@link pythonCode}, {@link pythonPackages} and {@link bundledCode}.
 */
export interface Code {
  /** What errors call it. */
  readonly subject: string;
  /** What it is written in, in Lambda's words. */
  readonly language: "nodejs" | "python";
  /** Environment variables without which it does not run as meant. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * The files of the package.
   * @throws {Error} when it can't be built, with what to do
   */
  files(target: Target): readonly PackageFile[];
}

/** What never belongs into a package, whatever its language. */
const neverPackaged = /(^|\/)(__pycache__\/|\.git\/|\.DS_Store$|\.pytest_cache\/)|\.pyc$/;

/**
 * A folder's files for a package. Links are followed as long as they stay inside the folder.
 * @throws {Error} when the folder is missing, or has a link that leaves it
 */
export function folderFiles(folder: string): readonly PackageFile[] {
  return listFiles(folder, (path) => !neverPackaged.test(path)).map(packageFile);
}

const packageFile = ({ path, executable, size, source }: FolderFile): PackageFile => ({
  path,
  executable,
  size,
  read: () => readFileSync(source),
});

/** Where the code of a function or a layer comes from: a folder, code to build, an archive. */
export type CodeSource = string | Code | pulumi.asset.Archive;

/** Code as it is uploaded. Of a ready-made archive nothing more is known. */
export interface PackagedCode extends Partial<Package> {
  readonly archive: pulumi.asset.Archive;
  readonly environment?: Code["environment"];
}

/**
 * Checks the argument `code`, and packages what it says.
 *
 * @param layer whether it goes where a layer has it
 * @returns undefined when there is a problem, which `check` then has
 */
export function packageCode(
  check: ArgumentCheck,
  code: CodeSource,
  target: { readonly runtime: pulumi.Input<string>; readonly architecture: Architecture },
  layer = false,
): PackagedCode | undefined {
  if (code === undefined || code === null) {
    check.problem("code is missing: give a folder");
    return undefined;
  }
  try {
    if (typeof code === "string") return packageFiles(`the folder ${code}`, folderFiles(code));
    if (!isCode(code)) {
      if (pulumi.asset.Archive.isInstance(code)) return { archive: code };
      check.problem(
        `code is ${kindOf(code)}: give a folder, what builds code (pythonCode, bundledCode) or an archive`,
      );
      return undefined;
    }
    const { runtime, architecture } = target;
    if (typeof runtime !== "string") {
      throw new Error("it is built for the runtime, which must be known now: give it as text");
    }
    // A layer has a folder for each language, in which the runtime looks for it.
    const folder = layer ? `${code.language}/` : "";
    const files = code
      .files({ runtime, architecture })
      .map((file) => ({ ...file, path: `${folder}${file.path}` }));
    return { ...packageFiles(code.subject, files), environment: code.environment };
  } catch (error) {
    check.problem(`code: ${(error as Error).message}`);
    return undefined;
  }
}

/** Written by hand: to the compiler an archive may be anything. */
export function isCode(code: Code | pulumi.asset.Archive): code is Code {
  return typeof (code as Partial<Code> | null)?.files === "function";
}
