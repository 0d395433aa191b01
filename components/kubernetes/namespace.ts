import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as scheduling from "@pulumi/kubernetes/scheduling/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { all, dnsLabel, matching, oneOf, type Rule, wholeNumber } from "../rules";
import { type Access, checkAccess, giveAccess } from "./access";
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
   * Who may do what. What is deployed is changed by deploying, so there is no level for that.
   * @default nobody but the cluster's administrators
   * @example access: { view: ["developers"], operate: ["on-call"] }
   */
  readonly access?: Access;
  /**
   * How its pods stand against those of other namespaces where room is short: those with more are
   * started first, and take the place of those with less. From -2147483648 to 1000000000. A change
   * rolls the pods, and runs Jobs again.
   * @default 0, as pods have that nothing is said of
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
   */
  readonly priority?: number;
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
 * Children: `name` (the namespace), `name-quota`, `name-limits`, `name-deny`, `name-priority` (a
 * PriorityClass, which is the cluster's), `name-pull` where
 * there are credentials, and for each level of access that somebody has `name-<level>` and
 * `name-<level>-role`.
 *
 * @example
 * const namespace = new Namespace("shop", { access: { view: ["developers"] } });
 * new Microservice("web", { namespace, ... });
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export class Namespace extends pulumi.ComponentResource {
  /** The namespace itself. */
  readonly namespace: core.Namespace;
  /** Its name in the cluster. */
  readonly namespaceName: pulumi.Output<string>;
  /** Names of the Secrets that its workloads pull their images with. */
  readonly imagePullSecrets: readonly pulumi.Output<string>[];
  /** Name of the PriorityClass that its workloads have. */
  readonly priorityClassName: pulumi.Output<string>;

  /** @throws {InvalidArgumentsError} for names, roles and quantities that Kubernetes refuses */
  constructor(name: string, args: NamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const namespaceName = args.namespaceName ?? name;
    const { credentials } = check(name, namespaceName, args);
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
    this.imagePullSecrets = this.pullSecrets(name, credentials);
    const { priority = 0 } = args;
    const priorityClass = new scheduling.PriorityClass(
      `${name}-priority`,
      {
        // Kubernetes changes no class: another value makes another one, before this one goes.
        metadata: { name: `priority-${namespaceName}-${priority}` },
        value: priority,
        description: `Workloads of the namespace ${namespaceName}`,
      },
      parent,
    );
    this.priorityClassName = priorityClass.metadata.name;
    giveAccess(name, this.namespaceName, args.access ?? {}, parent);
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

/** A quantity of what there are only whole ones of. */
const count = matching(/^\d+$/, 'a whole number as text, like "20"');

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces */
const notOfTheCluster = matching(
  /^(?!default$|kube-)/,
  "a name of your own: default and those with kube- are the cluster's",
);

const dockerConfig: Rule<string> = (text) => {
  try {
    const { auths } = JSON.parse(text);
    if (typeof auths === "object" && auths !== null) return undefined;
  } catch {
    // Told below, without what the parser shows of it.
  }
  return "give the text of a Docker config.json, with auths in it";
};

/** @returns the credentials, with their later check attached */
function check(name: string, namespaceName: string, args: NamespaceArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<NamespaceArgs>(args, {
    namespaceName: true,
    quota: true,
    access: true,
    priority: true,
    imagePullCredentials: true,
  });
  check.plain("namespaceName", namespaceName, all(dnsLabel, notOfTheCluster));
  for (const [resource, quantity] of Object.entries(
    check.map<string>("quota", args.quota as Readonly<Record<string, string>> | undefined),
  )) {
    check.input("quota", resource, oneOf(...Object.keys(defaultQuota)));
    const counted = resource === "pods" || resource.startsWith("services.");
    check.plain(`quota["${resource}"]`, quantity, counted ? count : anyQuantity);
  }
  check.plain("priority", args.priority, wholeNumber(-2_147_483_648, 1_000_000_000));
  checkAccess(check, args.access);
  const options = { secret: true };
  const { imagePullCredentials } = args;
  const credentials = check.input(
    "imagePullCredentials",
    imagePullCredentials,
    dockerConfig,
    options,
  );
  check.throwIfAny();
  return { credentials };
}
