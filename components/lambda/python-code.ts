import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cached } from "../cache";
import { type Code, folderFiles, type Target } from "./code";
import { pipInstall, platforms } from "./pip";

/** Options of {@link pythonPackages}. */
export interface PythonPackagesOptions {
  /**
   * Whether boto3, botocore and s3transfer are packed too, when the requirements have them.
   * @default false: the runtime has its own, whose version AWS chooses. Leaving ours out makes the
   * package some 20 MB smaller, and the first call faster
   * @see https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-dependencies
   */
  readonly packSdk?: boolean;
}

/** Options of {@link pythonCode}. */
export interface PythonCodeOptions extends PythonPackagesOptions {
  /** The requirements file, as for {@link pythonPackages}. */
  readonly requirements: string;
}

/**
 * A folder of Python modules, together with the packages they need.
 *
 * @param folder the folder, from where the program runs
 * @example
 * code: pythonCode("apps/ship/src", { requirements: "apps/ship/requirements.txt" }),
 */
export function pythonCode(folder: string, options: PythonCodeOptions): Code {
  const packages = pythonPackages(options.requirements, options);
  return {
    ...packages,
    subject: `${folder} with the packages of ${options.requirements}`,
    files: (target) => [...folderFiles(folder), ...packages.files(target)],
  };
}

/**
 * Python packages alone, for a {@link Layer}. They are installed by pip, as wheels for the
 * function's Python and processor whatever the machine's own are, and once only: the result is kept
 * in the cache. Scripts and pip's notes on the installation, which name this machine, stay out.
 *
 * @param requirements path of a requirements file that lists every package with its version and
 * hashes, as `pip-compile --generate-hashes` and `uv pip compile --generate-hashes` write it. Lock
 * it with the function's Python: pip judges markers like `python_version < "3.12"` by the machine's
 * @see https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
 */
export function pythonPackages(requirements: string, options: PythonPackagesOptions = {}): Code {
  return {
    subject: `the packages of ${requirements}`,
    language: "python",
    environment: {},
    files(target) {
      const packages = folderFiles(installed(requirements, target));
      return packages.filter(
        ({ path }) => !ofThisMachine.test(path) && (options.packSdk || !sdk.test(path)),
      );
    },
  };
}

const ofThisMachine = /^bin\/|^[^/]+\.dist-info\/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$/;
const sdk = /^(boto3|botocore|s3transfer)(-[^/]+\.dist-info)?\//;

/** The folder into which the packages are installed. */
function installed(requirements: string, target: Target): string {
  const python = /^python(3\.\d+)$/.exec(target.runtime)?.[1];
  if (python === undefined) {
    throw new Error(`it is Python, and the runtime is ${target.runtime}: give one like python3.13`);
  }
  const content = read(requirements);
  const other = /^\s*(-r|-c|-e|--requirement|--constraint|--editable)\b.*/m.exec(content)?.[0];
  if (other !== undefined) {
    throw new Error(`${requirements} has "${other.trim()}": give one file with everything, locked`);
  }
  const wheels = { python, platforms: platforms(python, target.architecture) };
  const hash = createHash("sha256")
    .update(JSON.stringify([content, wheels]))
    .digest("hex");
  return cached(`${hash}.packages`, (path) => pipInstall(requirements, wheels, path));
}

function read(requirements: string): string {
  try {
    return readFileSync(requirements, "utf8");
  } catch {
    throw new Error(`${requirements} can't be read: give its path from where the program runs`);
  }
}
