import type { Layout } from "../support/layout";
import { capture, type Outcome } from "../support/programs";
import { containerName, docker, inspect } from "./containers";

/** A container that is a node of this tree's kind cluster. */
export interface KindNode {
  readonly name: string;
  /** The container's state, such as `running`, `exited` or `paused`. */
  readonly state: string;
}

/** The network that the nodes are in. */
export interface NodeNetwork {
  readonly name: string;
  /** The IPv4 address of the gateway. Pods have no IPv6, even where the nodes' network does. */
  readonly gateway: string;
  readonly prefixLength: number;
}

/**
 * The nodes, the control plane first. Asked of the container engine, which knows them also where
 * `kind` isn't on PATH.
 * @throws {Failure} when the engine gives no answer: no answer is not an empty one
 */
export async function kindNodes(here: Layout): Promise<KindNode[]> {
  const label = `label=io.x-k8s.kind.cluster=${containerName(here)}`;
  const format = "{{.Names}} {{.State}}";
  const lines = await docker(["ps", "--all", "--filter", label, "--format", format]);
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .sort()
    .map((line) => {
      const [name = "", state = ""] = line.split(" ");
      return { name, state };
    });
}

/**
 * Starts the nodes that are stopped, in their order: each gets the address it had.
 * @returns whether there were any
 */
export async function startNodes(nodes: readonly KindNode[]): Promise<boolean> {
  const stopped = nodes.filter(({ state }) => state !== "running");
  for (const { name, state } of stopped) {
    await docker([state === "paused" ? "unpause" : "start", name]);
  }
  return stopped.length > 0;
}

/** The name of the control plane's node. */
export function nodeName(here: Layout): string {
  return `${containerName(here)}-control-plane`;
}

/** Runs the kubectl of the control plane's node: this machine may have none. */
export function inKind(
  here: Layout,
  args: readonly string[],
  options: Parameters<typeof capture>[2] = {},
): Promise<Outcome> {
  const kubectl = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", ...args];
  return capture("docker", ["exec", "--interactive", nodeName(here), ...kubectl], options);
}

/** The network of the cluster; undefined when it can't be seen. */
export async function nodeNetwork(here: Layout): Promise<NodeNetwork | undefined> {
  interface Container {
    readonly NetworkSettings: {
      readonly Networks: Readonly<Record<string, { Gateway: string; IPPrefixLen: number }>>;
    };
  }
  const node = await inspect<Container>(["inspect", nodeName(here)]);
  const [network] = Object.entries(node?.NetworkSettings.Networks ?? {});
  if (network === undefined) return undefined;
  const [name, { Gateway: gateway, IPPrefixLen: prefixLength }] = network;
  return { name, gateway, prefixLength };
}
