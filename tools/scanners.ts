import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { download } from "./support/download";
import { Failure, Interrupted } from "./support/failure";
import type { Layout } from "./support/layout";
import { capture, findOnPath, isExecutable } from "./support/programs";
import { say } from "./support/steps";
import { THIS_MACHINE } from "./support/this-machine";

/** A program that judges Kubernetes manifests. */
export interface Scanner {
  /** Its name, which is also that of its program and of its test in `test/scan`. */
  readonly name: string;
  readonly version: string;
  /** Where its makers have its releases, a `checksums.txt` beside them. */
  readonly release: string;
  /** What of it is for this machine: the program itself, or an archive with it in. */
  readonly asset: string;
  /** What Go builds it from; a tag of another major version than the module's is not known to Go. */
  readonly module: string;
}

const { os, arch } = THIS_MACHINE;
const machine = arch === "x64" ? "amd64" : arch;

/** All that `make scan` runs. */
export const scanners: readonly Scanner[] = [
  {
    name: "kube-score",
    version: "1.20.0",
    release: "https://github.com/zegl/kube-score/releases/download/v1.20.0",
    asset: `kube-score_1.20.0_${os}_${machine}`,
    module: "github.com/zegl/kube-score/cmd/kube-score@v1.20.0",
  },
  {
    name: "polaris",
    version: "10.2.2",
    release: "https://github.com/FairwindsOps/polaris/releases/download/v10.2.2",
    asset: `polaris_${os}_${machine}.tar.gz`,
    module: "github.com/fairwindsops/polaris@dafa0b74fc09a9505849b0a6f8c78f1c364d0112",
  },
];

/**
 * The path of a scanner: the user's own, or the pinned one, which is downloaded the first time or,
 * where its makers' host does not answer, built from its Go module.
 * @throws {Failure} when it can't be had
 */
export async function provideScanner(here: Layout, scanner: Scanner): Promise<string> {
  const { name, version } = scanner;
  const [own] = findOnPath(name);
  if (own !== undefined) return own;
  const folder = join(here.bin, `${name}-${version}`);
  const path = join(folder, name);
  if (isExecutable(path)) return path;
  mkdirSync(folder, { recursive: true });
  say(`getting ${name} ${version} (once; some minutes where it has to be built)`);
  if (!(await getReleased(scanner, folder))) await build(scanner, folder);
  return path;
}

/** Gets the program as its makers release it; false where they can't be reached or have none. */
async function getReleased({ name, release, asset }: Scanner, folder: string): Promise<boolean> {
  const path = join(folder, name);
  const sums = join(folder, "checksums.txt");
  const archive = asset.endsWith(".tar.gz") ? join(folder, asset) : path;
  try {
    await download({ url: `${release}/checksums.txt` }, sums);
    const lines = readFileSync(sums, "utf8").split("\n");
    const sum = lines.find((line) => line.endsWith(`  ${asset}`))?.split(" ")[0];
    if (sum === undefined) return false;
    await download({ url: `${release}/${asset}`, sum }, archive);
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    return false;
  }
  if (archive !== path) {
    const { code } = await capture("tar", ["-xzf", archive, "-C", folder, name]);
    if (code !== 0) return false;
  }
  chmodSync(path, 0o755);
  return true;
}

/** Builds it from its Go module, of which Go's checksum database says that it is the right one. */
async function build({ name, version, release, module }: Scanner, folder: string): Promise<void> {
  const env = { GOBIN: folder, GOFLAGS: "", CGO_ENABLED: "0" };
  const { code, stderr } = await capture("go", ["install", module], { env });
  if (code === 0) return;
  throw new Failure(`${name} ${version} can't be had.`, [
    `${release} did not answer, and go said:`,
    ...stderr.trim().split("\n").slice(-5),
    `Put ${name} on PATH, or Go, from which it is built.`,
  ]);
}
