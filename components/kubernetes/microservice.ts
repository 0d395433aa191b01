import * as apps from "@pulumi/kubernetes/apps/v1";
import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { mountConfiguration } from "./configuration";
import { electLeader } from "./leader-election";
import { checkMicroservice, type MicroserviceArgs } from "./microservice-args";
import { allowTraffic, servicePort, workloadPolicy } from "./network";
import { podTemplate } from "./pod";
import { untilRolledOut } from "./rollout";
import { autoscaler, disruptionBudget } from "./scaling";
import { type Caller, commonLabels, selectorLabels, type Workload } from "./workload";

const type = "groundwork:kubernetes:Microservice";

/**
 * A stateless HTTP service on Kubernetes, found by its name (`http://name`): hardened pods spread
 * over zones and nodes, updated without losing a request, reached only by whom it allows.
 *
 * Children: `name` (the Deployment), `name-service`, `name-account`, `name-disruption`,
 * `name-network`; `name-scaling` where it scales by itself; `name-lease`, `name-lease-role` and
 * `name-lease-binding` where one pod leads; and those of its configuration: `name-config`,
 * `name-secrets`, `name-external`, and the like for each folder of files.
 *
 * @example
 * const web = new Microservice("web", {
 *   namespace,
 *   image: image.ref,
 *   scaling: { min: 3, max: 20 },
 *   config: { GREETING: "Hello" },
 *   files: { "/etc/web": { secrets: { "session-key": config.requireSecret("sessionKey") } } },
 * });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export class Microservice extends pulumi.ComponentResource implements Workload {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceName: pulumi.Output<string>;
  readonly port: number;
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
    const checked = checkMicroservice(type, name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { namespace, http, scaling, deadlineSeconds } = checked;
    const labels = selectorLabels(name);
    const selector = { matchLabels: labels };
    const metadata = { name, namespace, labels: commonLabels(name) };
    this.name = name;
    this.labels = labels;
    this.namespaceName = pulumi.output(namespace);
    this.port = http.port;

    const account = new core.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    this.serviceAccountName = account.metadata.name;
    const network = new networking.NetworkPolicy(
      `${name}-network`,
      { metadata, spec: workloadPolicy(this, checked.allowFrom, checked.allowTo) },
      parent,
    );
    const election = checked.elects
      ? electLeader({ name, metadata, serviceAccountName: account.metadata.name }, parent)
      : { env: [], dependsOn: [] };
    const rolloutTimeout = `${deadlineSeconds}s`;
    this.deployment = new apps.Deployment(
      name,
      {
        metadata: { ...metadata, annotations: untilRolledOut },
        spec: {
          // Left to the autoscaler where there is one: each update would undo what it did.
          ...(scaling === undefined && { replicas: checked.replicas }),
          selector,
          // New pods first, then old ones go: capacity never falls below what is wanted.
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 },
          },
          minReadySeconds: 5,
          progressDeadlineSeconds: deadlineSeconds,
          revisionHistoryLimit: 5,
          template: podTemplate({
            ...checked,
            labels: commonLabels(name),
            serviceAccountName: account.metadata.name,
            configuration: mountConfiguration(name, checked.configuration, namespace, parent),
            env: election.env,
            apiAccess: checked.elects,
            placement: { labels, zones: checked.zones, revisionLabel: "pod-template-hash" },
          }),
        },
      },
      pulumi.mergeOptions(
        {
          ...parent,
          // The engine does not give up when Kubernetes does, and else would wait for ten minutes.
          customTimeouts: { create: rolloutTimeout, update: rolloutTimeout },
          // Where `scaling` comes in place of `replicas`, the number stays as it is until the
          // autoscaler changes it. Without this it would fall to 1 for as long.
          ...(scaling !== undefined && { ignoreChanges: ["spec.replicas"] }),
          // Until there is a policy of their own, the namespace's keeps them even from DNS.
          dependsOn: [network, ...election.dependsOn],
        },
        // The SDK does not hand down what a component waits for, and it is the pods that need it.
        { dependsOn: opts?.dependsOn },
      ),
    );
    this.service = new core.Service(
      `${name}-service`,
      {
        metadata,
        spec: {
          type: "ClusterIP",
          selector: labels,
          ports: [{ name: "http", port: servicePort, targetPort: "http", appProtocol: "http" }],
          ...checked.sessionAffinity,
        },
      },
      parent,
    );
    if (scaling !== undefined) {
      new autoscaling.HorizontalPodAutoscaler(
        `${name}-scaling`,
        { metadata, spec: autoscaler(name, scaling) },
        parent,
      );
    }
    new policy.PodDisruptionBudget(
      `${name}-disruption`,
      // As many as a rollout replaces at once; of few pods one.
      { metadata, spec: disruptionBudget(labels, "25%") },
      parent,
    );

    this.url = pulumi.interpolate`http://${this.service.metadata.name}.${this.service.metadata.namespace}`;
    this.registerOutputs({ url: this.url, serviceAccountName: this.serviceAccountName });
  }

  /**
   * Opens one path, closed otherwise: from another workload's pods to this one's.
   *
   * Children: `name-from-<caller>` and `<caller>-to-name`.
   *
   * @param caller who may send requests
   * @param port the port of this one's container, not of its Service; `@default` its HTTP port
   * @throws {InvalidArgumentsError} for a port that there is none of
   * @example stock.allowFrom(web)
   */
  allowFrom(caller: Caller, port?: number): void {
    allowTraffic(caller, this, port, { parent: this });
  }
}
