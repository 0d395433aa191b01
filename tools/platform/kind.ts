import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Failure } from "../support/failure";
import { readText, writeText } from "../support/files";
import { pause } from "../support/interruption";
import type { Layout } from "../support/layout";
import { findOnPath, isExecutable, record } from "../support/programs";
import { unproxied } from "../support/proxy";
import { say } from "../support/steps";
import { containerName, docker } from "./containers";
import { creationFailure } from "./kind-failure";
import { inKind, kindNodes, nodeName, startNodes } from "./kind-nodes";

/** The `kind` to run: the user's own, or the one that was downloaded. */
function kindProgram({ bin }: Layout): string {
  return [...findOnPath("kind"), join(bin, "kind")].find(isExecutable) ?? "kind";
}

/**
 * Makes the kind cluster of this tree, or starts the one that is there, with its data. It deletes
 * only one of which this tree noted that it isn't whole.
 */
export async function provideKind(
  here: Layout,
  beforeFresh: () => void,
  patienceMs = 60_000,
): Promise<{ fresh: boolean }> {
  const name = containerName(here);
  if (existsSync(unfinishedPath(here))) await removeKind(here);
  const nodes = await kindNodes(here);
  if (nodes.length === 0) {
    beforeFresh();
    await createKind(here);
    await writeKubeconfig(here);
    say(`Kubernetes: kind cluster ${name} made`);
    return { fresh: true };
  }
  const started = await startNodes(nodes);
  await awaitAnswer(here, patienceMs);
  await writeKubeconfig(here);
  say(`Kubernetes: kind cluster ${name} ${started ? "started, with its data" : "is running"}`);
  return { fresh: false };
}

/**
 * Deletes the kind cluster of this tree.
 * @returns whether there was one
 */
export async function removeKind(here: Layout): Promise<boolean> {
  const nodes = await kindNodes(here);
  if (nodes.length > 0) {
    // Stopped in the middle, it leaves a cluster that lacks nodes.
    writeText(unfinishedPath(here), "");
    await docker(["rm", "--force", "--volumes", ...nodes.map(({ name }) => name)]);
    rmSync(here.kubeconfig, { force: true });
  }
  rmSync(unfinishedPath(here), { force: true });
  return nodes.length > 0;
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

async function createKind(here: Layout): Promise<void> {
  const name = containerName(here);
  const config = join(here.home, "kind.yaml");
  const log = join(here.logs, "kind.log");
  writeText(config, kindConfig());
  writeText(unfinishedPath(here), "");
  const args = ["create", "cluster", "--name", name, "--config", config];
  try {
    await record(kindProgram(here), [...args, "--kubeconfig", here.kubeconfig, "--wait", "180s"], {
      // The nodes get the variables too, and reach the local registry by its container's name.
      env: unproxied(process.env, [`${name}-registry`]),
      log,
      what: "kind create cluster",
    });
  } catch (error) {
    throw creationFailure(error, log);
  }
  rmSync(unfinishedPath(here));
}

/**
 * Waits until the API server answers. A machine that just woke up or is busy gets time, and a
 * cluster that stays silent is left as it is: deleting it can't be undone.
 */
async function awaitAnswer(here: Layout, patienceMs: number): Promise<void> {
  const readyz = ["get", "--raw", "/readyz"];
  for (const began = Date.now(); ; await pause(1000)) {
    const { code, stdout, stderr } = await inKind(here, readyz, { timeoutMs: 10_000 });
    if (code === 0) return;
    if (Date.now() - began < patienceMs) continue;
    const name = containerName(here);
    const words = `${stdout}${stderr}`.trim().split("\n").slice(-3);
    throw new Failure(
      `The kind cluster ${name} doesn't answer for ${Math.round(patienceMs / 1000)} s:`,
      [
        ...words.map((line) => `  ${line}`),
        "Nothing was deleted. To look at it, and to start it again:",
        `  docker logs ${nodeName(here)}`,
        `  docker restart ${nodeName(here)}`,
        "To make another one in its place, without what is in it:",
        "  make reset",
      ],
    );
  }
}

/**
 * The kubeconfig, from the node's own at every start: a damaged one is replaced, and `kind` isn't
 * needed for it.
 */
async function writeKubeconfig(here: Layout): Promise<void> {
  const node = nodeName(here);
  const config = await docker(["exec", node, "cat", "/etc/kubernetes/admin.conf"]);
  const [address] = (await docker(["port", node, "6443/tcp"])).split("\n");
  const text = `${config.replace(/server: .*/, `server: https://${address}`)}\n`;
  if (readText(here.kubeconfig) !== text) writeText(here.kubeconfig, text, 0o600);
}

/** A file that is there while a cluster is made or deleted, which isn't whole then. */
function unfinishedPath(here: Layout): string {
  return join(here.home, "kind-unfinished");
}
