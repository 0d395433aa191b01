import { CronJob } from "../../components/kubernetes/cron-job";
import { Job } from "../../components/kubernetes/job";
import { Microservice } from "../../components/kubernetes/microservice";
import { Namespace } from "../../components/kubernetes/namespace";
import { ShardedService } from "../../components/kubernetes/sharded-service";
import { Worker } from "../../components/kubernetes/worker";
import { exposedBecause, kubernetesRules } from "../../policy/kubernetes";
import { at, later } from "../../policy/values";
import { canary } from "../support/canary";
import { changed, findings, made, resource, ruleNames, testRules } from "./support";

const image = `registry.example.com/web@sha256:${"0".repeat(64)}`;
const deployment = ["kubernetes:apps/v1:Deployment", "web"] as const;
const statefulSet = ["kubernetes:apps/v1:StatefulSet", "data"] as const;
const job = ["kubernetes:batch/v1:Job", "migrate"] as const;
const cronJob = ["kubernetes:batch/v1:CronJob", "tidy"] as const;
const configMap = ["kubernetes:core/v1:ConfigMap", "web-config"] as const;
const service = ["kubernetes:core/v1:Service", "web-service"] as const;
const namespace = ["kubernetes:core/v1:Namespace", "shop"] as const;
const pod = "spec.template.spec";
const container = `${pod}.containers.0`;
const enforce = "pod-security.kubernetes.io/enforce";

const program = () => {
  const { namespaceName } = new Namespace("shop");
  const config = { GREETING: "Hello", AWS_ACCESS_KEY_ID: "by a name it is not secret" };
  const secrets = { SESSION_KEY: canary };
  const sidecars = [{ name: "proxy", image, port: 9000 }];
  const initContainers = [{ name: "migrate", image }];
  new Microservice("web", { namespace: namespaceName, image, config, secrets });
  new ShardedService("data", { namespace: namespaceName, image, shards: 3, storage: "1Gi" });
  const commands = { livenessCommand: ["/alive"], readinessCommand: ["/ready"] };
  new Worker("ship", { namespace: namespaceName, image, ...commands });
  new Job("migrate", { namespace: namespaceName, image });
  new CronJob("tidy", { namespace: namespaceName, image, schedule: "@daily" });
  const containers = {
    image,
    sidecars,
    initContainers,
    leaderElection: { apiServerAt: ["10.0.0.1"] },
  };
  new Microservice("stock", { namespace: namespaceName, ...containers });
};

testRules(kubernetesRules, program, [
  [
    "the pod may be root",
    (all) => changed(all, deployment, `${pod}.securityContext.runAsNonRoot`, undefined),
    'pod-not-root web: runAsNonRoot of container "web" is not set: give true',
  ],
  [
    "a container is root though its pod is not",
    (all) => changed(all, deployment, `${container}.securityContext.runAsUser`, 0),
    'pod-not-root web: runAsUser of container "web" is 0, which is root: give another user',
  ],
  [
    "privileges can be gained",
    (all) =>
      changed(all, deployment, `${container}.securityContext`, {
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        privileged: true,
      }),
    'pod-no-privileges web: allowPrivilegeEscalation of container "web" is not set: give false',
    'pod-no-privileges web: privileged of container "web" is true: leave it out',
  ],
  [
    "capabilities are kept or added",
    (all) =>
      changed(all, deployment, `${container}.securityContext.capabilities`, {
        drop: ["NET_RAW"],
        add: ["NET_BIND_SERVICE", "SYS_ADMIN"],
      }),
    'pod-no-capabilities web: capabilities.drop of container "web" is ["NET_RAW"]: give ["ALL"]',
    'pod-no-capabilities web: capabilities.add of container "web" has SYS_ADMIN: leave it out',
  ],
  [
    "the file system can be written to",
    (all) => changed(all, deployment, `${container}.securityContext.readOnlyRootFilesystem`, false),
    'pod-read-only web: readOnlyRootFilesystem of container "web" is false: give true, and mount an emptyDir where it has to write',
  ],
  [
    "every system call may be tried",
    (all) => changed(all, deployment, `${pod}.securityContext.seccompProfile.type`, "Unconfined"),
    'pod-seccomp web: seccompProfile.type of container "web" is "Unconfined": give "RuntimeDefault"',
  ],
  [
    "the node's network, files and ports are used",
    (all) =>
      changed(
        changed(
          changed(all, deployment, `${pod}.hostNetwork`, true),
          deployment,
          `${pod}.volumes.0`,
          { name: "all", hostPath: { path: "/" } },
        ),
        deployment,
        `${container}.ports.0.hostPort`,
        80,
      ),
    "pod-no-host-access web: hostNetwork is true: leave it out",
    'pod-no-host-access web: volume "all" is a hostPath: use an emptyDir or a PersistentVolumeClaim',
    'pod-no-host-access web: hostPort of container "web" is 80: leave it out, use a Service',
  ],
  [
    "nothing is said of what it needs",
    (all) => changed(all, deployment, `${container}.resources`, { requests: { cpu: "1" } }),
    'pod-resources web: resources.requests.memory of container "web" is not set: give a quantity, like 128Mi',
    'pod-resources web: resources.limits.cpu of container "web" is not set: give a quantity, like 500m',
    'pod-resources web: resources.limits.memory of container "web" is not set: give a quantity, like 256Mi',
  ],
  [
    "nobody asks whether it is ready",
    (all) => changed(all, deployment, `${container}.readinessProbe`, undefined),
    'pod-probes web: readinessProbe of container "web" is not set: say how it is asked',
  ],
  [
    "both probes ask the same",
    (all) => changed(all, deployment, `${container}.livenessProbe.httpGet.path`, "/readyz"),
    'pod-probes-differ web: livenessProbe of container "web" asks what its readinessProbe asks: ask something else',
  ],
  [
    "a sidecar and an init container may write anywhere",
    (all) =>
      ["0", "1"].reduce(
        (left, i) =>
          changed(
            left,
            ["kubernetes:apps/v1:Deployment", "stock"],
            `${pod}.initContainers.${i}.securityContext.readOnlyRootFilesystem`,
            false,
          ),
        all,
      ),
    'pod-read-only stock: readOnlyRootFilesystem of sidecar "proxy" is false: give true, and mount an emptyDir where it has to write',
    'pod-read-only stock: readOnlyRootFilesystem of init container "migrate" is false: give true, and mount an emptyDir where it has to write',
  ],
  [
    "the image is the latest",
    (all) => changed(all, deployment, `${container}.image`, "web:latest"),
    'pod-image web: image of container "web" is "web:latest": give an image with its digest (repository@sha256:...) or a tag other than latest',
    'pod-image-digest web: image of container "web" is "web:latest": give it by digest (repository@sha256:...), as ContainerImage\'s ref is',
  ],
  [
    "the image is a tag",
    (all) => changed(all, deployment, `${container}.image`, "web:1.2.3"),
    'pod-image-digest web: image of container "web" is "web:1.2.3": give it by digest (repository@sha256:...), as ContainerImage\'s ref is',
  ],
  [
    "the pod gets a token",
    (all) => changed(all, deployment, `${pod}.automountServiceAccountToken`, undefined),
    "pod-no-token web: automountServiceAccountToken of the pod is not set: give false",
  ],
  [
    "a secret is in the container's environment, without saying which",
    (all) =>
      changed(all, deployment, `${container}.env`, [
        { name: "apiToken", value: canary },
        { name: "SESSION_KEY", valueFrom: { secretKeyRef: { name: "web", key: "key" } } },
      ]),
    'pod-no-secrets web: env of container "web" has "apiToken", which looks like a secret: put it into a Secret, with Microservice by giving it in secrets',
  ],
  [
    "a secret is in a ConfigMap, without saying which",
    (all) => changed(all, configMap, "data.DB_PASSWORD", canary),
    'configmap-no-secrets web-config: data has "DB_PASSWORD", which looks like a secret: put it into a Secret, with Microservice by giving it in secrets',
  ],
  [
    "volumes go with their shards",
    (all) =>
      changed(all, statefulSet, "spec.persistentVolumeClaimRetentionPolicy", {
        whenDeleted: "Delete",
        whenScaled: "Delete",
      }),
    'statefulset-keeps-claims data: spec.persistentVolumeClaimRetentionPolicy.whenDeleted is "Delete": give "Retain"',
    'statefulset-keeps-claims data: spec.persistentVolumeClaimRetentionPolicy.whenScaled is "Delete": give "Retain"',
  ],
  [
    "shards are not hardened",
    (all) =>
      changed(all, statefulSet, `${container}.securityContext.readOnlyRootFilesystem`, false),
    'pod-read-only data: readOnlyRootFilesystem of container "data" is false: give true, and mount an emptyDir where it has to write',
  ],
  [
    "a Job may be root",
    (all) => changed(all, job, `${pod}.securityContext.runAsNonRoot`, false),
    'pod-not-root migrate: runAsNonRoot of container "migrate" is false: give true',
  ],
  [
    "a Job may take for ever",
    (all) => changed(all, job, "spec.activeDeadlineSeconds", undefined),
    "job-deadline migrate: activeDeadlineSeconds of the Job is not set: say how long it may take",
  ],
  [
    "a CronJob's Jobs may take for ever, with a token",
    (all) =>
      changed(
        changed(all, cronJob, "spec.jobTemplate.spec.activeDeadlineSeconds", undefined),
        cronJob,
        `spec.jobTemplate.${pod}.automountServiceAccountToken`,
        true,
      ),
    "pod-no-token tidy: automountServiceAccountToken of the pod is true: give false",
    "job-deadline tidy: activeDeadlineSeconds of the Job is not set: say how long it may take",
  ],
  [
    "a CronJob runs beside itself",
    (all) => changed(all, cronJob, "spec.concurrencyPolicy", undefined),
    'cronjob-no-overlap tidy: spec.concurrencyPolicy is not set: give "Forbid" or "Replace"',
  ],
  [
    "a service is reached from outside",
    (all) => changed(all, service, "spec.type", "LoadBalancer"),
    'service-not-exposed web-service: spec.type is "LoadBalancer": give "ClusterIP", or say in the annotation policy.groundwork/exposed-because why it must be reached from outside',
  ],
  [
    "a namespace admits anything",
    (all) => changed(all, namespace, ["metadata", "labels", enforce], "privileged"),
    `namespace-restricted shop: the label ${enforce} is "privileged": give "restricted"`,
  ],
]);

test("a service may be exposed by somebody who says why", async () => {
  const open = changed(await made(program), service, "spec.type", "LoadBalancer");
  const why = ["metadata", "annotations", exposedBecause];
  expect(findings(kubernetesRules, changed(open, service, why, "customers call it"))).toEqual([]);
});

test("every kind of workload, and its init containers, are looked at", () => {
  const bare = { initContainers: [{ name: "init", image: "a:latest" }], containers: [] };
  const template = { spec: { template: { spec: bare } } };
  const found = findings(kubernetesRules, [
    resource("kubernetes:core/v1:Pod", "pod", { spec: bare }),
    resource("kubernetes:batch/v1:Job", "job", template),
    resource("kubernetes:batch/v1:CronJob", "cron", { spec: { jobTemplate: template } }),
    ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind) =>
      resource(`kubernetes:apps/v1:${kind}`, kind, template),
    ),
  ]);
  const said = 'image of init container "init" is "a:latest": give an image with its digest';
  expect(found.filter((each) => each.includes(said)).map((each) => each.split(":")[0])).toEqual(
    ["pod", "job", "cron", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map(
      (name) => `pod-image ${name}`,
    ),
  );
});

test("what is known later is not complained of", async () => {
  const all = await made(program);
  const spec = at(all.find(({ type }) => type === deployment[0])?.props, "spec") as object;
  for (const path of Object.keys(spec)) {
    expect(findings(kubernetesRules, changed(all, deployment, ["spec", path], later))).toEqual([]);
  }
  for (const path of ["image", "resources", "securityContext", "livenessProbe", "env", "ports"]) {
    const unknown = changed(all, deployment, `${container}.${path}`, later);
    expect(ruleNames(findings(kubernetesRules, unknown))).toEqual([]);
  }
});
