import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { mountConfiguration } from "./configuration";
import { allowTraffic, servicePort, workloadPolicy } from "./network";
import { podTemplate } from "./pod";
import { untilRolledOut } from "./rollout";
import { disruptionBudget } from "./scaling";
import { checkShardedService, type ShardedServiceArgs } from "./sharded-service-args";
import { keepShards, reshardedFrom } from "./shards";
import { type Caller, commonLabels, selectorLabels, type Workload } from "./workload";

const type = "groundwork:kubernetes:ShardedService";

/**
 * An HTTP service whose data is divided among a number of shards. Each shard is one pod with a
 * stable name and address and with a volume of its own, which the pod finds again wherever it is
 * started. The pod is told which shard it is by `SHARD_INDEX`, from 0, and how many there are by
 * `SHARDS`.
 *
 * It does not replicate: while a shard's pod is moved or updated, that part of the data is not
 * served; what a volume loses is lost unless there is a backup.
 *
 * Children: `name` (the StatefulSet), `name-shards` (the headless Service that gives each shard its
 * address), `name-service` (for the whole), `name-account`, `name-disruption`, `name-network`,
 * `name-keep` and `name-keep-binding` (which refuse to take shards away), and those of its
 * configuration.
 *
 * @example
 * const sessions = new ShardedService("sessions", {
 *   namespace,
 *   image: image.ref,
 *   shards: 3,
 *   storage: "10Gi",
 * });
 * new Microservice("web", {
 *   ...,
 *   config: { SESSION_SHARDS: sessions.shardUrls.apply((urls) => urls.join(" ")) },
 * });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
 */
export class ShardedService extends pulumi.ComponentResource implements Workload {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceName: pulumi.Output<string>;
  readonly port: number;
  /** The StatefulSet itself. */
  readonly statefulSet: apps.StatefulSet;
  /** The Service by which any of the shards that are ready is found. */
  readonly service: core.Service;
  /** Name of the ServiceAccount the pods run as. */
  readonly serviceAccountName: pulumi.Output<string>;
  /** Where any of the shards is found from within the cluster. */
  readonly url: pulumi.Output<string>;
  /** Where each of the shards is found from within the cluster, by its index. */
  readonly shardUrls: pulumi.Output<readonly string[]>;

  /**
   * @throws {InvalidArgumentsError} for a name, image, port, path, quantity or variable that
   * Kubernetes refuses, or that could not work
   */
  constructor(name: string, args: ShardedServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkShardedService(type, name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { namespace, http, shards, storage } = checked;
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
    const addresses = new core.Service(
      `${name}-shards`,
      {
        metadata: { ...metadata, name: `${name}-shards` },
        spec: {
          clusterIP: "None",
          // A shard keeps its address while it starts: who calls it hears that it is not there yet,
          // instead of that there is no such name; and shards can find each other to get ready.
          publishNotReadyAddresses: true,
          selector: labels,
          ports: [{ name: "http", port: http.port, targetPort: "http", appProtocol: "http" }],
        },
      },
      parent,
    );
    const network = new networking.NetworkPolicy(
      `${name}-network`,
      { metadata, spec: workloadPolicy(this, checked.allowFrom, checked.allowTo) },
      parent,
    );
    const rolloutTimeout = `${checked.deadlineSeconds}s`;
    const retain = checked.retainClaims ? "Retain" : "Delete";
    keepShards(name, namespace, parent);
    this.statefulSet = new apps.StatefulSet(
      name,
      {
        metadata: {
          ...metadata,
          annotations: {
            ...untilRolledOut,
            ...(checked.reshardedFrom !== undefined && {
              [reshardedFrom]: String(checked.reshardedFrom),
            }),
          },
        },
        spec: {
          replicas: shards,
          serviceName: addresses.metadata.name,
          selector,
          // Shards don't wait for each other to start. Also, with OrderedReady a broken update could
          // not be taken back without deleting its pods by hand.
          podManagementPolicy: "Parallel",
          // One after the other: Kubernetes' default for maxUnavailable, which most clusters don't
          // let anybody set.
          updateStrategy: { type: "RollingUpdate" },
          minReadySeconds: 5,
          revisionHistoryLimit: 5,
          persistentVolumeClaimRetentionPolicy: { whenDeleted: retain, whenScaled: retain },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                ...(checked.storageClassName !== undefined && {
                  storageClassName: checked.storageClassName,
                }),
                resources: { requests: { storage } },
              },
            },
          ],
          template: podTemplate({
            ...checked,
            labels: commonLabels(name),
            serviceAccountName: account.metadata.name,
            configuration: mountConfiguration(name, checked.configuration, namespace, parent),
            env: [
              {
                name: "SHARD_INDEX",
                valueFrom: {
                  fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" },
                },
              },
              { name: "SHARDS", value: String(shards) },
            ],
            claimMounts: [{ name: "data", mountPath: checked.dataPath }],
            placement: { labels, zones: checked.zones, revisionLabel: "controller-revision-hash" },
          }),
        },
      },
      pulumi.mergeOptions(
        {
          ...parent,
          customTimeouts: { create: rolloutTimeout, update: rolloutTimeout },
          // Until there is a policy of their own, the namespace's keeps them even from DNS.
          dependsOn: [network],
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
        },
      },
      parent,
    );
    new policy.PodDisruptionBudget(
      `${name}-disruption`,
      { metadata, spec: disruptionBudget(labels, 1) },
      parent,
    );

    this.url = pulumi.interpolate`http://${this.service.metadata.name}.${this.service.metadata.namespace}`;
    this.shardUrls = pulumi
      .all([addresses.metadata.name, addresses.metadata.namespace])
      .apply(([service, namespace]) =>
        Array.from(
          { length: shards },
          (_, shard) => `http://${name}-${shard}.${service}.${namespace}:${http.port}`,
        ),
      );
    this.registerOutputs({
      url: this.url,
      shardUrls: this.shardUrls,
      serviceAccountName: this.serviceAccountName,
    });
  }

  /**
   * Opens one path, closed otherwise: from another workload's pods to every shard.
   *
   * Children: `name-from-<caller>` and `<caller>-to-name`.
   *
   * @param caller who may send requests
   * @param port the port of the shards' container, not of a Service; `@default` its HTTP port
   * @throws {InvalidArgumentsError} for a port that there is none of
   * @example sessions.allowFrom(web)
   */
  allowFrom(caller: Caller, port?: number): void {
    allowTraffic(caller, this, port, { parent: this });
  }
}
