import type { types } from "@pulumi/kubernetes";
import * as networking from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { wholeNumber } from "../rules";
import { type Caller, commonLabels, type Workload } from "./workload";

/** Who is on the other side of a connection: pods, namespaces or addresses. */
export type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** What pods may reach, and on which ports. */
export type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

/** The port of every workload's Service. */
export const servicePort = 80;

/** A port of pods that others may be let in to. */
export const podPort = wholeNumber(1, 65_535);

/** Pods by their labels, in one namespace alone. */
export function podsIn(
  namespaceName: pulumi.Input<string>,
  labels: Readonly<Record<string, string>>,
): Peer {
  return {
    // Every namespace has this label, from Kubernetes itself.
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespaceName } },
    podSelector: { matchLabels: { ...labels } },
  };
}

const clusterDns: Egress = {
  to: [podsIn("kube-system", { "k8s-app": "kube-dns" })],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

/**
 * The pods of a workload themselves, in its own namespace.
 *
 * They stand in the policy of each, so that it has a rule also where nobody else is let in: without
 * one, people and scanners can't tell "nobody" from "forgotten". It opens nothing by itself, since
 * the same policy does not let the pods out to each other.
 */
function ownPods(labels: Caller["labels"]): Peer {
  return { podSelector: { matchLabels: { ...labels } } };
}

/**
 * A workload's own policy: everything is closed but what is allowed, and the cluster's DNS.
 *
 * Policies add up: what {@link allowTraffic} and others open stays open.
 */
export function workloadPolicy(
  { labels, port }: Pick<Workload, "labels" | "port">,
  allowFrom: readonly Peer[],
  allowTo: readonly Egress[],
): types.input.networking.v1.NetworkPolicySpec {
  return {
    ...ingressPolicy(labels, [ownPods(labels), ...allowFrom], port),
    policyTypes: ["Ingress", "Egress"],
    egress: [clusterDns, ...allowTo],
  };
}

/** The policy of pods that nobody reaches, and that reach what is allowed and the cluster's DNS. */
export function callerPolicy(
  labels: Caller["labels"],
  allowTo: readonly Egress[],
): types.input.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: { ...labels } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [ownPods(labels)] }],
    egress: [clusterDns, ...allowTo],
  };
}

/** Lets peers in to one port of the pods that have the labels. */
export function ingressPolicy(
  labels: Workload["labels"],
  // Not empty: a rule with no peers would let everybody in.
  from: readonly [Peer, ...Peer[]],
  port: number,
): types.input.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: { ...labels } },
    policyTypes: ["Ingress"],
    ingress: [{ from: [...from], ports: [{ port, protocol: "TCP" }] }],
  };
}

/**
 * Opens exactly one path: from the pods of one workload to one port of another's. Two policies that
 * add to what is open already: the callee's lets the caller in, the caller's lets it out, each in
 * its own namespace.
 *
 * Makes `<to>-from-<from>` and `<from>-to-<to>`, with the port behind it when it is not the
 * callee's own.
 *
 * @param port the port of the callee's container, not of its Service
 * @throws {InvalidArgumentsError} for a port that there is none of
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function allowTraffic(
  from: Caller,
  to: Workload,
  port: number = to.port,
  opts?: pulumi.CustomResourceOptions,
): void {
  const check = new ArgumentCheck(
    "groundwork:kubernetes:allowTraffic",
    `${from?.name} to ${to.name}`,
  );
  check.shaped(
    "caller",
    from,
    ["name", "labels", "namespaceName"],
    "who calls, like a Microservice",
  );
  check.input("port", port, podPort);
  check.throwIfAny();
  const suffix = port === to.port ? "" : `-${port}`;
  const inward = `${to.name}-from-${from.name}${suffix}`;
  new networking.NetworkPolicy(
    inward,
    {
      metadata: { name: inward, namespace: to.namespaceName, labels: commonLabels(to.name) },
      spec: ingressPolicy(to.labels, [podsIn(from.namespaceName, from.labels)], port),
    },
    opts,
  );
  const outward = `${from.name}-to-${to.name}${suffix}`;
  new networking.NetworkPolicy(
    outward,
    {
      metadata: { name: outward, namespace: from.namespaceName, labels: commonLabels(from.name) },
      spec: {
        podSelector: { matchLabels: { ...from.labels } },
        policyTypes: ["Egress"],
        egress: [
          {
            to: [podsIn(to.namespaceName, to.labels)],
            ports: [{ port, protocol: "TCP" }],
          },
        ],
      },
    },
    opts,
  );
}
