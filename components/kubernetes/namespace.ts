import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { dnsLabel, oneOf } from "../rules";
import { anyQuantity } from "./quantity";

const type = "groundwork:kubernetes:Namespace";

/** What a namespace as a whole may use, in Kubernetes' own words. */
export interface Quota {
  /** How many pods there may be; `@default` "100" */
  readonly pods?: string;
  /** Processor time that all pods together may be promised; `@default` "20" */
  readonly "requests.cpu"?: string;
  /** Memory that all pods together may be promised; `@default` "40Gi" */
  readonly "requests.memory"?: string;
  /** Memory that all pods together may take; `@default` "80Gi" */
  readonly "limits.memory"?: string;
  /** Disk that all claims together may have; `@default` "500Gi" */
  readonly "requests.storage"?: string;
  /** Services that open a load balancer of their own, past the ingress; `@default` "0" */
  readonly "services.loadbalancers"?: string;
  /** Services that open a port on every node; `@default` "0" */
  readonly "services.nodeports"?: string;
}

/** What people may do: the roles that Kubernetes brings along. */
export type AccessRole = "view" | "edit" | "admin";

/** Arguments of {@link Namespace}. */
export interface NamespaceArgs {
  /**
   * The namespace's name in the cluster.
   * @default the component's name
   */
  readonly namespaceName?: string;
  /**
   * What all of it together may use; what is left out stays at its default.
   * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
   */
  readonly quota?: Quota;
  /**
   * Who may do what, as groups of the cluster's identity provider by role: `view` sees everything
   * but secrets, `edit` also changes things and reads secrets, `admin` also gives others access.
   * @default nobody but the cluster's administrators
   * @example access: { view: ["developers"], edit: ["on-call"] }
   * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
   */
  readonly access?: Readonly<Partial<Record<AccessRole, readonly string[]>>>;
  /**
   * Credentials for a private registry, as the text of a Docker `config.json`. Nodes of EKS need
   * none for ECR.
   * @default none
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
   */
  readonly imagePullCredentials?: pulumi.Input<string>;
}

/**
 * A namespace that admits only pods that meet the Pod Security standard `restricted`, lets none of
 * them talk to anybody unless a policy says so, and can't use up the cluster.
 *
 * Children: `name` (the namespace), `name-quota`, `name-limits`, `name-deny`, `name-pull` where
 * there are credentials, and `name-view`, `name-edit` and `name-admin` where somebody has the role.
 *
 * @example
 * const namespace = new Namespace("shop", { access: { view: ["developers"] } });
 * new Microservice("web", { namespace: namespace.namespaceName, ... });
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export class Namespace extends pulumi.ComponentResource {
  /** The namespace itself. */
  readonly namespace: core.Namespace;
  /** Its name in the cluster. */
  readonly namespaceName: pulumi.Output<string>;
  /** Names of the Secrets that pods pull their images with, for `imagePullSecrets`. */
  readonly imagePullSecrets: readonly pulumi.Output<string>[];

  /** @throws {InvalidArgumentsError} for names, roles and quantities that Kubernetes refuses */
  constructor(name: string, args: NamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const namespaceName = args.namespaceName ?? name;
    check(name, namespaceName, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.namespace = new core.Namespace(
      name,
      {
        metadata: {
          name: namespaceName,
          labels: Object.fromEntries(
            ["enforce", "audit", "warn"].map((mode) => [
              `pod-security.kubernetes.io/${mode}`,
              "restricted",
            ]),
          ),
        },
      },
      parent,
    );
    this.namespaceName = this.namespace.metadata.name;
    const metadata = { name: namespaceName, namespace: this.namespaceName };

    new core.ResourceQuota(
      `${name}-quota`,
      { metadata, spec: { hard: { ...defaultQuota, ...args.quota } } },
      parent,
    );
    new core.LimitRange(
      `${name}-limits`,
      // The quota refuses pods that don't say what they need; these do it for them.
      {
        metadata,
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
              default: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" },
            },
          ],
        },
      },
      parent,
    );
    new networking.NetworkPolicy(
      `${name}-deny`,
      { metadata, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
      parent,
    );
    this.imagePullSecrets = this.pullSecrets(name, args.imagePullCredentials);
    for (const [role, groups] of Object.entries(args.access ?? {})) {
      this.bind(name, role, groups);
    }
    this.registerOutputs({ namespaceName: this.namespaceName });
  }

  private pullSecrets(
    name: string,
    credentials: pulumi.Input<string> | undefined,
  ): readonly pulumi.Output<string>[] {
    if (credentials === undefined) return [];
    const secret = new core.Secret(
      `${name}-pull`,
      {
        metadata: { namespace: this.namespaceName },
        type: "kubernetes.io/dockerconfigjson",
        immutable: true,
        stringData: pulumi.secret({ ".dockerconfigjson": credentials }),
      },
      { parent: this },
    );
    return [secret.metadata.name];
  }

  private bind(name: string, role: string, groups: readonly string[]): void {
    new rbac.RoleBinding(
      `${name}-${role}`,
      {
        metadata: { name: role, namespace: this.namespaceName },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: groups.map((group) => ({
          apiGroup: "rbac.authorization.k8s.io",
          kind: "Group",
          name: group,
        })),
      },
      { parent: this },
    );
  }
}

const defaultQuota: Required<Quota> = {
  pods: "100",
  "requests.cpu": "20",
  "requests.memory": "40Gi",
  "limits.memory": "80Gi",
  "requests.storage": "500Gi",
  "services.loadbalancers": "0",
  "services.nodeports": "0",
};

const roles = ["view", "edit", "admin"] as const;

function check(name: string, namespaceName: string, args: NamespaceArgs): void {
  const check = new ArgumentCheck(type, name);
  check.known<NamespaceArgs>(args, {
    namespaceName: true,
    quota: true,
    access: true,
    imagePullCredentials: true,
  });
  check.input("namespaceName", namespaceName, dnsLabel);
  for (const [resource, quantity] of Object.entries(args.quota ?? {})) {
    check.input("quota", resource, oneOf(...Object.keys(defaultQuota)));
    check.input(`quota["${resource}"]`, quantity, anyQuantity);
  }
  for (const [role, groups] of Object.entries(args.access ?? {})) {
    check.input("access", role, oneOf<string>(...roles));
    if (groups.length === 0 || groups.includes("")) {
      check.problem(`access.${role} names nobody: give groups of the cluster, or leave it out`);
    }
    // It would let everybody in who has an account with the cluster, or none at all.
    for (const group of groups.filter((each) => /^system:(un)?authenticated$/.test(each))) {
      check.problem(`access.${role} is "${group}", which is everybody: name a group of people`);
    }
  }
  check.throwIfAny();
}
