import type * as pulumi from "@pulumi/pulumi";
import {
  CronJob,
  type CronJobArgs,
  Job,
  type JobArgs,
  Microservice,
  type MicroserviceArgs,
  Namespace,
  type NamespaceArgs,
  ShardedService,
  type ShardedServiceArgs,
  Worker,
  type WorkerArgs,
} from "../../components";

/** An image that nobody pulls. */
export const image = `localhost:5000/shop@sha256:${"0123456789abcdef".repeat(4)}`;

/** Every argument of a component but those. */
type Full<Args, Left extends keyof Args = never> = Omit<Required<Args>, "namespace" | Left>;

const secret = { store: "vault", keys: { API_KEY: "shop/api-key" } };

/** What all workloads have. */
const fullPod = {
  image,
  imagePullPolicy: "Always",
  imagePullSecrets: ["registry"],
  command: ["/shop"],
  args: ["--verbose"],
  config: { GREETING: "Hello" },
  secrets: { SESSION_KEY: "a session key" },
  secretsFrom: ["shared"],
  externalSecrets: secret,
  files: {
    "/etc/shop": { config: { "features.json": "{}" }, secrets: { key: "a key" } },
    "/etc/live": { config: { "prices.json": "{}" }, externalSecrets: secret, onChange: "live" },
  },
  requests: { cpu: "200m", memory: "128Mi" },
  limits: { cpu: "200m", memory: "128Mi", "ephemeral-storage": "64Mi" },
  terminationGracePeriodSeconds: 60,
  writablePaths: ["/tmp", "/var/cache/shop"],
  sidecars: [{ name: "proxy", image, port: 9001, inheritConfiguration: true }],
  initContainers: [{ name: "prepare", image, args: ["prepare"], sharedPaths: ["/tmp"] }],
  priorityClassName: "system-cluster-critical",
  nodeSelector: { "kubernetes.io/os": "linux" },
  tolerations: [{ key: "shop", operator: "Exists", effect: "NoSchedule" }],
  allowTo: [{ ports: [{ port: 443 }] }],
} satisfies Full<JobArgs, "backoffLimit" | "activeDeadlineSeconds">;

const fullLongRunning = {
  ...fullPod,
  zones: 3,
  startupSeconds: 90,
  rollout: { deadlineSeconds: 120 },
};

const fullService = {
  ...fullLongRunning,
  port: 9000,
  livenessPath: "/live",
  readinessPath: "/ready",
  allowFrom: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } } }],
};

const leaderElection = { apiServerAt: ["10.0.16.0/20"] };
const scaling = { min: 3, max: 10, cpuPercent: 60, memoryPercent: 80 };

const fullMicroservice: Full<MicroserviceArgs, "replicas"> = {
  ...fullService,
  leaderElection,
  hashOn: { source: true },
  scaling: { ...scaling, requestsPerPodPerSecond: 100 },
};

const commands = { livenessCommand: ["/shop", "alive"], readinessCommand: ["/shop", "ready"] };

const fullWorker: Full<WorkerArgs, "replicas"> = {
  ...fullLongRunning,
  leaderElection,
  scaling,
  ...commands,
};

const fullShardedService: Full<ShardedServiceArgs> = {
  ...fullService,
  shards: 3,
  reshardedFrom: 4,
  storage: "1Gi",
  storageClassName: "local",
  dataPath: "/var/lib/shop",
  retainClaims: false,
};

const fullJob: Full<JobArgs> = { ...fullPod, backoffLimit: 1, activeDeadlineSeconds: 60 };

const fullCronJob: Full<CronJobArgs> = {
  ...fullJob,
  schedule: "*/5 * * * *",
  timeZone: "Europe/Berlin",
  concurrencyPolicy: "Replace",
  startingDeadlineSeconds: 120,
  successfulJobsHistoryLimit: 1,
  failedJobsHistoryLimit: 2,
  ttlSecondsAfterFinished: 3600,
  suspend: true,
};

/** Makes a workload of a kind in a namespace. */
type Make = (
  name: string,
  namespace: Namespace,
  opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/** With what has to be given and no more, and with every argument. */
type Kind = "default" | "full";

/** Every component that makes workloads, for what is to hold for each of them. */
const workloads: Readonly<Record<string, Readonly<Record<Kind, Make>>>> = {
  cronjob: {
    default: (name, namespace, opts) =>
      new CronJob(name, { image, namespace, schedule: "0 3 * * *" }, opts),
    full: (name, namespace, opts) => new CronJob(name, { ...fullCronJob, namespace }, opts),
  },
  job: {
    default: (name, namespace, opts) => new Job(name, { image, namespace }, opts),
    full: (name, namespace, opts) => new Job(name, { ...fullJob, namespace }, opts),
  },
  microservice: {
    default: (name, namespace, opts) => new Microservice(name, { image, namespace }, opts),
    full: (name, namespace, opts) =>
      new Microservice(name, { ...fullMicroservice, namespace }, opts),
  },
  shards: {
    default: (name, namespace, opts) =>
      new ShardedService(name, { image, namespace, shards: 2, storage: "1Gi" }, opts),
    full: (name, namespace, opts) =>
      new ShardedService(name, { ...fullShardedService, namespace }, opts),
  },
  worker: {
    default: (name, namespace, opts) => new Worker(name, { image, namespace, ...commands }, opts),
    full: (name, namespace, opts) => new Worker(name, { ...fullWorker, namespace }, opts),
  },
};

const fullNamespace: Required<NamespaceArgs> = {
  namespaceName: "full",
  quota: { pods: "50", "requests.memory": "20Gi" },
  access: { view: ["support"], operate: ["on-call"], debug: ["developers"] },
  priority: 100,
  imagePullCredentials: '{"auths":{}}',
};

/** A namespace with one workload of each sort in it, `cronjob-default` and so on. */
export function deployEvery(
  kind: Kind,
  namespaceName: string,
  opts: pulumi.ComponentResourceOptions = {},
): void {
  const args = { ...(kind === "full" && fullNamespace), namespaceName };
  const namespace = new Namespace(kind, args, opts);
  for (const [name, make] of Object.entries(workloads)) {
    make[kind](`${name}-${kind}`, namespace, opts);
  }
}
