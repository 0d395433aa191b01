import type { types } from "@pulumi/kubernetes";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { matching, oneOf } from "../rules";

/** Who may do what in a namespace, as groups of the cluster's identity provider. */
export interface Access {
  /**
   * See everything but Secrets, logs included.
   * @default nobody
   */
  readonly view?: readonly string[];
  /**
   * What `view` may, and what takes a service through a bad night: delete and evict pods, so that
   * others start in their place, stop Jobs, and scale. No other code runs by it.
   * @default nobody
   */
  readonly operate?: readonly string[];
  /**
   * What `operate` may, and go into the pods: run commands there, forward their ports, start
   * containers beside theirs. Whoever may do that can read every Secret of the namespace.
   * @default nobody
   */
  readonly debug?: readonly string[];
}

const api = "rbac.authorization.k8s.io";

type Rule = types.input.rbac.v1.PolicyRule;

const see = (group: string, ...resources: string[]): Rule => ({
  apiGroups: [group],
  resources,
  verbs: ["get", "list", "watch"],
});

/** Everything that components make, and what Kubernetes makes of it; but Secrets. */
const viewRules: readonly Rule[] = [
  see(
    "",
    ...["pods", "pods/log", "services", "endpoints", "configmaps", "events"],
    ...["persistentvolumeclaims", "serviceaccounts", "resourcequotas", "limitranges"],
  ),
  see("apps", "deployments", "replicasets", "statefulsets", "controllerrevisions"),
  see("autoscaling", "horizontalpodautoscalers"),
  see("batch", "jobs", "cronjobs"),
  see("coordination.k8s.io", "leases"),
  see("discovery.k8s.io", "endpointslices"),
  see("events.k8s.io", "events"),
  see("external-secrets.io", "externalsecrets"),
  see("gateway.networking.k8s.io", "httproutes"),
  see("metrics.k8s.io", "pods"),
  see("monitoring.coreos.com", "servicemonitors", "prometheusrules"),
  see("networking.k8s.io", "networkpolicies", "ingresses"),
  see("policy", "poddisruptionbudgets"),
  see(api, "roles", "rolebindings"),
];

/** Nothing here changes a pod's template: whoever may do that runs any code, and reads Secrets. */
const operateRules: readonly Rule[] = [
  ...viewRules,
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["delete"] },
  {
    apiGroups: ["apps"],
    resources: ["deployments/scale", "statefulsets/scale"],
    verbs: ["get", "update", "patch"],
  },
];

const debugRules: readonly Rule[] = [
  ...operateRules,
  {
    apiGroups: [""],
    resources: ["pods/exec", "pods/attach", "pods/portforward"],
    // A web socket is opened with GET.
    verbs: ["get", "create"],
  },
  { apiGroups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"] },
];

const rulesOf: Readonly<Record<keyof Access, readonly Rule[]>> = {
  view: viewRules,
  operate: operateRules,
  debug: debugRules,
};

/**
 * Gives groups of people their roles in a namespace. The roles are written out, since those that
 * Kubernetes brings along go further than they sound: its `edit` runs commands in pods and reads
 * Secrets.
 *
 * Makes `name-<level>-role` and `name-<level>` for each level that somebody has.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
export function giveAccess(
  name: string,
  namespace: pulumi.Input<string>,
  access: Access,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const [level, groups] of Object.entries(access) as [keyof Access, string[]][]) {
    const metadata = { name: level, namespace };
    const role = new rbac.Role(
      `${name}-${level}-role`,
      { metadata, rules: [...rulesOf[level]] },
      opts,
    );
    new rbac.RoleBinding(
      `${name}-${level}`,
      {
        metadata,
        roleRef: { apiGroup: api, kind: "Role", name: role.metadata.name },
        subjects: groups.map((group) => ({ apiGroup: api, kind: "Group", name: group })),
      },
      opts,
    );
  }
}

/** Notes levels that there are none of, and groups that are nobody or everybody. */
export function checkAccess(check: ArgumentCheck, access: Access | undefined): void {
  const levels = check.map("access", access as Readonly<Record<string, readonly string[]>>);
  for (const [level, given] of Object.entries(levels)) {
    check.input("access", level, oneOf(...Object.keys(rulesOf)));
    const groups = check.listOf(`access.${level}`, given, group);
    if (groups.length === 0 && Array.isArray(given)) {
      check.problem(`access.${level} names nobody: give groups of the cluster, or leave it out`);
    }
  }
}

/** A group of people; not one that has everybody who has an account with the cluster, or none. */
const group = matching(
  /^(?!system:(un)?authenticated$)./,
  "a group of people in the cluster, which is neither empty nor everybody",
);
