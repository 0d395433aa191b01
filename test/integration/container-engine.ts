import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOnPath } from "../../tools/support/programs";

/** Where images are built and pushed to. */
export interface ImagePlace {
  /** The registry, as host and port. */
  readonly registry: string;
  /** Ends what was started for it. */
  stop(): Promise<void>;
}

/** Why no image can be built here; undefined where it can. */
export function whyNoImages(): string | undefined {
  const own = process.env["GROUNDWORK_IMAGE_REGISTRY"] !== undefined;
  const missing = ["dockerd", "docker-registry"].filter((each) => findOnPath(each).length === 0);
  if (!own && (missing.length > 0 || process.getuid?.() !== 0)) {
    const programs = missing.length > 0 ? `${missing.join(" and ")} is not installed` : "not root";
    return `no container engine runs, and none can be started: ${programs}`;
  }
  // Elsewhere pulumi downloads the plugin when the program asks for it.
  const plugins = execFileSync("pulumi", ["plugin", "ls", "--json"], { encoding: "utf8" });
  const known = (JSON.parse(plugins) as readonly { name: string }[]).map(({ name }) => name);
  const given = known.includes("docker") || findOnPath("pulumi-resource-docker").length > 0;
  return given || !process.env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"]
    ? undefined
    : "the docker plugin can't be had";
}

/** The local platform's engine and registry, or else ones that are started for this test alone. */
export async function provideImagePlace(): Promise<ImagePlace> {
  const own = process.env["GROUNDWORK_IMAGE_REGISTRY"];
  if (own !== undefined) return { registry: own, stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), "groundwork-images-"));
  const host = `unix://${join(folder, "docker.sock")}`;
  const registry = `localhost:${5700 + (process.pid % 200)}`;
  writeFileSync(
    join(folder, "registry.json"),
    JSON.stringify({
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(folder, "images") } },
      http: { addr: registry },
    }),
  );
  const children = [
    // Nothing is run in a container, so it needs no network, and leaves that of the machine alone.
    start("dockerd", [
      ...["--iptables=false", "--bridge=none", "--host", host],
      ...["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")],
      ...["--pidfile", join(folder, "pid")],
    ]),
    start("docker-registry", ["serve", join(folder, "registry.json")]),
  ];
  const before = process.env["DOCKER_HOST"];
  process.env["DOCKER_HOST"] = host;
  const stop = async () => {
    if (before === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = before;
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(() => execFileSync("docker", ["--host", host, "info"], { stdio: "ignore" }));
    await until(() => tagsIn(registry, "none"));
  } catch (error) {
    await stop();
    throw error;
  }
  return { registry, stop };
}

/** The tags of a repository; none where there is no such repository. */
export async function tagsIn(registry: string, repository: string): Promise<readonly string[]> {
  const answer = await fetch(`http://${registry}/v2/${repository}/tags/list`);
  return ((await answer.json()) as { tags?: readonly string[] }).tags ?? [];
}

/** The digest under which a registry has a tag. */
export async function digestOf(registry: string, repository: string, tag: string | undefined) {
  const answer = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
    headers: { Accept: "application/vnd.docker.distribution.manifest.v2+json" },
  });
  return answer.headers.get("docker-content-digest");
}

function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: "ignore" });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill();
  await ended;
}

async function until(works: () => unknown): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await works();
      return;
    } catch (error) {
      if (tries === 60) throw error;
      await new Promise((done) => setTimeout(done, 500));
    }
  }
}
