import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./support/failure";
import type { Layout } from "./support/layout";
import { capture, findOnPath, isExecutable } from "./support/programs";
import { say } from "./support/steps";

const version = "1.20.0";

/**
 * The path of a kube-score: the user's own, or the pinned one, which is downloaded the first time
 * or, where its makers' host does not answer, built from its Go module.
 * @throws {Failure} when it can't be had
 * @see https://github.com/zegl/kube-score
 */
export async function provideKubeScore(here: Layout): Promise<string> {
  const [own] = findOnPath("kube-score");
  if (own !== undefined) return own;
  const folder = join(here.bin, `kube-score-${version}`);
  const path = join(folder, "kube-score");
  if (isExecutable(path)) return path;
  mkdirSync(folder, { recursive: true });
  say(`getting kube-score ${version} (once, about a minute)`);
  const program = await download();
  if (program !== undefined) writeFileSync(path, program, { mode: 0o755 });
  else await build(folder);
  return path;
}

const release = `https://github.com/zegl/kube-score/releases/download/v${version}`;

/** The program as its makers release it; undefined where they have none or can't be reached. */
async function download(): Promise<Buffer | undefined> {
  const machine = process.arch === "x64" ? "amd64" : process.arch;
  const name = `kube-score_${version}_${process.platform}_${machine}`;
  try {
    const [program, sums] = await Promise.all([get(name), get("checksums.txt")]);
    const sum = createHash("sha256").update(program).digest("hex");
    return sums.toString().includes(`${sum}  ${name}\n`) ? program : undefined;
  } catch {
    return undefined;
  }
}

async function get(file: string): Promise<Buffer> {
  const answer = await fetch(`${release}/${file}`, { signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Builds it from its Go module, of which Go's checksum database says that it is the right one. */
async function build(folder: string): Promise<void> {
  const module = `github.com/zegl/kube-score/cmd/kube-score@v${version}`;
  const env = { GOBIN: folder, GOFLAGS: "", CGO_ENABLED: "0" };
  const { code, stderr } = await capture("go", ["install", module], { env });
  if (code === 0) return;
  throw new Failure(`kube-score ${version} can't be had.`, [
    `${release} did not answer, and go said:`,
    ...stderr.trim().split("\n").slice(-5),
    "Put kube-score on PATH, or Go, from which it is built.",
  ]);
}
