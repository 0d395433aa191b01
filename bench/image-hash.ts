/**
 * What it takes to hash a large build context, against sending it to a container engine and against
 * the hash that @pulumi/docker makes of it. See README.md.
 *
 *     eval "$(make -s env)" && node --import tsx bench/image-hash.ts [ROUNDS] [FILES] [MEGABYTES]
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hashBuildContext } from "../components/registry/build-context";
import { capture } from "../tools/support/programs";
import { median } from "./preview/measure";

/** Seconds that each way took in one round. */
interface Round {
  readonly hash: number;
  readonly build: number;
  readonly preview: number;
  readonly empty: number;
}

async function main([rounds = "3", files = "10000", megabytes = "500"]: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "groundwork-bench-"));
  try {
    const context = makeContext(folder, Number(files), Number(megabytes));
    const [image, empty] = [
      await makeProject(folder, "image", withImage(context)),
      await makeProject(folder, "empty", ""),
    ];
    const once = async (): Promise<Round> => ({
      hash: await seconds(() => void hashBuildContext(context, settings)),
      build: await seconds(() => dockerBuild(context)),
      preview: await seconds(() => pulumi(image, ["preview"])),
      empty: await seconds(() => pulumi(empty, ["preview"])),
    });
    // Everything is read from disk once, so that none pays for the others.
    await once();
    const all: Round[] = [];
    for (let round = 0; round < Number(rounds); round++) all.push(await once());
    const of = (figure: (round: Round) => number) => median(all.map(figure)).toFixed(2);
    console.log(
      `${files} files, ${megabytes} MB, median of ${rounds} rounds, load ${loadavg()[0]?.toFixed(1)}`,
    );
    console.log(`  hash ${of(({ hash }) => hash)} s`);
    console.log(
      `  docker build ${of(({ build }) => build)} s, ${of(({ build, hash }) => build / hash)} times the hash`,
    );
    console.log(
      `  preview with @pulumi/docker ${of(({ preview }) => preview)} s, of a program that makes nothing ${of(({ empty }) => empty)} s: ` +
        `what is between them is ${of(({ preview, empty, hash }) => (preview - empty) / hash)} times the hash`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const settings = {
  dockerfile: "Dockerfile",
  target: undefined,
  platforms: ["linux/amd64"],
  buildKit: false,
  secretNames: [],
  buildArgs: {},
};

/** A hundred files a folder, each with bytes of its own; the build makes next to nothing of them. */
function makeContext(folder: string, files: number, megabytes: number): string {
  const context = join(folder, "context");
  const size = Math.round((megabytes * 1_000_000) / files);
  for (let file = 0; file < files; file++) {
    const place = join(context, `folder-${Math.floor(file / 100)}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `file-${file}`), randomBytes(size));
  }
  writeFileSync(join(context, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
  return context;
}

const withImage = (context: string) => `
const { Image } = require("@pulumi/docker/image");
const build = { context: ${JSON.stringify(context)}, dockerfile: ${JSON.stringify(`${context}/Dockerfile`)} };
new Image("web", { imageName: "localhost:5000/web:1", build });
`;

async function makeProject(folder: string, name: string, program: string): Promise<string> {
  const project = join(folder, name);
  mkdirSync(join(project, "state"), { recursive: true });
  writeFileSync(join(project, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\nmain: index.js\n`);
  writeFileSync(join(project, "package.json"), "{}\n");
  writeFileSync(join(project, "index.js"), program);
  symlinkSync(resolve(__dirname, "../node_modules"), join(project, "node_modules"));
  await pulumi(project, ["stack", "init", "bench"]);
  return project;
}

function pulumi(project: string, args: readonly string[]): Promise<void> {
  const env = { PULUMI_BACKEND_URL: `file://${project}/state`, PULUMI_CONFIG_PASSPHRASE: "bench" };
  return run("pulumi", [...args, "--non-interactive"], { cwd: project, env });
}

/** By the classic builder, which is sent the whole context, as @pulumi/docker sends it. */
function dockerBuild(context: string): Promise<void> {
  return run("docker", ["build", "--quiet", context], { env: { DOCKER_BUILDKIT: "0" } });
}

async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env: Readonly<Record<string, string>> },
) {
  const { code, stdout, stderr } = await capture(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args[0]} failed: ${stdout}${stderr}`);
}

async function seconds(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

void main(process.argv.slice(2));
