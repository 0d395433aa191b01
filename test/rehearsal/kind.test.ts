import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "../../tools/platform/platform";
import { readJson } from "../../tools/support/files";
import { Clone, docker, dockerLines } from "./clone";
import { type Holdings, holdings, listens, pathWithout, until } from "./machine";
import { isReady, pods, reaches, runIn, startScript } from "./pods";

// The life of two clones with Docker and kind, in order: each step needs the one before.
jest.setTimeout(20 * 60_000);

const NAMESPACE = "groundwork-dev";

let before: Holdings;
let first: Clone;
let second: Clone;

beforeAll(async () => {
  first = await freshClone("first");
  before = await holdings();
});

/** A clone of which nothing is up, also where an interrupted rehearsal has left it so. */
async function freshClone(name: string): Promise<Clone> {
  const clone = new Clone(name);
  expect(await clone.make("down")).toMatchObject({ code: 0 });
  return clone;
}

/** The record of where a clone's platform is. */
function platform(clone: Clone): Platform {
  return readJson<Platform>(clone.here.platformRecord) as Platform;
}

/** The image that the web service of a clone is to run. */
async function image(clone: Clone): Promise<string> {
  return (await clone.outputs())["webImage"] ?? "";
}

/** The keys of all objects in a clone's archive. */
async function archived(clone: Clone): Promise<readonly string[]> {
  const bucket = (await clone.outputs())["archiveBucketName"];
  const scope = "test/20250101/eu-central-1/s3/aws4_request";
  const list = await fetch(`${platform(clone).awsEndpoint}/${bucket}?list-type=2`, {
    headers: {
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
  });
  return (await list.text()).match(/(?<=<Key>)[^<]+/g) ?? [];
}

/** Names, UIDs and times of creation of the nodes and of the system in the cluster. */
async function identities(clone: Clone): Promise<readonly (readonly string[])[]> {
  type Objects = {
    items: readonly { metadata: { name: string; uid: string; creationTimestamp: string } }[];
  };
  const objects = await Promise.all([
    clone.get<Objects>("nodes"),
    clone.get<Objects>("namespaces"),
    clone.get<Objects>("deployments,services,networkpolicies", "--namespace", NAMESPACE),
  ]);
  return objects.flatMap(({ items }) =>
    items.map(({ metadata: { name, uid, creationTimestamp } }) => [name, uid, creationTimestamp]),
  );
}

/**
 * URNs, IDs, times of creation and inputs of the stack's resources. The refresh of each update may
 * put them in another order, and notes outputs that come later, such as a state after "Creating".
 */
function resources(clone: Clone): readonly unknown[] {
  interface Resource {
    readonly urn: string;
    readonly id?: string;
    readonly created?: string;
    readonly inputs?: object;
  }
  interface Checkpoint {
    readonly checkpoint: { readonly latest: { readonly resources: readonly Resource[] } };
  }
  const file = join(clone.here.state, ".pulumi", "stacks", "groundwork", "dev.json");
  const { checkpoint } = readJson<Checkpoint>(file) as Checkpoint;
  return checkpoint.latest.resources
    .map(({ urn, id, created, inputs }) => ({ urn, id, created, inputs }))
    .sort((one, other) => (one.urn < other.urn ? -1 : 1));
}

/** The ClusterIP of the web service. */
async function webAddress(clone: Clone): Promise<string> {
  const service = ["service/web", "--namespace", NAMESPACE];
  return (await clone.get<{ spec: { clusterIP: string } }>(...service)).spec.clusterIP;
}

/** The same for each pod of the web service, of which there are as many as the config's default. */
function all<T>(each: T): readonly T[] {
  return Array.from({ length: 3 }, () => each);
}

/** A service of the components listens there, and its pods at 8080. */
const WEB_PORT = 80;

test("make up brings it up with the image that was built, by the digest that was pushed", async () => {
  expect(await first.make("up")).toMatchObject({
    code: 0,
    output: expect.stringContaining("Everything is up"),
  });
  expect(platform(first).cluster).toBe("kind");
  const { imageRegistry } = platform(first);
  const running = await image(first);
  expect(running).toMatch(new RegExp(`^${imageRegistry}/web@sha256:[0-9a-f]{64}$`));
  const digest = running.split("@")[1] ?? "";
  const pushed = await fetch(`http://${imageRegistry}/v2/web/manifests/${digest}`, {
    headers: { Accept: "*/*" },
  });
  expect(pushed.status).toBe(200);
  const web = await pods(first, NAMESPACE, "web");
  expect(web.map(isReady)).toEqual(all(true));
  expect(web.map(({ spec }) => spec.containers[0]?.image)).toEqual(all(running));
  for (const { status } of web) expect(status.containerStatuses[0]?.imageID).toContain(digest);
});

test("make up again changes nothing", async () => {
  const was = [await identities(first), resources(first)];
  const { length } = resources(first);
  expect(await first.make("up")).toMatchObject({
    code: 0,
    output: expect.stringContaining(`resources: ${length} unchanged`),
  });
  expect([await identities(first), resources(first)]).toEqual(was);
});

test("make try puts an order into the bucket", async () => {
  const were = await archived(first);
  expect(await first.make("try")).toMatchObject({ code: 0 });
  expect(await archived(first)).toHaveLength(were.length + 1);
});

test("no request and no order is lost during a rollout", async () => {
  const were = await archived(first);
  const old = await pods(first, NAMESPACE, "web");
  const load = { name: "load", namespace: NAMESPACE, script: "load.py", letOut: true };
  const args = [await webAddress(first), String(WEB_PORT)];
  await startScript(first, { ...load, image: await image(first), args });
  first.change("Pulumi.dev.yaml", (text) => `${text}  groundwork:greeting: Rehearsed\n`);
  expect(await first.make("up")).toMatchObject({ code: 0 });
  await new Promise((done) => setTimeout(done, 5000));
  await runIn(first, NAMESPACE, "load", 'open("/tmp/stop", "w")');
  const pod = ["pod/load", "--namespace", NAMESPACE];
  await first.kubectl([
    "wait",
    "--for=jsonpath={.status.phase}=Succeeded",
    ...pod,
    "--timeout=60s",
  ]);
  const log = await first.kubectl(["logs", ...pod]);
  const { outcomes, greetings, orders } = JSON.parse(log) as {
    outcomes: Record<string, number>;
    greetings: Record<string, number>;
    orders: readonly string[];
  };
  process.stderr.write(`\nAnswers: ${JSON.stringify(outcomes)}, by ${JSON.stringify(greetings)}\n`);
  expect(Object.keys(outcomes).sort()).toEqual(["GET 200", "POST 202"]);
  expect(outcomes["GET 200"]).toBeGreaterThan(2000);
  expect(Object.keys(greetings).sort()).toEqual(["Hello from groundwork", "Rehearsed"]);
  const names = new Set(old.map(({ metadata }) => metadata.name));
  const web = await pods(first, NAMESPACE, "web");
  expect(web.filter(({ metadata }) => names.has(metadata.name))).toEqual([]);
  const count = were.length + orders.length;
  await until(async () => (await archived(first)).length >= count, 30);
  expect(await archived(first)).toHaveLength(count);
});

test("NetworkPolicies hold: only who may reaches the web service and the emulator", async () => {
  const common = { script: "wait.py", image: await image(first) };
  await startScript(first, { ...common, name: "neighbour", namespace: NAMESPACE, letOut: true });
  await startScript(first, { ...common, name: "closed", namespace: NAMESPACE, letOut: false });
  await first.kubectl(["create", "namespace", "elsewhere"]);
  await startScript(first, { ...common, name: "stranger", namespace: "elsewhere", letOut: true });
  const neighbour = [NAMESPACE, "neighbour"] as const;
  const closed = [NAMESPACE, "closed"] as const;
  const stranger = ["elsewhere", "stranger"] as const;
  const pod = (await pods(first, NAMESPACE, "web"))[0]?.metadata.name ?? "";
  const web = [NAMESPACE, pod] as const;

  // The policies come into force a moment after the pod.
  const at = await webAddress(first);
  await until(async () => (await reaches(first, closed, at, WEB_PORT)) === "TimeoutError", 30);
  expect(await reaches(first, neighbour, at, WEB_PORT)).toBe("reached");
  expect(await reaches(first, stranger, at, WEB_PORT)).toBe("TimeoutError");

  const url = 'import os; print(os.environ["AWS_ENDPOINT_URL"])';
  const emulator = new URL(await runIn(first, ...web, url));
  const port = Number(emulator.port);
  expect(await reaches(first, web, emulator.hostname, port)).toBe("reached");
  expect(await reaches(first, neighbour, emulator.hostname, port)).toBe("reached");
  expect(await reaches(first, closed, emulator.hostname, port)).toBe("TimeoutError");
  // The web service is let out to the emulator alone: not to the API server, nor to its like.
  const api = (await first.get<{ spec: { clusterIP: string } }>("service/kubernetes")).spec;
  expect(await reaches(first, neighbour, api.clusterIP, 443)).toBe("reached");
  expect(await reaches(first, web, api.clusterIP, 443)).toBe("TimeoutError");
});

test("of two pods one leads, and the other one when that is gone", async () => {
  const { subsets } = await first.get<{ subsets: readonly { addresses: { ip: string }[] }[] }>(
    "endpoints/kubernetes",
  );
  const original = "export = deploySampleSystem(readEnvironment());";
  first.change("index.ts", (text) =>
    text.replace(original, `import "./test/rehearsal/electors";\n${original}`),
  );
  const REHEARSAL_IMAGE = await image(first);
  const REHEARSAL_API_SERVER = subsets[0]?.addresses[0]?.ip;
  expect(await first.make("up", { REHEARSAL_IMAGE, REHEARSAL_API_SERVER })).toMatchObject({
    code: 0,
  });
  const holder = async () => {
    const { items } = await first.get<{ items: readonly { spec?: { holderIdentity?: string } }[] }>(
      ...["leases", "--namespace", "electors"],
    );
    return items[0]?.spec?.holderIdentity;
  };
  await until(async () => (await holder()) !== undefined, 30);
  const electors = await pods(first, "electors", "elector");
  const names = electors.map(({ metadata }) => metadata.name);
  const leader = (await holder()) ?? "";
  expect(names).toHaveLength(2);
  expect(names).toContain(leader);
  // It holds what it has.
  await new Promise((done) => setTimeout(done, 12_000));
  expect(await holder()).toBe(leader);
  await first.kubectl(["delete", "pod", "--namespace", "electors", "--now", leader]);
  await until(async () => (await holder()) !== leader, 60);
  expect(await holder()).not.toBe(leader);

  first.change("index.ts", (text) => text.replace('import "./test/rehearsal/electors";\n', ""));
  expect(await first.make("up")).toMatchObject({ code: 0 });
});

test("without kubectl make up and status work, and the cluster stays", async () => {
  const was = await identities(first);
  const env = { PATH: pathWithout("kubectl") };
  rmSync(join(first.here.bin, "kubectl"), { force: true });
  expect(await first.make("up", env)).toMatchObject({ code: 0 });
  expect(await first.make("status", env)).toMatchObject({ code: 0 });
  expect(await identities(first)).toEqual(was);
});

test("nodes that were stopped start again with their data", async () => {
  const was = await identities(first);
  const nodes = await dockerLines(
    ...["ps", "--filter", `label=io.x-k8s.kind.cluster=${first.containers}`],
    ...["--format", "{{.Names}}"],
  );
  expect(nodes).toHaveLength(3);
  await docker(["stop", ...nodes]);
  expect(await first.make("up")).toMatchObject({ code: 0 });
  expect(await identities(first)).toEqual(was);
  expect(await first.make("try")).toMatchObject({ code: 0 });
});

test("an API server that answers after 20 seconds costs nothing", async () => {
  const was = await identities(first);
  const node = `${first.containers}-control-plane`;
  await docker(["exec", node, "pkill", "-STOP", "-x", "kube-apiserver"]);
  const up = first.make("up");
  await new Promise((done) => setTimeout(done, 20_000));
  await docker(["exec", node, "pkill", "-CONT", "-x", "kube-apiserver"]);
  expect(await up).toMatchObject({ code: 0 });
  expect(await identities(first)).toEqual(was);
});

test("another context than the default one leads to the engine, for all programs", async () => {
  const at = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const host = process.env["DOCKER_HOST"] || (await docker(at));
  const env = {
    DOCKER_HOST: undefined,
    DOCKER_CONFIG: join(first.here.home, "docker-config"),
  };
  const { DOCKER_CONFIG } = env;
  rmSync(DOCKER_CONFIG, { recursive: true, force: true });
  const context = ["--config", DOCKER_CONFIG, "context"];
  await docker([...context, "create", "rehearsal", "--docker", `host=${host}`]);
  await docker([...context, "use", "rehearsal"]);
  const was = await image(first);
  first.change("apps/web/src/orders/__init__.py", (text) => `${text}\n# Another image.\n`);
  expect(await first.make("up", env)).toMatchObject({ code: 0 });
  const now = await image(first);
  expect(now).not.toBe(was);
  const web = await pods(first, NAMESPACE, "web");
  expect(web.map(({ spec }) => spec.containers[0]?.image)).toEqual(all(now));
  expect(await first.make("try", env)).toMatchObject({ code: 0 });
});

test("a second clone is up at the same time, and leaves its simulated cluster behind", async () => {
  second = await freshClone("second");
  const env = { PATH: pathWithout("docker", "kind", "podman") };
  expect(await second.make("up", env)).toMatchObject({ code: 0 });
  expect(platform(second).cluster).toBe("simulated");
  const simulated = () => second.processes().filter((each) => each.includes("/cluster/clusters/"));
  expect(simulated()).not.toEqual([]);

  const [up, again] = await Promise.all([second.make("up"), first.make("up")]);
  expect([up.code, again.code]).toEqual([0, 0]);
  expect(platform(second).cluster).toBe("kind");
  expect(simulated()).toEqual([]);
  expect((await pods(second, NAMESPACE, "web")).map(isReady)).toEqual(all(true));
  for (const clone of [first, second]) expect(await clone.make("try")).toMatchObject({ code: 0 });
});

test("down takes one clone away, and leaves the other alone", async () => {
  const was = await identities(first);
  const ports = second.ports();
  expect(await second.make("down")).toMatchObject({ code: 0 });
  await expectNothingOf(second, ports);
  expect(await identities(first)).toEqual(was);
  expect(await first.make("try")).toMatchObject({ code: 0 });
});

test("down leaves nothing, without kubectl either", async () => {
  const ports = first.ports();
  expect(await first.make("down", { PATH: pathWithout("kubectl") })).toMatchObject({ code: 0 });
  await expectNothingOf(first, ports);
  const after = await holdings();
  // kind shares its network and the image of its nodes among all clusters, and keeps them.
  const isShared = (name: string) =>
    name === "kind" || /^(kindest\/node|registry|python):/.test(name);
  const left = (key: keyof Holdings) =>
    after[key].filter((each) => !before[key].includes(each) && !isShared(each));
  expect([left("containers"), left("networks"), left("volumes"), left("images")]).toEqual([
    [],
    [],
    [],
    [],
  ]);
});

/** Looks for what `make down` may have left of a clone. */
async function expectNothingOf(clone: Clone, ports: readonly number[]): Promise<void> {
  const { containers } = await holdings();
  expect(containers.filter((name) => name.startsWith(clone.containers))).toEqual([]);
  expect(clone.processes()).toEqual([]);
  const open = await Promise.all(ports.map(listens));
  expect(ports.filter((_, index) => open[index])).toEqual([]);
}
