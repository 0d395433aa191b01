import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./support/failure";
import type { Layout } from "./support/layout";
import { capture, findOnPath, isExecutable } from "./support/programs";
import { say } from "./support/steps";

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

const machine = process.arch === "x64" ? "amd64" : process.arch;

/** All that `make scan` runs. */
export const scanners: readonly Scanner[] = [
  {
    name: "kube-score",
    version: "1.20.0",
    release: "https://github.com/zegl/kube-score/releases/download/v1.20.0",
    asset: `kube-score_1.20.0_${process.platform}_${machine}`,
    module: "github.com/zegl/kube-score/cmd/kube-score@v1.20.0",
  },
  {
    name: "polaris",
    version: "10.2.2",
    release: "https://github.com/FairwindsOps/polaris/releases/download/v10.2.2",
    asset: `polaris_${process.platform}_${machine}.tar.gz`,
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
  if (!(await download(scanner, folder))) await build(scanner, folder);
  return path;
}

/** Gets the program as its makers release it; false where they can't be reached or have none. */
async function download({ name, release, asset }: Scanner, folder: string): Promise<boolean> {
  const get = async (file: string) => {
    const answer = await fetch(`${release}/${file}`, { signal: AbortSignal.timeout(60_000) });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const path = join(folder, name);
  try {
    const [bytes, sums] = await Promise.all([get(asset), get("checksums.txt")]);
    const sum = createHash("sha256").update(bytes).digest("hex");
    if (!sums.toString().includes(`${sum}  ${asset}\n`)) return false;
    if (!asset.endsWith(".tar.gz")) writeFileSync(path, bytes);
    else {
      const archive = join(folder, asset);
      writeFileSync(archive, bytes);
      const { code } = await capture("tar", ["-xzf", archive, "-C", folder, name]);
      if (code !== 0) return false;
    }
    chmodSync(path, 0o755);
    return true;
  } catch {
    return false;
  }
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
