import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../../../components/arguments";
import { type PodTemplateArgs, podTemplate } from "../../../components/kubernetes/pod";
import { checkPod } from "../../../components/kubernetes/pod-args";
import { ShardedService } from "../../../components/kubernetes/sharded-service";
import type { ShardedServiceArgs } from "../../../components/kubernetes/sharded-service-args";
import { Queue } from "../../../components/messaging/queue";
import { record } from "../../../components/testing";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:kubernetes:ShardedService";
const account = "kubernetes:core/v1:ServiceAccount";
const configMap = "kubernetes:core/v1:ConfigMap";
const disruptionBudget = "kubernetes:policy/v1:PodDisruptionBudget";
const keep = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
const keepBinding = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const service = "kubernetes:core/v1:Service";
const statefulSet = "kubernetes:apps/v1:StatefulSet";

const selector = { "app.kubernetes.io/name": "data" };
const labels = {
  ...selector,
  "app.kubernetes.io/instance": "data",
  "app.kubernetes.io/managed-by": "pulumi",
};
const metadata = { name: "data", namespace: "shop", labels };
const annotations = {
  "pulumi.com/waitFor": JSON.stringify([
    "jsonpath={.spec[?($.status.replicas == $.spec.replicas)]}",
    "jsonpath={.spec[?($.status.updatedReplicas == $.spec.replicas)]}",
    "jsonpath={.spec[?($.status.availableReplicas == $.spec.replicas)]}",
  ]),
};
const image = `example.com/web@sha256:${"0123456789abcdef".repeat(4)}`;
const given = { image, namespace: "shop", shards: 3, storage: "10Gi" };

/** The pods of as many shards, when nothing is said but this. */
function podOf(shards: number, rest: Partial<PodTemplateArgs> = {}) {
  const check = new ArgumentCheck(type, "data");
  return podTemplate({
    ...checkPod(check, "data", { image, namespace: "shop" }),
    labels,
    serviceAccountName: "data",
    configuration: { envFrom: [], volumes: [], volumeMounts: [] },
    http: { port: 8080, startupSeconds: 60, livenessPath: "/healthz", readinessPath: "/readyz" },
    env: [
      {
        name: "SHARD_INDEX",
        valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
      },
      { name: "SHARDS", value: String(shards) },
    ],
    claimMounts: [{ name: "data", mountPath: "/data" }],
    placement: { labels: selector, zones: 1, revisionLabel: "controller-revision-hash" },
    ...rest,
  });
}

const recordData = (args: Partial<ShardedServiceArgs> = {}) =>
  record(() => {
    const data = new ShardedService("data", { ...given, ...args });
    return {
      workload: { name: data.name, labels: data.labels, port: data.port },
      namespaceName: data.namespaceName,
      serviceAccountName: data.serviceAccountName,
      url: data.url,
      shardUrls: data.shardUrls,
    };
  });

describe("ShardedService", () => {
  test("default is a pod, a volume that stays and an address for each shard", async () => {
    const recording = await recordData();
    expect(recording.resources).toHaveLength(9);
    expect(recording.childrenOf(type, "data")).toEqual([
      `${keep} data-keep`,
      `${keepBinding} data-keep-binding`,
      `${statefulSet} data`,
      `${service} data-service`,
      `${service} data-shards`,
      `${account} data-account`,
      `${networkPolicy} data-network`,
      `${disruptionBudget} data-disruption`,
    ]);
    expect(recording.one(account, "data-account").inputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    });
    expect(recording.one(statefulSet, "data").inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { ...metadata, annotations },
      spec: {
        replicas: 3,
        serviceName: "data-shards",
        selector: { matchLabels: selector },
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        minReadySeconds: 5,
        revisionHistoryLimit: 5,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: {
              accessModes: ["ReadWriteOnce"],
              resources: { requests: { storage: "10Gi" } },
            },
          },
        ],
        template: podOf(3),
      },
    });
    expect(recording.one(statefulSet, "data").dependencies).toEqual([
      `${service} data-shards`,
      `${account} data-account`,
      `${networkPolicy} data-network`,
    ]);
    expect(recording.one(service, "data-shards").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, name: "data-shards" },
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector,
        ports: [{ name: "http", port: 8080, targetPort: "http", appProtocol: "http" }],
      },
    });
    expect(recording.one(service, "data-service").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        type: "ClusterIP",
        selector,
        ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
      },
    });
    expect(recording.one(disruptionBudget, "data-disruption").inputs["spec"]).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: selector },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    expect(recording.one(networkPolicy, "data-network").inputs["spec"]).toMatchObject({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: selector } }],
          ports: [{ port: 8080, protocol: "TCP" }],
        },
      ],
    });
    expect(recording.outputs).toEqual({
      workload: { name: "data", labels: selector, port: 8080 },
      namespaceName: "shop",
      serviceAccountName: "data",
      url: "http://data.shop",
      shardUrls: [0, 1, 2].map((shard) => `http://data-${shard}.data-shards.shop:8080`),
    });
  });

  test("default has the cluster refuse to take shards away", async () => {
    const recording = await recordData();
    expect(recording.one(keep, "data-keep").inputs).toEqual({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { labels },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
          resourceRules: [
            {
              apiGroups: ["apps"],
              apiVersions: ["v1"],
              operations: ["UPDATE"],
              resources: ["statefulsets", "statefulsets/scale"],
              resourceNames: ["data"],
            },
          ],
        },
        variables: [
          {
            name: "before",
            expression: "has(oldObject.spec.replicas) ? oldObject.spec.replicas : 0",
          },
          { name: "after", expression: "has(object.spec.replicas) ? object.spec.replicas : 0" },
        ],
        validations: [
          {
            expression:
              "variables.after >= variables.before || (has(object.metadata.annotations) && object.metadata.annotations[?'policy.groundwork/resharded-from'].orValue('') == string(variables.before))",
            messageExpression:
              "'shards was ' + string(variables.before) + ' and would be ' + string(variables.after) + ', and nobody would reach the data of those that go: move it first (docs/sharding.md says how), then also give reshardedFrom: ' + string(variables.before)",
          },
        ],
      },
    });
    expect(recording.one(keepBinding, "data-keep-binding").inputs).toEqual({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { labels },
      spec: { policyName: "data-keep-1a2b3c4d", validationActions: ["Deny"] },
    });
  });

  test("custom", async () => {
    const recording = await recordData({
      shards: 4,
      reshardedFrom: 6,
      storage: "1Ti",
      storageClassName: "encrypted",
      dataPath: "/var/lib/data",
      retainClaims: false,
      zones: 2,
      port: 9000,
      startupSeconds: 120,
      livenessPath: "/alive",
      readinessPath: "/ready",
      config: { LEVEL: "info" },
    });
    expect(recording.resources).toHaveLength(10);
    const { metadata: own, spec } = recording.one(statefulSet, "data").inputs;
    expect(own).toEqual({
      ...metadata,
      annotations: { ...annotations, "policy.groundwork/resharded-from": "6" },
    });
    expect(spec).toMatchObject({
      replicas: 4,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "encrypted",
            resources: { requests: { storage: "1Ti" } },
          },
        },
      ],
      template: podOf(4, {
        claimMounts: [{ name: "data", mountPath: "/var/lib/data" }],
        http: { port: 9000, startupSeconds: 120, livenessPath: "/alive", readinessPath: "/ready" },
        placement: { labels: selector, zones: 2, revisionLabel: "controller-revision-hash" },
        configuration: {
          envFrom: [{ configMapRef: { name: "data-config-1a2b3c4d" } }],
          volumes: [],
          volumeMounts: [],
        },
      }),
    });
    expect(recording.one(configMap, "data-config").inputs["data"]).toEqual({ LEVEL: "info" });
    expect(recording.one(service, "data-shards").inputs["spec"]).toMatchObject({
      ports: [{ name: "http", port: 9000, targetPort: "http", appProtocol: "http" }],
    });
  });

  test("waits for what it depends on", async () => {
    const recording = await record(() => {
      const queue = new Queue("orders");
      new ShardedService("data", given, { dependsOn: queue });
    });
    expect(recording.one(statefulSet, "data").dependencies).toContain("aws:sqs/queue:Queue orders");
  });

  test("lets another workload's pods in, and them alone", async () => {
    const recording = await record(() => {
      const data = new ShardedService("data", given);
      const web = { name: "web", labels: { app: "web" }, namespaceName: pulumi.output("front") };
      data.allowFrom(web);
    });
    const pods = (labels: object, namespace: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      podSelector: { matchLabels: labels },
    });
    const ports = [{ port: 8080, protocol: "TCP" }];
    const inward = recording.one(networkPolicy, "data-from-web");
    expect(inward.parent).toBe(`${type} data`);
    expect(inward.inputs["spec"]).toEqual({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress"],
      ingress: [{ from: [pods({ app: "web" }, "front")], ports }],
    });
    expect(recording.one(networkPolicy, "web-to-data").inputs["spec"]).toEqual({
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Egress"],
      egress: [{ to: [pods(selector, "shop")], ports }],
    });
  });

  test("fails when anything can't work, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new ShardedService("data", {
          ...given,
          image: "example.com/web",
          shards: 0,
          reshardedFrom: 1,
          storage: "lots",
          storageClassName: "Fast",
          dataPath: "data",
          rollout: { deadlineSeconds: 1 },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "data",
        'image is "example.com/web": give an image with its digest (repository@sha256:...) or a tag other than latest',
        "shards is 0: give a whole number from 1 to 100 shards",
        "reshardedFrom is 1: give a whole number from 2 to 100 shards",
        "rollout.deadlineSeconds is 1: give a whole number from 30 to 36000 seconds",
        'dataPath is "data": give the absolute path of a folder below /, like /tmp',
        "zones is 1 with 0 shards: give at most one for each",
        'storage is "lots": give a quantity above zero, like 10Gi',
        'storageClassName is "Fast": give the name of a Kubernetes StorageClass: lower-case letters, digits, hyphens and dots (RFC 1123)',
      ),
    );
  });

  test.each<[string, Partial<ShardedServiceArgs> & Record<string, unknown>, string]>([
    [
      "it is to scale by itself",
      { scaling: { min: 2, max: 5 } },
      "scaling is given: another number of shards means that data has to move, which no autoscaler does; give as many shards as the busiest hour needs",
    ],
    [
      "replicas are asked for",
      { replicas: 3 },
      "replicas is given: give shards, each of them is one pod",
    ],
    [
      "it is told which shard it is",
      { config: { SHARD_INDEX: "1" } },
      '"SHARD_INDEX" of config is set by the component: leave it out',
    ],
    [
      "the volume is mounted over a folder of the pod's own",
      { dataPath: "/tmp" },
      'dataPath and writablePaths both have "/tmp": leave it out of the latter',
    ],
    [
      "the volume is mounted where files are",
      { files: { "/data": { config: { a: "b" } } } },
      'dataPath is "/data", and files has "/data", which is read-only: move one',
    ],
    [
      "the volume is mounted within files",
      { dataPath: "/etc/data/own", files: { "/etc/data": { config: { a: "b" } } } },
      'dataPath is "/etc/data/own", and files has "/etc/data", which is read-only: move one',
    ],
    [
      "it is not clear whether the volumes stay",
      { retainClaims: "false" as never },
      'retainClaims is "false": give true or false',
    ],
    [
      "the volumes could hold nothing",
      { storage: "10m" },
      'storage is "10m": that is 0.01 bytes: give at least 1Mi, like 10Gi',
    ],
    [
      "a rollout could not wait for the start",
      { startupSeconds: 60, rollout: { deadlineSeconds: 60 } },
      "startupSeconds is 60, and rollout.deadlineSeconds 60: give the rollout more time than a container may take to start",
    ],
    [
      "shards are known only later",
      { shards: pulumi.output(2) as never },
      "shards is known only later: give a plain value",
    ],
    [
      "there are more zones than shards",
      { zones: 4 },
      "zones is 4 with 3 shards: give at most one for each",
    ],
  ])("fails when %s", async (_, args, problem) => {
    expect(await refusal(() => new ShardedService("data", { ...given, ...args }))).toEqual(
      refusalOf(type, "data", problem),
    );
  });

  test("rejects later what turns out not to fit", async () => {
    const message = await laterFailure(
      () => new ShardedService("data", { ...given, storageClassName: pulumi.output("Fast") }),
    );
    expect(message).toBe(
      unusable(
        type,
        "data",
        'storageClassName is "Fast": give the name of a Kubernetes StorageClass: lower-case letters, digits, hyphens and dots (RFC 1123)',
      ),
    );
  });
});
