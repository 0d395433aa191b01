import { isIP } from "node:net";
import type { types } from "@pulumi/kubernetes";
import * as coordination from "@pulumi/kubernetes/coordination/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { Rule } from "../rules";
import type { Egress } from "./network";

/** What it takes that pods agree on one that leads. */
export interface LeaderElection {
  /**
   * Addresses or ranges of the API server, of IPv4 or IPv6, which the pods are let out to. Policies
   * know pods by their labels but the API server by its addresses alone: those that
   * `kubectl get endpointslices -n default kubernetes` shows; on EKS, where they change, the ranges
   * of the subnets that the cluster was made with.
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-ipblock-selectors
   */
  readonly apiServerAt: readonly string[];
}

/** Pods of which one at a time is to lead. */
interface Electors {
  readonly name: string;
  /** The metadata of what belongs to the workload, its name included. */
  readonly metadata: types.input.meta.v1.ObjectMeta & {
    readonly namespace: pulumi.Input<string>;
  };
  /** The ServiceAccount that the pods run as. */
  readonly serviceAccountName: pulumi.Input<string>;
}

/** What the pods need for it. */
interface Elected {
  /** The variables that client libraries are configured with. */
  readonly env: readonly types.input.core.v1.EnvVar[];
  /** What must be there before the pods are. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The names of the variables that pods have for it. */
export const leaderVariables = ["LEASE_NAME", "LEASE_NAMESPACE", "POD_NAME", "POD_NAMESPACE"];

/**
 * A Lease, and the right of one ServiceAccount to hold it. The Lease is made here, so that the pods
 * need no right to make Leases: that one can't be limited to a name.
 *
 * A distributed lock is the same thing: whoever holds the Lease has the lock.
 *
 * Makes `name-lease`, `name-lease-role` and `name-lease-binding`.
 *
 * @see https://kubernetes.io/docs/concepts/architecture/leases/
 */
export function electLeader(
  { name, metadata, serviceAccountName }: Electors,
  opts: pulumi.CustomResourceOptions,
): Elected {
  // What stands in its spec is written by the pods.
  const lease = new coordination.Lease(
    `${name}-lease`,
    { metadata },
    { ...opts, ignoreChanges: ["spec"] },
  );
  const role = new rbac.Role(
    `${name}-lease-role`,
    {
      metadata,
      rules: [
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          resourceNames: [lease.metadata.name],
          verbs: ["get", "update", "patch"],
        },
      ],
    },
    opts,
  );
  const binding = new rbac.RoleBinding(
    `${name}-lease-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [
        { kind: "ServiceAccount", name: serviceAccountName, namespace: metadata.namespace },
      ],
    },
    opts,
  );
  const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  return {
    env: [
      { name: "LEASE_NAME", value: lease.metadata.name },
      { name: "LEASE_NAMESPACE", ...field("metadata.namespace") },
      { name: "POD_NAME", ...field("metadata.name") },
      { name: "POD_NAMESPACE", ...field("metadata.namespace") },
    ],
    dependsOn: [binding],
  };
}

const addressOrRange: Rule<string> = (text) => {
  const [address = "", bits, ...more] = String(text).split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] as number;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  if (most > 0 && fits && more.length === 0 && bits !== "0") return undefined;
  return "give an address or a range, like 10.0.0.1 or 10.0.16.0/20, and not all there are";
};

/**
 * Notes what is no address of an API server.
 *
 * @returns the way there, for a workload's policy
 */
export function checkLeaderElection(
  check: ArgumentCheck,
  election: LeaderElection,
): readonly Egress[] {
  const example = 'leaderElection: { apiServerAt: ["10.0.16.0/20"] }';
  check.shaped("leaderElection", election, [], `where the API server is, like ${example}`);
  check.known<LeaderElection>(election, { apiServerAt: true }, "leaderElection.");
  const apiServerAt = check.listOf(
    "leaderElection.apiServerAt",
    election.apiServerAt,
    addressOrRange,
  );
  if (apiServerAt.length === 0) {
    check.problem(
      `leaderElection has no address of the API server, and the pods can't reach it: give ${example}`,
    );
    return [];
  }
  return [
    {
      to: apiServerAt.map((address) => ({ ipBlock: { cidr: range(address) } })),
      // Which of them a policy sees depends on whether the network looks before or behind the
      // Service.
      ports: [
        { port: 443, protocol: "TCP" },
        { port: 6443, protocol: "TCP" },
      ],
    },
  ];
}

function range(address: string): string {
  return address.includes("/") ? address : `${address}/${isIP(address) === 4 ? 32 : 128}`;
}
