import { Failure } from "../support/failure";
import { readJson } from "../support/files";
import type { Layout } from "../support/layout";
import { capture } from "../support/programs";
import { removeStages } from "./build-stages";
import { containerEngineRuns, containerName, docker, inspect } from "./containers";
import { inKind, kindNodes, nodeNetwork } from "./kind-nodes";
import { removeImages } from "./old-images";
import { isFree, type Ports, providePorts, savedPorts } from "./ports";

const REGISTRY_IMAGE = "registry:2";

/**
 * Starts this tree's registry, with the images that it had.
 * @param beforeFresh called before one is started that has none
 * @returns its `localhost:PORT`
 */
export async function provideRegistry(
  here: Layout,
  inKindCluster: boolean,
  beforeFresh: () => void,
): Promise<string> {
  const name = registryName(here);
  const port = await registryPort(here, name);
  await startRegistry(name, port, beforeFresh);
  if (inKindCluster) await introduceToKind(here, name, port);
  return `localhost:${port}`;
}

/** Removes this tree's registry with its images, and those that were built for it. */
export async function removeRegistry(here: Layout): Promise<void> {
  if (!(await containerEngineRuns())) return;
  const name = registryName(here);
  const port = (await lookAtRegistry(name))?.port ?? readJson<Ports>(here.ports)?.["registry"];
  await capture("docker", ["rm", "--force", "--volumes", name]);
  await capture("docker", ["volume", "rm", "--force", name]);
  if (port !== undefined) await removeImages(`localhost:${port}`);
  await removeStages(here);
}

/** What a node's containerd must know to pull `localhost:PORT/...`: there, it is the container. */
export function registryHosts(registry: string): string {
  return `[host."http://${registry}:5000"]\n`;
}

interface Registry {
  readonly running: boolean;
  readonly port: number | undefined;
  readonly networks: readonly string[];
}

/** The registry's container as it is now; undefined when there is none. */
async function lookAtRegistry(name: string): Promise<Registry | undefined> {
  interface Container {
    readonly State: { readonly Running: boolean };
    readonly HostConfig: {
      readonly PortBindings: Readonly<Record<string, readonly { HostPort: string }[]>> | null;
    };
    readonly NetworkSettings: { readonly Networks: object };
  }
  const container = await inspect<Container>(["inspect", "--type", "container", name]);
  if (container === undefined) return undefined;
  const port = container.HostConfig.PortBindings?.["5000/tcp"]?.[0]?.HostPort;
  return {
    running: container.State.Running,
    port: port === undefined ? undefined : Number(port),
    networks: Object.keys(container.NetworkSettings.Networks),
  };
}

async function registryPort(here: Layout, name: string): Promise<number> {
  const running = (await lookAtRegistry(name))?.running === true;
  const saved = savedPorts(here)["registry"];
  const used: Ports = running && saved !== undefined ? { registry: saved } : {};
  const ports = await providePorts(here, ["registry"], used);
  return ports["registry"] ?? 0;
}

async function startRegistry(name: string, port: number, beforeFresh: () => void): Promise<void> {
  const found = await lookAtRegistry(name);
  if (found?.port === port) {
    if (found.running) return;
    // Whatever it fails at, such as a network that has gone: its data is in the volume.
    if ((await capture("docker", ["start", name])).code === 0) return;
  }
  await capture("docker", ["rm", "--force", name]);
  if (found?.port !== undefined && found.port !== port) {
    await removeImages(`localhost:${found.port}`);
  }
  if ((await inspect(["volume", "inspect", name])) === undefined) beforeFresh();
  await docker([
    ...["run", "--detach", "--restart=no", "--name", name],
    ...["--volume", `${name}:/var/lib/registry`],
    ...["--publish", `127.0.0.1:${port}:5000`, REGISTRY_IMAGE],
  ]);
  if (await isFree(port)) throw new Failure(`${name} doesn't listen on port ${port}.`);
}

/** The recipe of https://kind.sigs.k8s.io/docs/user/local-registry. */
async function introduceToKind(here: Layout, registry: string, port: number): Promise<void> {
  const directory = `/etc/containerd/certs.d/localhost:${port}`;
  for (const { name } of await kindNodes(here)) {
    await docker(["exec", name, "mkdir", "-p", directory]);
    const hosts = registryHosts(registry);
    await docker(["exec", "-i", name, "cp", "/dev/stdin", `${directory}/hosts.toml`], hosts);
  }
  const network = (await nodeNetwork(here))?.name ?? "kind";
  if ((await lookAtRegistry(registry))?.networks.includes(network) !== true) {
    await docker(["network", "connect", network, registry]);
  }
  await inKind(here, ["apply", "-f", "-"], { input: JSON.stringify(registryNote(port)) });
}

/** Tells tools in the cluster about the registry, as KEP-1755 has it. */
function registryNote(port: number): object {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "local-registry-hosting", namespace: "kube-public" },
    data: {
      "localRegistryHosting.v1": `host: "localhost:${port}"\nhelp: "https://kind.sigs.k8s.io/docs/user/local-registry/"\n`,
    },
  };
}

function registryName(here: Layout): string {
  return `${containerName(here)}-registry`;
}
