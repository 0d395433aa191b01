import type { types } from "@pulumi/kubernetes";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import {
  all,
  dnsLabel,
  environmentVariableName,
  imageReference,
  matching,
  wholeNumber,
} from "../rules";
import { podTemplate, type Resources } from "./pod";
import { checkResources } from "./quantity";

const type = "groundwork:kubernetes:Microservice";

/** Arguments of {@link Microservice}. */
export interface MicroserviceArgs {
  /**
   * The image to run, best by digest: `repository@sha256:...`, as {@link ContainerImage} gives it.
   * A tag `latest`, or none, is refused: nobody could say what runs.
   */
  readonly image: pulumi.Input<string>;
  /** The namespace it lives in. */
  readonly namespace: pulumi.Input<string>;
  /**
   * The port the container listens on, 1024 to 65535: a process that is not root can't take a
   * lower one.
   * @default 8080
   */
  readonly port?: number;
  /**
   * How many pods run.
   * @default 2, so that one may go without anybody noticing
   */
  readonly replicas?: pulumi.Input<number>;
  /**
   * In how many availability zones at least the pods run. With more than 1 this is enforced: pods
   * that can't be spread so, for want of zones with nodes for them, are not started, and the
   * update fails.
   * @default 1: pods are spread over zones as well as it goes
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly zones?: number;
  /**
   * Configuration, as environment variables. Changing it rolls the pods. Everybody who may look
   * into the namespace sees it: what is secret belongs into `secrets`.
   * @default none
   */
  readonly config?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Secrets, as environment variables. Changing one rolls the pods.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Names of Kubernetes Secrets in the namespace whose keys become environment variables, like
   * that of a {@link SecretStore}. The pods roll when a name changes, not when a Secret does.
   * `config` and `secrets` go before them.
   * @default none
   */
  readonly secretsFrom?: readonly pulumi.Input<string>[];
  /**
   * What each pod is promised.
   * @default cpu 100m, memory 128Mi, ephemeral-storage 64Mi
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly requests?: Partial<Resources>;
  /**
   * What no pod may exceed.
   * @default cpu 500m, memory 256Mi, ephemeral-storage 256Mi
   */
  readonly limits?: Partial<Resources>;
  /**
   * Answers whether the process is alive; three states of trouble and it is started again. Must
   * not depend on anything outside the pod.
   * @default "/healthz"
   */
  readonly livenessPath?: string;
  /**
   * Answers whether the pod can serve now; while it can't it gets no requests.
   * @default "/readyz"
   */
  readonly readinessPath?: string;
  /**
   * Folders that the container may write to; the rest of its file system is read-only.
   * @default ["/tmp"]
   */
  readonly writablePaths?: readonly string[];
  /**
   * Who may send requests.
   * @default every pod of the same namespace, and nobody else
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  readonly allowFrom?: readonly types.input.networking.v1.NetworkPolicyPeer[];
  /**
   * What the pods may reach, besides the cluster's DNS.
   * @default nothing
   */
  readonly allowTo?: readonly types.input.networking.v1.NetworkPolicyEgressRule[];
}

/**
 * A stateless HTTP service on Kubernetes, found by its name (`http://name`): hardened pods spread
 * over zones and nodes, updated without losing a request, reached only by whom it allows.
 *
 * Children: `name` (the Deployment), `name-service`, `name-account`, `name-disruption`,
 * `name-network`, and `name-config` and `name-secrets` where there are any.
 *
 * @example
 * const web = new Microservice("web", {
 *   namespace: namespace.namespaceName,
 *   image: image.ref,
 *   replicas: 3,
 *   config: { GREETING: "Hello" },
 *   secrets: { SESSION_KEY: config.requireSecret("sessionKey") },
 * });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export class Microservice extends pulumi.ComponentResource {
  /** The Deployment itself. */
  readonly deployment: apps.Deployment;
  /** The Service by which the pods are found. */
  readonly service: core.Service;
  /** Name of the ServiceAccount the pods run as. */
  readonly serviceAccountName: pulumi.Output<string>;
  /** Where the service is found from within the cluster. */
  readonly url: pulumi.Output<string>;

  /**
   * @throws {InvalidArgumentsError} for a name, image, port, path, quantity or variable that
   * Kubernetes refuses, or that could not work
   */
  constructor(name: string, args: MicroserviceArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const labels = { "app.kubernetes.io/name": name };
    const metadata = { name, namespace: checked.namespace, labels };

    const account = new core.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    this.deployment = new apps.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: checked.replicas,
          selector: { matchLabels: labels },
          // A new pod first, then an old one goes: capacity never falls below `replicas`.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          minReadySeconds: 5,
          progressDeadlineSeconds: 300,
          revisionHistoryLimit: 5,
          template: podTemplate({
            name,
            labels,
            serviceAccountName: account.metadata.name,
            image: checked.image,
            port: checked.port,
            livenessPath: checked.livenessPath,
            readinessPath: checked.readinessPath,
            requests: checked.requests,
            limits: checked.limits,
            writablePaths: checked.writablePaths,
            zones: checked.zones,
            envFrom: this.environment(name, { ...args, ...checked }),
          }),
        },
      },
      // The engine gives up a little after Kubernetes does, and says why the pods are not ready.
      {
        ...parent,
        customTimeouts: { create: "6m", update: "6m" },
        // The SDK does not hand down what a component waits for, and it is the pods that need it.
        dependsOn: opts?.dependsOn,
      },
    );
    this.service = new core.Service(
      `${name}-service`,
      {
        metadata,
        spec: {
          type: "ClusterIP",
          selector: labels,
          ports: [{ name: "http", port: 80, targetPort: "http" }],
        },
      },
      parent,
    );
    new policy.PodDisruptionBudget(
      `${name}-disruption`,
      // As "one may be missing" it never blocks a drain, whatever the number of replicas.
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
      parent,
    );
    new networking.NetworkPolicy(
      `${name}-network`,
      { metadata, spec: networkPolicy(labels, args) },
      parent,
    );

    this.serviceAccountName = account.metadata.name;
    this.url = pulumi.interpolate`http://${this.service.metadata.name}.${this.service.metadata.namespace}`;
    this.registerOutputs({ url: this.url, serviceAccountName: this.serviceAccountName });
  }

  /**
   * The ConfigMap and the Secret. Both are immutable and bear a generated name: a change makes a
   * new one, which rolls the pods, and a rollback finds the old one's values again.
   */
  private environment(name: string, args: MicroserviceArgs): types.input.core.v1.EnvFromSource[] {
    const parent = { parent: this };
    const metadata = { namespace: args.namespace, labels: { "app.kubernetes.io/name": name } };
    // Of what sets the same variable, the last one counts.
    const sources: types.input.core.v1.EnvFromSource[] = (args.secretsFrom ?? []).map((name) => ({
      secretRef: { name },
    }));
    if (Object.keys(args.config ?? {}).length > 0) {
      const config = new core.ConfigMap(
        `${name}-config`,
        { metadata, immutable: true, data: { ...args.config } },
        parent,
      );
      sources.push({ configMapRef: { name: config.metadata.name } });
    }
    if (Object.keys(args.secrets ?? {}).length > 0) {
      const secrets = new core.Secret(
        `${name}-secrets`,
        { metadata, immutable: true, stringData: pulumi.secret({ ...args.secrets }) },
        parent,
      );
      sources.push({ secretRef: { name: secrets.metadata.name } });
    }
    return sources;
  }
}

/** Everything is closed but what is allowed, and the cluster's DNS. */
function networkPolicy(
  labels: Readonly<Record<string, string>>,
  args: MicroserviceArgs,
): types.input.networking.v1.NetworkPolicySpec {
  const allowFrom = [...(args.allowFrom ?? [{ podSelector: {} }])];
  return {
    podSelector: { matchLabels: labels },
    policyTypes: ["Ingress", "Egress"],
    // No rule at all where nobody is allowed: a rule with no peers would let everybody in.
    ingress: allowFrom.length === 0 ? [] : [{ from: allowFrom, ports: [{ port: "http" }] }],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { port: 53, protocol: "UDP" },
          { port: 53, protocol: "TCP" },
        ],
      },
      ...(args.allowTo ?? []),
    ],
  };
}

const defaultRequests: Resources = { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" };
const defaultLimits: Resources = { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" };

const writablePath = matching(
  /^(\/(?!\.\.?(\/|$))[\w.-]+)+$/,
  "the absolute path of a folder below /, like /tmp",
);
/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const objectName = matching(
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  "the name of a Kubernetes Secret: lower-case letters, digits, hyphens and dots (RFC 1123)",
);
const absolutePath = matching(/^\/[^\s?#]*$/, "an absolute path, like /healthz");

function check(name: string, args: MicroserviceArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<MicroserviceArgs>(args, {
    image: true,
    namespace: true,
    port: true,
    replicas: true,
    zones: true,
    config: true,
    secrets: true,
    secretsFrom: true,
    requests: true,
    limits: true,
    livenessPath: true,
    readinessPath: true,
    writablePaths: true,
    allowFrom: true,
    allowTo: true,
  });
  check.input("name", name, dnsLabel);
  const zones = args.zones ?? 1;
  const checked = {
    namespace: check.required("namespace", args.namespace, dnsLabel),
    image: check.required("image", args.image, imageReference),
    port: args.port ?? 8080,
    zones,
    replicas: check.input(
      "replicas",
      args.replicas ?? 2,
      all(wholeNumber(1, 1_000, "pods"), (replicas) =>
        replicas < zones ? `give at least ${zones}, a pod for each of the zones` : undefined,
      ),
    ),
    livenessPath: args.livenessPath ?? "/healthz",
    readinessPath: args.readinessPath ?? "/readyz",
    requests: { ...defaultRequests, ...args.requests },
    limits: { ...defaultLimits, ...args.limits },
    writablePaths: [...new Set(args.writablePaths ?? ["/tmp"])],
    config: check.noSecrets("config", args.config, "give it in secrets"),
    secretsFrom: (args.secretsFrom ?? []).map((secret, i) =>
      check.input(`secretsFrom[${i}]`, secret, objectName),
    ),
  };
  check.input("zones", zones, wholeNumber(1, 100, "zones"));
  check.input("port", checked.port, wholeNumber(1024, 65_535));
  check.input("livenessPath", checked.livenessPath, absolutePath);
  check.input("readinessPath", checked.readinessPath, absolutePath);
  for (const [i, path] of (args.writablePaths ?? []).entries()) {
    check.input(`writablePaths[${i}]`, path, writablePath);
  }
  checkResources(check, checked.requests, checked.limits);
  for (const variable of Object.keys({ ...args.config, ...args.secrets })) {
    const wrong = environmentVariableName(variable);
    if (wrong !== undefined) check.problem(`there is a variable "${variable}": ${wrong}`);
    if (Object.hasOwn(args.config ?? {}, variable) && Object.hasOwn(args.secrets ?? {}, variable)) {
      check.problem(`"${variable}" is both in config and in secrets: leave it in one of them`);
    }
  }
  check.throwIfAny();
  return checked;
}
