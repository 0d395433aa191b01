import { symlinkSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, Socket } from "node:net";
import { join, resolve } from "node:path";
import { containerName } from "../../tools/platform/containers";
import { providePodEndpoint } from "../../tools/platform/pod-access";
import { accepts, isOwnAddress } from "../../tools/platform/reachability";
import { relay } from "../../tools/platform/relay";
import { services, startService, stopService } from "../../tools/platform/services";
import { type Layout, layout } from "../../tools/support/layout";
import type { PlatformSettings } from "../../tools/support/settings";
import { type Answers, FakePrograms } from "../support/fake-programs";
import { makeFolder } from "../support/folders";
import { printed } from "../support/printed";

let programs: FakePrograms;
let here: Layout;
let node: string;
const said = printed();
beforeEach(() => {
  programs = new FakePrograms();
  here = layout(makeFolder());
  node = `${containerName(here)}-control-plane`;
});
afterEach(async () => {
  programs.end();
  for (const { name } of services(here)) await stopService(here, name);
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const settings: PlatformSettings = { awsRegion: "eu-central-1" };
const aws = { endpoint: "http://127.0.0.1:20001", fresh: false, own: true };
/** An address that no machine has. */
const foreign = "192.0.2.1";

/** A network whose gateway is not of this machine, as with Docker Desktop. */
const elsewhere = {
  inspect: {
    stdout: JSON.stringify([
      {
        NetworkSettings: {
          Networks: {
            kind: { Gateway: foreign, IPPrefixLen: 16, IPv6Gateway: "fc00:f853:ccd:e793::1" },
          },
        },
      },
    ]),
  },
};

const knows = (name: string, address: string): Answers => ({
  [`exec ${node} getent ahostsv4 ${name}`]: {
    stdout: `${address}   STREAM ${name}\n${address}   DGRAM\n`,
  },
  [`exec ${node} getent`]: { code: 2 },
});

const reaches = (address: string): Answers => ({
  [`exec ${node} timeout 5 bash -c exec 3<>/dev/tcp/${address}/20001 `]: { stdout: "HTTP" },
  [`exec ${node} timeout`]: { code: 1, stderr: "Connection refused" },
});

test.each([
  "host.docker.internal",
  "host.lima.internal",
  "host.orb.internal",
  "host.rancher-desktop.internal",
  "host.containers.internal",
  "10.0.2.2",
])("pods get the address of %s where the engine runs in a virtual machine", async (name) => {
  const answers = { ...elsewhere, ...knows(name, "192.168.65.254"), ...reaches("192.168.65.254") };
  programs.add("docker", answers);
  const endpoint = await providePodEndpoint(here, settings, aws, "kind");
  expect(endpoint).toBe("http://192.168.65.254:20001");
  expect(services(here)).toEqual([]);
  expect(said()).toEqual([]);
});

test("a name that is known and leads nowhere is passed over", async () => {
  programs.add("docker", {
    ...elsewhere,
    [`exec ${node} getent ahostsv4 host.docker.internal`]: { stdout: "192.168.5.9 STREAM\n" },
    ...knows("host.lima.internal", "192.168.5.2"),
    ...reaches("192.168.5.2"),
  });
  expect(await providePodEndpoint(here, settings, aws, "kind")).toBe("http://192.168.5.2:20001");
});

test("where nothing leads there, it is said with what to do", async () => {
  programs.add("docker", {
    ...elsewhere,
    ...knows("host.docker.internal", "192.168.65.254"),
    ...reaches("nothing"),
  });
  expect(await providePodEndpoint(here, settings, aws, "kind")).toBeUndefined();
  expect(said()).toEqual([
    "  Pods can't reach the AWS emulator http://127.0.0.1:20001: no answer in a node of the cluster (tried 192.168.65.254).",
    "  What uses AWS from a pod fails until they can. If a firewall runs here, let them in:",
    "    sudo ufw allow in proto tcp to 192.168.65.254 port 20001",
    "  If they know this machine, or another emulator, by an address of their own:",
    "    pulumi config set groundwork:podAwsEndpoint http://ADDRESS:20001",
  ]);
});

test("an emulator that isn't on loopback is the same for pods", async () => {
  programs.add("docker");
  const there = { endpoint: "http://aws.example.com:4566", fresh: false, own: false };
  expect(await providePodEndpoint(here, settings, there, "kind")).toBe(there.endpoint);
  expect(await providePodEndpoint(here, settings, there, "configured")).toBe(there.endpoint);
  expect(said()).toEqual([]);
});

test("simulated pods need none", async () => {
  expect(await providePodEndpoint(here, settings, aws, "simulated")).toBeUndefined();
  expect(said()).toEqual([]);
});

test("a cluster of the user's own takes it from the configuration, and is asked for it else", async () => {
  const podAwsEndpoint = "http://host.docker.internal:20001";
  const given = { ...settings, podAwsEndpoint };
  expect(await providePodEndpoint(here, given, aws, "configured")).toBe(podAwsEndpoint);
  expect(said()).toEqual([]);
  expect(await providePodEndpoint(here, settings, aws, "configured")).toBeUndefined();
  expect(said()).toEqual([
    "  Pods can't reach the AWS emulator: it listens on loopback, and the cluster is your own.",
    "  If they know this machine, or another emulator, by an address of their own:",
    "    pulumi config set groundwork:podAwsEndpoint http://ADDRESS:20001",
  ]);
});

test("a configured endpoint that doesn't answer in the node is said, and used", async () => {
  programs.add("docker", reaches("nothing"));
  const given = { ...settings, podAwsEndpoint: "http://aws.example.com:4566" };
  expect(await providePodEndpoint(here, given, aws, "kind")).toBe(given.podAwsEndpoint);
  expect(said()[0]).toBe(
    "  Pods can't reach the AWS emulator http://127.0.0.1:20001: no answer in a node of the cluster (tried aws.example.com:4566).",
  );
});

// Elsewhere engines run in virtual machines, whose networks' gateways are not of this machine.
const onLinux = process.platform === "linux" ? test : test.skip;

onLinux(
  "a relay at the gateway that is this machine's leads pods to the emulator",
  async () => {
    const gateway = "127.0.0.2";
    symlinkSync(resolve("tools"), join(here.root, "tools"));
    symlinkSync(resolve("node_modules"), join(here.root, "node_modules"));
    const server = createServer((socket) => socket.end("it is me")).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    const networks = { kind: { Gateway: gateway, IPPrefixLen: 8 } };
    programs.add("docker", {
      inspect: { stdout: JSON.stringify([{ NetworkSettings: { Networks: networks } }]) },
      [`exec ${node} timeout 5 bash -c exec 3<>/dev/tcp/${gateway}/${port} `]: { stdout: "HTTP" },
    });
    const own = { ...aws, endpoint: `http://127.0.0.1:${port}` };
    expect(await providePodEndpoint(here, settings, own, "kind")).toBe(`http://${gateway}:${port}`);
    const heard = await new Promise((done) => connect(port, gateway).once("data", done));
    expect(String(heard)).toBe("it is me");
    const [first] = services(here);
    expect(first).toMatchObject({ name: "aws-for-pods", port, pid: expect.any(Number) });
    // It goes on as it is, until it is to listen elsewhere.
    await providePodEndpoint(here, settings, own, "kind");
    expect(services(here)).toEqual([first]);
    await providePodEndpoint(here, settings, own, "simulated");
    // Its socket closes a moment after it has left the list of processes.
    while (await accepts(gateway, port)) await new Promise((done) => setTimeout(done, 50));
    // It starts a real process, which takes its time on a busy machine.
  },
  30_000,
);

test("a relay that leads nowhere any more is stopped", async () => {
  const command = [process.execPath, "-e", "setTimeout(() => {}, 60_000)", here.root] as const;
  await startService(here, {
    name: "aws-for-pods",
    command: [...command],
    port: 1,
    health: "http://127.0.0.1:1/",
  });
  expect(services(here)).toHaveLength(1);
  await providePodEndpoint(here, settings, aws, "simulated");
  expect(services(here)).toEqual([]);
});

test("an address is this machine's own where a server could listen", async () => {
  expect(await isOwnAddress("127.0.0.1")).toBe(true);
  expect(await isOwnAddress(foreign)).toBe(false);
  expect(await isOwnAddress("")).toBe(false);
});

describe("the relay", () => {
  async function portOf(server: Server): Promise<number> {
    servers.push(server);
    if (!server.listening) await new Promise((done) => server.once("listening", done));
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** A web server that gives back the path and the host that it was asked by. */
  function echo(): Promise<number> {
    const server = createServer((socket) => {
      socket.once("data", (data) => {
        const [, path = "", host = ""] = /^GET (\S+).*?host: (\S+)/is.exec(String(data)) ?? [];
        socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${path} ${host}`);
      });
    });
    return portOf(server.listen(0, "127.0.0.1"));
  }

  test("passes on what it is asked, with the host that the sender has named", async () => {
    const target = { host: "127.0.0.1", port: await echo() };
    const from = { address: "127.0.0.1", prefixLength: 8 };
    const port = await portOf(relay({ host: "127.0.0.1", port: 0, from }, target));
    const answer = await fetch(`http://127.0.0.1:${port}/123/orders`);
    expect(await answer.text()).toBe(`/123/orders 127.0.0.1:${port}`);
  });

  test("lets in this machine, and nobody else from outside of its network", async () => {
    const target = { host: "127.0.0.1", port: await echo() };
    const from = { address: "10.1.2.3", prefixLength: 16 };
    const server = relay({ host: "127.0.0.1", port: 0, from }, target);
    const port = await portOf(server);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    const passedOn = (remoteAddress: string) => {
      const client = Object.assign(new Socket(), { pipe: (upstream: Socket) => upstream });
      Object.defineProperty(client, "remoteAddress", { value: remoteAddress });
      server.emit("connection", client);
      const { destroyed } = client;
      client.destroy();
      return !destroyed;
    };
    expect(["10.1.0.1", "10.1.255.254", "192.0.2.77", "198.51.100.7"].map(passedOn)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test("ends a connection whose target has gone, and goes on", async () => {
    const target = { host: "127.0.0.1", port: 1 };
    const port = await portOf(relay({ host: "127.0.0.1", port: 0 }, target));
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
    expect(await accepts("127.0.0.1", port)).toBe(true);
  });
});
