import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Failure } from "../support/failure";
import { readText, writeText } from "../support/files";
import { pause } from "../support/interruption";
import type { Layout } from "../support/layout";
import { endProcesses, processes } from "../support/pids";
import { record } from "../support/programs";
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

/** Makes the cluster, or starts what of it doesn't run. Its programs were built before. */
export async function provideSimulated(
  here: Layout,
  beforeFresh: () => void,
): Promise<{ fresh: boolean }> {
  const running = runningComponents(here);
  const ports = await providePorts(here, [...COMPONENTS, "etcd-peer"], (name) =>
    running.has((name === "etcd-peer" ? "etcd" : name) as Component),
  );
  const config = clusterConfig(here, ports);
  const complete = `${config}---\n${JSON.stringify(simulatedNodes())}\n`;
  const fresh = readText(completePath(here)) !== complete;
  if (fresh) {
    await removeSimulated(here);
    beforeFresh();
    writeText(configPath(here), config);
    await kwokctl(here, ["create", "cluster", "--kubeconfig", here.kubeconfig, "--wait", "90s"]);
    await addNodes(here);
    // Written last: a cluster without it, or for other ports, is made again.
    writeText(completePath(here), complete);
  } else if (running.size < COMPONENTS.length) {
    correctPidFiles(here, running);
    await kwokctl(here, ["start", "cluster", "--wait", "90s"]);
  }
  await awaitReady(here, ports);
  const state = fresh ? "made" : running.size < COMPONENTS.length ? "started" : "is running";
  say(`Kubernetes: https://127.0.0.1:${ports["kube-apiserver"]}, simulated cluster ${state}`);
  return { fresh };
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
  return COMPONENTS.map((name) => ({
    name,
    command: [programPath(here, name)],
    port: ports[name] ?? 0,
    health: healthUrl(name, ports),
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
      etcdPort: ports["etcd"],
      etcdPeerPort: ports["etcd-peer"],
      kubeApiserverPort: ports["kube-apiserver"],
      kubeControllerManagerPort: ports["kube-controller-manager"],
      kubeSchedulerPort: ports["kube-scheduler"],
      kwokControllerPort: ports["kwok-controller"],
    },
  });
}

async function kwokctl(here: Layout, args: readonly string[]): Promise<void> {
  await record(join(here.bin, "kwokctl"), [...args, "--name", NAME, "--config", configPath(here)], {
    cwd: here.cluster,
    env: { KWOK_WORKDIR: here.cluster, KUBECONFIG: here.kubeconfig },
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

async function awaitReady(here: Layout, ports: Ports): Promise<void> {
  const began = Date.now();
  while (!(await isHealthy(healthUrl("kube-apiserver", ports)))) {
    if (Date.now() - began > 60_000) {
      throw new Failure("The API server of the local cluster is not ready after a minute.", [
        `Its log: ${join(clusterDir(here), "logs", "kube-apiserver.log")}`,
        "`make up` tries again; `make reset` throws the local platform away.",
      ]);
    }
    await pause(200);
  }
}

function healthUrl(name: Component, ports: Ports): string {
  const at = `127.0.0.1:${ports[name]}`;
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
