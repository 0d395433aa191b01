import { join } from "node:path";
import { stringify } from "yaml";
import { writeText } from "../support/files";
import type { Layout } from "../support/layout";
import { capture, findOnPath, isExecutable, record } from "../support/programs";
import { unproxied } from "../support/proxy";
import { say } from "../support/steps";
import { containerName } from "./containers";

/** The `kind` to run: the user's own, or the one that was downloaded. */
export function kindProgram({ bin }: Layout): string | undefined {
  return [...findOnPath("kind"), join(bin, "kind")].find(isExecutable);
}

/** Makes the kind cluster of this tree unless it is there. */
export async function provideKind(
  here: Layout,
  beforeFresh: () => void,
): Promise<{ fresh: boolean }> {
  const name = containerName(here);
  const exists = (await clusters(here)).includes(name);
  if (exists && (await isReady(here))) {
    say(`Kubernetes: kind cluster ${name} is running`);
    return { fresh: false };
  }
  // One that doesn't answer was left half made, or its containers were stopped: kind can't start
  // it again.
  if (exists) await kind(here, ["delete", "cluster", "--name", name]);
  beforeFresh();
  const config = join(here.home, "kind.yaml");
  writeText(config, kindConfig());
  await kind(here, [
    ...["create", "cluster", "--name", name, "--config", config],
    ...["--kubeconfig", here.kubeconfig, "--wait", "180s"],
  ]);
  say(`Kubernetes: kind cluster ${name} made`);
  return { fresh: true };
}

/** Deletes the kind cluster of this tree, if there is one. */
export async function removeKind(here: Layout): Promise<void> {
  const name = containerName(here);
  if ((await clusters(here)).includes(name)) {
    await kind(here, ["delete", "cluster", "--name", name, "--kubeconfig", here.kubeconfig]);
  }
}

/**
 * Three nodes, whose containerd looks for registries in the folder that images.ts fills. Those that
 * take pods are in zones of their own, so that spreading over zones means something.
 */
export function kindConfig(): string {
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: [
      { role: "control-plane" },
      ...["a", "b"].map((zone) => ({
        role: "worker",
        labels: { "topology.kubernetes.io/zone": `local-${zone}` },
      })),
    ],
    containerdConfigPatches: [
      '[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n',
    ],
  });
}

async function clusters(here: Layout): Promise<string[]> {
  const { code, stdout } = await capture(kindProgram(here) ?? "kind", ["get", "clusters"]);
  return code === 0 ? stdout.split("\n") : [];
}

async function isReady(here: Layout): Promise<boolean> {
  const args = ["--kubeconfig", here.kubeconfig, "get", "--raw", "/readyz"];
  return (await capture("kubectl", args, { timeoutMs: 10_000 })).code === 0;
}

async function kind(here: Layout, args: readonly string[]): Promise<void> {
  await record(kindProgram(here) ?? "kind", args, {
    // The nodes get the variables too, and reach the local registry by its container's name.
    env: unproxied(process.env, [`${containerName(here)}-registry`]),
    log: join(here.logs, "kind.log"),
    what: `kind ${args[0]} cluster`,
  });
}
