import { Failure, Interrupted } from "../support/failure";
import type { Layout } from "../support/layout";
import { capture } from "../support/programs";
import { say } from "../support/steps";
import { containerEngineRuns, containerName, docker } from "./containers";
import { kindProgram } from "./kind";
import type { ClusterKind } from "./kubernetes";
import { isFree, providePorts } from "./ports";

const REGISTRY_IMAGE = "registry:2";

/**
 * Starts a registry to push the built images to, where a container engine runs. Without one the
 * answer is undefined, and the program takes images by reference from its configuration.
 */
export async function provideRegistry(
  here: Layout,
  cluster: ClusterKind,
): Promise<string | undefined> {
  try {
    const name = `${containerName(here)}-registry`;
    const port = await registryPort(here, name);
    await startRegistry(name, port);
    if (cluster === "kind") await introduceToKind(here, name, port);
    say(`Images: built here and pushed to localhost:${port}`);
    return `localhost:${port}`;
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    say(`Images: taken by reference, because the local registry can't run. ${error.message}`);
    return undefined;
  }
}

/** Removes this tree's registry with its images. */
export async function removeRegistry(here: Layout): Promise<void> {
  if (await containerEngineRuns()) {
    await capture("docker", ["rm", "--force", "--volumes", `${containerName(here)}-registry`]);
  }
}

/** What a node's containerd must know to pull `localhost:PORT/...`: there, it is the container. */
export function registryHosts(registry: string): string {
  return `[host."http://${registry}:5000"]\n`;
}

async function isStarted(name: string): Promise<boolean> {
  const { stdout } = await capture("docker", ["inspect", "-f", "{{.State.Running}}", name]);
  return stdout.trim() === "true";
}

async function registryPort(here: Layout, name: string): Promise<number> {
  const running = await isStarted(name);
  const ports = await providePorts(here, ["registry"], () => running);
  return ports["registry"] ?? 0;
}

async function startRegistry(name: string, port: number): Promise<void> {
  if (await isStarted(name)) return;
  await capture("docker", ["rm", "--force", name]);
  await docker([
    ...["run", "--detach", "--restart=no", "--name", name],
    ...["--publish", `127.0.0.1:${port}:5000`, REGISTRY_IMAGE],
  ]);
  if (await isFree(port)) throw new Failure(`${name} doesn't listen on port ${port}.`);
}

/** The recipe of https://kind.sigs.k8s.io/docs/user/local-registry. */
async function introduceToKind(here: Layout, registry: string, port: number): Promise<void> {
  const { stdout } = await capture(kindProgram(here) ?? "kind", [
    "get",
    "nodes",
    "--name",
    containerName(here),
  ]);
  const directory = `/etc/containerd/certs.d/localhost:${port}`;
  for (const node of stdout.split("\n").filter((line) => line !== "")) {
    await docker(["exec", node, "mkdir", "-p", directory]);
    const hosts = registryHosts(registry);
    await docker(["exec", "-i", node, "cp", "/dev/stdin", `${directory}/hosts.toml`], hosts);
  }
  const networks = await docker([
    "inspect",
    "-f",
    "{{json .NetworkSettings.Networks.kind}}",
    registry,
  ]);
  if (networks === "null") await docker(["network", "connect", "kind", registry]);
  await capture("kubectl", ["--kubeconfig", here.kubeconfig, "apply", "-f", "-"], {
    input: JSON.stringify(registryNote(port)),
  });
}

/** Tells tools in the cluster about the registry, as KEP-1755 has it. */
export function registryNote(port: number): object {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "local-registry-hosting", namespace: "kube-public" },
    data: {
      "localRegistryHosting.v1": `host: "localhost:${port}"\nhelp: "https://kind.sigs.k8s.io/docs/user/local-registry/"\n`,
    },
  };
}
