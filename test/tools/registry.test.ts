import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { containerName } from "../../tools/platform/containers";
import { provideImages } from "../../tools/platform/images";
import { losses } from "../../tools/platform/losses";
import { removeOldImages } from "../../tools/platform/old-images";
import { provideRegistry, registryHosts, removeRegistry } from "../../tools/platform/registry";
import { Failure } from "../../tools/support/failure";
import { readJson, writeJson } from "../../tools/support/files";
import { type Layout, layout } from "../../tools/support/layout";
import type { PlatformSettings } from "../../tools/support/settings";
import { type Answers, FakePrograms } from "../support/fake-programs";
import { makeFolder } from "../support/folders";
import { printed } from "../support/printed";
import { withoutVariables } from "../support/variables";

withoutVariables("DOCKER_HOST", "DOCKER_CONTEXT");

let programs: FakePrograms;
let here: Layout;
let name: string;
let registry: string;
let stages: string;
const said = printed();
beforeEach(() => {
  programs = new FakePrograms();
  here = layout(makeFolder({ "apps/web/Dockerfile": "FROM scratch\n" }));
  name = containerName(here);
  registry = `${name}-registry`;
  stages = join(here.home, "build-stages.json");
});
afterEach(() => programs.end());

const settings: PlatformSettings = { awsRegion: "eu-central-1" };
const host = "unix:///home/me/.colima/docker.sock";
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

const engine: Answers = {
  "--version": { stdout: "Docker version 28.2.2\n" },
  "context inspect": {
    stdout: JSON.stringify([{ Endpoints: { docker: { Host: host } } }]),
  },
};

/** The registry's container as docker tells of it. */
const container = (port: number, running = true, ...networks: readonly string[]) => ({
  stdout: JSON.stringify([
    {
      State: { Running: running },
      HostConfig: {
        PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] },
      },
      NetworkSettings: { Networks: Object.fromEntries(networks.map((each) => [each, {}])) },
    },
  ]),
});

const none = { code: 1, stdout: "[]\n", stderr: "No such object" };

const free = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
};

/** A registry that has one tag of one repository, if any; as an HTTP server on this machine. */
async function listening(has?: string): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (has === undefined) response.statusCode = 404;
    else response.setHeader("Docker-Content-Digest", has);
    response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  after.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, asked };
}
const after: (() => void)[] = [];
afterEach(() => {
  for (const end of after.splice(0)) end();
});

const notFresh = () => {
  throw new Error("it is not fresh");
};

describe("the registry", () => {
  test("that runs is left alone", async () => {
    const { port } = await listening();
    writeJson(here.ports, { registry: port });
    programs.add("docker", { inspect: container(port) });
    expect(await provideRegistry(here, false, notFresh)).toBe(`localhost:${port}`);
    expect(programs.called("docker", "run", "rm", "start")).toEqual([]);
  });

  test("that is stopped is started, with its images and at its port", async () => {
    const port = await free();
    writeJson(here.ports, { registry: port });
    programs.add("docker", { inspect: container(port, false) });
    expect(await provideRegistry(here, false, notFresh)).toBe(`localhost:${port}`);
    expect(programs.called("docker", "run", "rm", "start")).toEqual([`start ${registry}`]);
  });

  test("that can't be started is made again over its data", async () => {
    const port = await free();
    writeJson(here.ports, { registry: port });
    programs.add("docker", {
      inspect: container(port, false),
      start: { code: 1, stderr: "network kind not found" },
      "volume inspect": { stdout: "[{}]" },
    });
    // Nothing listens after it, because docker is not a real one.
    await expect(provideRegistry(here, false, notFresh)).rejects.toThrow(
      `${registry} doesn't listen on port ${port}.`,
    );
    expect(programs.called("docker", "run", "rm")).toEqual([
      `rm --force ${registry}`,
      `run --detach --restart=no --name ${registry} --volume ${registry}:/var/lib/registry --publish 127.0.0.1:${port}:5000 registry:2`,
    ]);
  });

  test("whose port was taken moves with its data, and the images of the old port go", async () => {
    const { port: taken } = await listening();
    writeJson(here.ports, { registry: taken });
    programs.add("docker", {
      inspect: container(taken, false),
      "volume inspect": { stdout: "[{}]" },
      images: { stdout: `localhost:${taken}/web abc ${digest("a")}\n` },
    });
    await expect(provideRegistry(here, false, notFresh)).rejects.toThrow(/doesn't listen on port/);
    expect(programs.called("docker", "start")).toEqual([]);
    expect(programs.called("docker", "image rm")).toEqual([`image rm localhost:${taken}/web:abc`]);
    expect(programs.called("docker", "run")[0]).not.toContain(`:${taken}:`);
  });

  test("that has no data yet is said to be fresh", async () => {
    programs.add("docker", { inspect: none, "volume inspect": none });
    const beforeFresh = jest.fn();
    await expect(provideRegistry(here, false, beforeFresh)).rejects.toThrow(Failure);
    expect(beforeFresh).toHaveBeenCalledTimes(1);
  });

  test("is made known to every node of kind, in the network that they are in", async () => {
    const { port } = await listening();
    writeJson(here.ports, { registry: port });
    const nodes = [`${name}-control-plane`, `${name}-worker`];
    programs.add("docker", {
      "inspect --type container": container(port, true, "bridge"),
      inspect: {
        stdout: JSON.stringify([
          { NetworkSettings: { Networks: { mine: { Gateway: "10.9.0.1", IPPrefixLen: 24 } } } },
        ]),
      },
      ps: { stdout: nodes.map((node) => `${node} running\n`).join("") },
    });
    await provideRegistry(here, true, notFresh);
    const folder = `/etc/containerd/certs.d/localhost:${port}`;
    for (const node of nodes) {
      expect(programs.called("docker", `exec ${node} mkdir`)).toEqual([
        `exec ${node} mkdir -p ${folder}`,
      ]);
      const [copy] = programs
        .calls("docker")
        .filter(({ args }) => args === `exec -i ${node} cp /dev/stdin ${folder}/hosts.toml`);
      expect(copy?.input).toBe(registryHosts(registry).trim());
    }
    expect(programs.called("docker", "network")).toEqual([`network connect mine ${registry}`]);
    const [note] = programs.calls("docker").slice(-1);
    expect(note?.args).toBe(
      `exec --interactive ${name}-control-plane kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f -`,
    );
    expect(JSON.parse(note?.input ?? "")).toMatchObject({
      metadata: { name: "local-registry-hosting", namespace: "kube-public" },
    });
  });

  test("goes with its data and with every image that was built for it", async () => {
    writeJson(stages, { web: ["c".repeat(12)] });
    programs.add("docker", {
      ...engine,
      inspect: container(20_009),
      "images --quiet": { stdout: `${"c".repeat(12)}\n` },
      images: {
        stdout: `localhost:20009/web abc ${digest("a")}\nlocalhost:20009/web <none> ${digest("b")}\n`,
      },
    });
    await removeRegistry(here);
    expect(programs.called("docker", "rm", "volume", "images", "image ")).toEqual([
      `rm --force --volumes ${registry}`,
      `volume rm --force ${registry}`,
      "images --digests --filter reference=localhost:20009/* --format {{.Repository}} {{.Tag}} {{.Digest}}",
      `image rm localhost:20009/web:abc localhost:20009/web@${digest("b")}`,
      "images --quiet --filter dangling=true",
      `image rm ${"c".repeat(12)}`,
    ]);
  });
});

describe("images of earlier changes", () => {
  const images = {
    stdout: ["a", "b", "c"]
      .map((digit) => `localhost:20009/web tag-${digit} ${digest(digit)}\n`)
      .join(""),
  };

  test("leave the container engine, except for those that a local stack runs", async () => {
    programs.add("docker", { images });
    const state = (digit: string) => ({ outputs: { ref: `localhost:20009/web@${digest(digit)}` } });
    writeJson(`${here.state}/.pulumi/stacks/groundwork/dev.json`, state("b"));
    writeJson(`${here.state}/.pulumi/stacks/groundwork/second.json`, state("c"));
    await removeOldImages(here, "localhost:20009");
    expect(programs.called("docker", "image ")).toEqual(["image rm localhost:20009/web:tag-a"]);
  });

  test("need no call where there are none", async () => {
    programs.add("docker");
    await removeOldImages(here, "localhost:20009");
    expect(programs.called("docker", "image ")).toEqual([]);
  });
});

describe("images of the program", () => {
  const up = async (has?: string) => {
    const server = await listening(has);
    writeJson(here.ports, { registry: server.port });
    return server;
  };

  test("are built by the plugin, which is led to the engine", async () => {
    const { port } = await up();
    programs.add("docker", { ...engine, inspect: container(port) });
    expect(await provideImages(here, settings, "configured", "plugin")).toEqual({
      imageRegistry: `localhost:${port}`,
      containerEngine: { DOCKER_HOST: host },
    });
    expect(programs.called("docker", "build")).toEqual([]);
    expect(said()).toEqual([`  Images: built here and pushed to localhost:${port}`]);
  });

  test("are not built again by docker's command when the registry has them", async () => {
    const { port, asked } = await up(digest("a"));
    programs.add("docker", { ...engine, inspect: container(port) });
    expect(await provideImages(here, settings, "configured", "command")).toEqual({
      imageRegistry: `localhost:${port}`,
      webImage: `localhost:${port}/web@${digest("a")}`,
    });
    expect(programs.called("docker", "build", "push")).toEqual([]);
    expect(asked).toEqual([expect.stringMatching(/^HEAD \/v2\/web\/manifests\/[0-9a-f]{12}$/)]);
  });

  test.each([
    [false, "push localhost"],
    [true, "push --tls-verify=false localhost"],
  ])("are built and pushed by it else (with Podman: %s)", async (podman, push) => {
    const { port, asked } = await up();
    programs.add("docker", {
      ...engine,
      inspect: container(port),
      build: { stdout: ` ---> ${"b".repeat(12)}\n` },
      "images --quiet": { stdout: `${"b".repeat(12)}\n` },
      ...(podman && {
        "--version": { stdout: "podman version 5.4.0" },
        "info --format": { stdout: "/nowhere" },
      }),
    });
    // This registry forgets what was pushed.
    await expect(provideImages(here, settings, "configured", "command")).rejects.toThrow(
      /was pushed, but the local registry doesn't have it/,
    );
    const tag = asked[0]?.split("/").at(-1);
    expect(programs.called("docker", "build", "push")).toEqual([
      `build --platform linux/amd64 --tag localhost:${port}/web:${tag} ${here.root}/apps/web`,
      `${push}:${port}/web:${tag}`,
    ]);
    expect(readJson(stages)).toEqual({ web: ["b".repeat(12)] });
  });

  test("that can't be built fail with docker's own words, before anything waits for them", async () => {
    const { port } = await up();
    const stderr = "ERROR: failed to resolve python:3.12-slim: dial tcp: i/o timeout\n";
    programs.add("docker", { ...engine, inspect: container(port), build: { code: 1, stderr } });
    const error = await provideImages(here, settings, "kind", "command").catch((error) => error);
    expect(error).toBeInstanceOf(Failure);
    expect([error.message, error.next[0]]).toEqual([
      "docker build failed (exit code 1):",
      `  ${stderr.trim()}`,
    ]);
  });

  test("are refused at once where no registry runs, in docker's words", async () => {
    programs.add("docker", {
      ...engine,
      inspect: none,
      "volume inspect": none,
      run: { code: 125, stderr: "Unable to find image 'registry:2' locally\npull denied\n" },
    });
    for (const webImage of [undefined, "localhost:5000/web:0.1.0", "127.0.0.1:5000/web:1"]) {
      const given = webImage === undefined ? settings : { ...settings, webImage };
      const error = await provideImages(here, given, "kind", "plugin").catch((error) => error);
      expect(error).toBeInstanceOf(Failure);
      expect([error.message, ...error.next]).toEqual([
        "The local registry can't run, so pods would have no image.",
        "docker run failed: Unable to find image 'registry:2' locally\npull denied",
        "Mend the cause, or name an image that the cluster can pull:",
        "  pulumi config set groundwork:webImage REPOSITORY@DIGEST",
      ]);
    }
    expect(losses(here, "dev")).toEqual(["docker"]);
  });

  test("are taken as named where no registry runs and nodes can pull them, and it says why", async () => {
    programs.add("docker", {
      ...engine,
      inspect: none,
      "volume inspect": none,
      run: { code: 125, stderr: "pull denied\n" },
    });
    const given = { ...settings, webImage: `example.com/web@${digest("a")}` };
    const byReference = "the local registry can't run. docker run failed: pull denied";
    expect(await provideImages(here, given, "kind", "plugin")).toEqual({ byReference });
    expect(said()).toEqual([`  Images: taken by reference, because ${byReference}`]);
  });

  test("are taken by reference with the reason that was found", async () => {
    const byReference = "`docker` is not on PATH";
    expect(await provideImages(here, settings, "simulated", { byReference })).toEqual({
      byReference,
    });
    expect(said()).toEqual([`  Images: taken by reference, because ${byReference}`]);
  });
});
