import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { STARTED_BY } from "../left-overs";
import { Failure, Interrupted } from "../support/failure";
import { readText, writeText } from "../support/files";
import { pause } from "../support/interruption";
import type { Layout } from "../support/layout";
import { endProcesses, processes } from "../support/pids";
import { capture, record } from "../support/programs";
import { say } from "../support/steps";
import { type Ports, providePorts } from "./ports";
import { isHealthy, type ServiceState } from "./services";

// A control plane as in any cluster (API server with RBAC and Pod Security admission, controllers,
// scheduler) over nodes that only say that they run their pods. kwokctl makes it and starts it.

const NAME = "groundwork";
const ZONES = ["a", "b", "c"] as const;
const CONTROL_PLANE = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
] as const;
const COMPONENTS = [...CONTROL_PLANE, "kwok-controller"] as const;
type Component = (typeof COMPONENTS)[number];

/** What kwokctl calls the port of each part. */
const PORT_OPTIONS = {
  etcd: "etcdPort",
  "etcd-peer": "etcdPeerPort",
  "kube-apiserver": "kubeApiserverPort",
  "kube-controller-manager": "kubeControllerManagerPort",
  "kube-scheduler": "kubeSchedulerPort",
  "kwok-controller": "kwokControllerPort",
} as const;

/** Makes the cluster, or starts what of it doesn't run. Its programs were built before. */
export async function provideSimulated(
  here: Layout,
  beforeFresh: () => void,
): Promise<{ fresh: boolean }> {
  const before = runningComponents(here);
  const ports = await providePorts(here, [...COMPONENTS, "etcd-peer"], usedPorts(here, before));
  const config = clusterConfig(here, ports);
  const complete = `${config}---\n${JSON.stringify(simulatedNodes())}\n`;
  const make = async () => {
    await removeSimulated(here);
    beforeFresh();
    writeText(configPath(here), config);
    await kwokctl(here, ["create", "cluster", "--kubeconfig", here.kubeconfig]);
    await awaitReady(here, ports, addNodes);
    // Written last: a cluster without it, or for other ports, is made again.
    writeText(completePath(here), complete);
  };
  const at = `Kubernetes: https://127.0.0.1:${ports["kube-apiserver"]}, simulated cluster`;
  if (readText(completePath(here)) === complete) {
    writeText(configPath(here), config);
    try {
      await awaitReady(here, ports, keepKubeconfig);
      say(`${at} ${before.size < COMPONENTS.length ? "started" : "is running"}`);
      return { fresh: false };
    } catch (error) {
      if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
      for (const line of [error.message, ...error.next]) say(line);
      say("The cluster is made again.");
    }
  }
  await make();
  say(`${at} made`);
  return { fresh: true };
}

/** Returns whether there is a simulated cluster of this tree. */
export function hasSimulated(here: Layout): boolean {
  return existsSync(here.cluster);
}

/** Stops the cluster and removes its data. */
export async function removeSimulated(here: Layout): Promise<void> {
  // By force: asked all at once, some would wait for others that have gone already.
  await endProcesses("SIGKILL", () => [...runningComponents(here).values()]);
  rmSync(here.cluster, { recursive: true, force: true });
  rmSync(here.kubeconfig, { force: true });
}

/** The parts of the cluster as they are now; none when there is no cluster. */
export function simulatedServices(here: Layout, ports: Ports): ServiceState[] {
  if (!existsSync(configPath(here))) return [];
  const running = runningComponents(here);
  const known = { ...ports, ...usedPorts(here, running) };
  return COMPONENTS.map((name) => ({
    name,
    command: [programPath(here, name)],
    port: known[name] ?? 0,
    health: healthUrl(name, known),
    pid: running.get(name),
    log: join(clusterDir(here), "logs", `${name}.log`),
  }));
}

/** The configuration of kwokctl: our binaries, our ports, loopback only. */
export function clusterConfig(here: Pick<Layout, "bin">, ports: Ports): string {
  const kubernetes = (name: string) => join(here.bin, name);
  return stringify({
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      bindAddress: "127.0.0.1",
      etcdBinary: kubernetes("etcd"),
      kubeApiserverBinary: kubernetes("kube-apiserver"),
      kubeControllerManagerBinary: kubernetes("kube-controller-manager"),
      kubeSchedulerBinary: kubernetes("kube-scheduler"),
      kubectlBinary: kubernetes("kubectl"),
      kwokControllerBinary: kubernetes("kwok"),
      ...Object.fromEntries(
        Object.entries(PORT_OPTIONS).map(([name, option]) => [option, ports[name]]),
      ),
    },
  });
}

/** The ports of what runs, as the cluster was made with them. */
function usedPorts(here: Layout, running: ReadonlyMap<Component, number>): Ports {
  const text = readText(configPath(here));
  let options: Record<string, unknown> = {};
  try {
    options = Object((parse(text ?? "") as { options?: object } | null)?.options);
  } catch {
    // It is damaged, so the cluster is made again.
  }
  return Object.fromEntries(
    Object.entries(PORT_OPTIONS).flatMap(([name, option]) => {
      const port = options[option];
      const runs = running.has((name === "etcd-peer" ? "etcd" : name) as Component);
      return runs && typeof port === "number" ? [[name, port]] : [];
    }),
  );
}

async function kwokctl(here: Layout, args: readonly string[]): Promise<void> {
  await record(join(here.bin, "kwokctl"), [...args, "--name", NAME, "--config", configPath(here)], {
    cwd: here.cluster,
    // What it starts is to outlive this command.
    env: { KWOK_WORKDIR: here.cluster, KUBECONFIG: here.kubeconfig, [STARTED_BY]: undefined },
    log: join(here.logs, "kwokctl.log"),
    what: `kwokctl ${args[0]} ${args[1]}`,
  });
}

/** A node in each of three zones, so that spreading over zones means something. */
export function simulatedNodes() {
  const resources = { cpu: "8", memory: "32Gi", "ephemeral-storage": "100Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "List",
    items: ZONES.map((zone, index) => ({
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: `simulated-${zone}`,
        annotations: { "kwok.x-k8s.io/node": "fake" },
        labels: {
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": `simulated-${zone}`,
          "kubernetes.io/os": "linux",
          "topology.kubernetes.io/region": "local",
          "topology.kubernetes.io/zone": `local-${zone}`,
        },
      },
      spec: { podCIDR: `10.244.${index}.0/24` },
      status: { allocatable: resources, capacity: resources },
    })),
  };
}

async function addNodes(here: Layout): Promise<void> {
  const manifest = join(here.cluster, "nodes.json");
  writeText(manifest, JSON.stringify(simulatedNodes()));
  await record(
    join(here.bin, "kubectl"),
    ["--kubeconfig", here.kubeconfig, "apply", "--filename", manifest],
    { log: join(here.logs, "nodes.log"), what: "kubectl apply" },
  );
}

/** Writes the kubeconfig again where it is damaged; kwokctl knows what stood in it. */
async function keepKubeconfig(here: Layout): Promise<void> {
  if ((await ask(here, ["get", "--raw", "/version"])) !== undefined) return;
  const { code, stdout } = await capture(
    join(here.bin, "kwokctl"),
    ["get", "kubeconfig", "--name", NAME, "--config", configPath(here)],
    { env: { KWOK_WORKDIR: here.cluster } },
  );
  if (code === 0) writeText(here.kubeconfig, stdout, 0o600);
}

/**
 * The live processes of this tree's cluster. Looked up by their programs' paths, so that nothing is
 * missed after a crash and no stranger's process is taken for one.
 */
function runningComponents(here: Layout): Map<Component, number> {
  const all = processes();
  return new Map(
    COMPONENTS.flatMap((name) => {
      const found = all.find(({ command }) => command.startsWith(`${programPath(here, name)} `));
      return found === undefined ? [] : [[name, found.pid] as const];
    }),
  );
}

/** kwokctl trusts its pid files, also when the number belongs to another process by now. */
function correctPidFiles(here: Layout, running: Map<Component, number>): void {
  const directory = join(clusterDir(here), "pids");
  mkdirSync(directory, { recursive: true });
  for (const name of COMPONENTS) {
    const pid = running.get(name);
    const path = join(directory, `${name}.pid`);
    if (pid === undefined) rmSync(path, { force: true });
    else writeText(path, String(pid));
  }
}

/**
 * Waits until every part of the cluster works, and starts those that have died in the meantime:
 * controller manager and scheduler end by themselves some seconds after the API server was away.
 * @param afterStart what to do once the API server answers
 */
async function awaitReady(
  here: Layout,
  ports: Ports,
  afterStart: (here: Layout) => Promise<void>,
): Promise<void> {
  const began = Date.now();
  let prepared = false;
  for (;;) {
    const running = runningComponents(here);
    if (running.size < COMPONENTS.length) {
      correctPidFiles(here, running);
      await kwokctl(here, ["start", "cluster"]);
    }
    const isReady = await isHealthy(healthUrl("kube-apiserver", ports));
    if (isReady && !prepared) {
      await afterStart(here);
      prepared = true;
    }
    const missing = isReady ? await notReady(here, ports, new Date(began)) : ["kube-apiserver"];
    if (missing.length === 0) return;
    if (Date.now() - began > 90_000) {
      throw new Failure(`The local cluster is not ready after 90 s: ${missing.join(", ")}.`, [
        `The logs: ${join(clusterDir(here), "logs")}`,
        "`make up` tries again; `make reset` throws the local platform away.",
      ]);
    }
    await pause(300);
  }
}

/** The parts that don't work yet. */
async function notReady(here: Layout, ports: Ports, since: Date): Promise<string[]> {
  const healthy = await Promise.all(
    COMPONENTS.map(async (name) => ((await isHealthy(healthUrl(name, ports))) ? [] : [name])),
  );
  const unhealthy = healthy.flat();
  if (unhealthy.length > 0) return unhealthy;
  const [leases, nodes] = await Promise.all([
    ask<Leases>(here, ["get", "leases", "--namespace", "kube-system", "--output", "json"]),
    ask<Nodes>(here, ["get", "nodes", "--output", "json"]),
  ]);
  return [...withoutLeadership(leases, since), ...nodesNotReady(nodes)];
}

interface Listed<Body> {
  readonly items?: readonly (Body & { readonly metadata: { readonly name: string } })[];
}
type Leases = Listed<{ readonly spec?: { readonly renewTime?: string } }>;
type Nodes = Listed<{
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}>;

/**
 * Those that have not renewed their Lease since this moment. One that has lost it while the API
 * server was away still answers for some seconds, and then ends.
 */
export function withoutLeadership(leases: Leases | undefined, since: Date): string[] {
  const leaders = ["kube-controller-manager", "kube-scheduler"];
  return leaders.filter((name) => {
    const lease = leases?.items?.find(({ metadata }) => metadata.name === name);
    return !(new Date(lease?.spec?.renewTime ?? 0) >= since);
  });
}

/** The nodes that are missing, or of which the controllers have heard nothing. */
export function nodesNotReady(nodes: Nodes | undefined): string[] {
  return simulatedNodes()
    .items.map(({ metadata }) => metadata.name)
    .filter((name) => {
      const found = nodes?.items?.find(({ metadata }) => metadata.name === name);
      const ready = found?.status?.conditions?.find(({ type }) => type === "Ready");
      return ready?.status !== "True";
    });
}

/** Asks the API server with the tree's kubeconfig; undefined when it gives no answer. */
async function ask<T>(here: Layout, args: readonly string[]): Promise<T | undefined> {
  const { code, stdout } = await capture(
    join(here.bin, "kubectl"),
    ["--kubeconfig", here.kubeconfig, "--request-timeout", "10s", ...args],
    { timeoutMs: 15_000 },
  );
  try {
    return code === 0 ? (JSON.parse(stdout) as T) : undefined;
  } catch {
    return undefined;
  }
}

function healthUrl(name: Component, ports: Ports): string {
  const at = `127.0.0.1:${ports[name] ?? 0}`;
  switch (name) {
    case "etcd":
      return `http://${at}/health`;
    case "kwok-controller":
      return `http://${at}/healthz`;
    case "kube-apiserver":
      return `https://${at}/readyz`;
    default:
      return `https://${at}/healthz`;
  }
}

function clusterDir(here: Layout): string {
  return join(here.cluster, "clusters", NAME);
}

function programPath(here: Layout, name: Component): string {
  return join(clusterDir(here), "bin", name);
}

function configPath(here: Layout): string {
  return join(here.cluster, "kwokctl.yaml");
}

function completePath(here: Layout): string {
  return join(here.cluster, "complete");
}
