import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components";
import type { ConfigurationArgs } from "../../components/kubernetes/configuration";
import type { DeploymentArgs } from "../../components/kubernetes/deployment-args";
import type { LongRunningArgs } from "../../components/kubernetes/long-running-args";
import type { PodArgs } from "../../components/kubernetes/pod-args";
import type { ServiceArgs } from "../../components/kubernetes/service-args";
import type { LifecycleArgs } from "../../components/registry/lifecycle";
import type { RepositoryAccessArgs } from "../../components/registry/repository-access";
import type { RepositorySettingsArgs } from "../../components/registry/repository-settings";
import { findSecrets, type Recording, record } from "../../components/testing";
import { canary, canaryInputs } from "../support/canary";
import { makeFolder } from "../support/folders";

const folder = makeFolder({ Dockerfile: "FROM scratch\n", "handler.py": "" });
const key = `arn:aws:kms:eu-central-1:123456789012:key/${canary}`;
const topic = `arn:aws:sns:eu-central-1:123456789012:${canary}`;
const principal = `arn:aws:iam::123456789012:role/${canary}`;
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** How the canary gets into one argument. */
interface Plant {
  /** Makes the argument of a text. */
  readonly put: (text: pulumi.Input<string>) => unknown;
  /** A text with the canary in it that the component takes. */
  readonly fitting: string;
  /** Whether it is a secret however it is given. */
  readonly secret?: boolean;
}

/** An argument that is a text. */
const text = (fitting = canary): Plant => ({ put: (given) => given, fitting });
/** One of the texts in a list. */
const list = (fitting = canary): Plant => ({ put: (given) => [given], fitting });
/** A value in a map. */
const map = (name: string): Plant => ({ put: (given) => ({ [name]: given }), fitting: canary });

/** A pattern of events. */
const pattern: Plant = { put: (value) => ({ type: [value] }), fitting: canary };
/** Which web pages may call. */
const cors: Plant = {
  put: (origin) => ({ allowOrigins: [origin], allowMethods: ["GET"] }),
  fitting: `https://${canary}`,
};

/** A component, and every argument that it has; the compiler sees that none is missing. */
interface Entry<Args> {
  readonly make: (name: string, args: Args) => pulumi.ComponentResource;
  /** What it takes to make one. */
  readonly base: () => Args;
  /**
   * How long its name may be, so that all names made of it fit; undefined where none is.
   */
  readonly longestName: number | undefined;
  /** By argument; null for those that hold no text, but components, grants and folders. */
  readonly plants: { readonly [Name in keyof Args]-?: Plant | null };
}
const entry = <Args>(given: Entry<Args>) => given as unknown as Entry<Record<string, unknown>>;

const grants = () => new components.Queue("granting").grantSend();
const aFunction = () =>
  new components.LambdaFunction("called", {
    code: folder,
    handler: "handler.handler",
    runtime: "python3.13",
  });

/** The arguments of what has a pod. */
const podPlants: Entry<PodArgs & ConfigurationArgs>["plants"] = {
  namespace: text(),
  image: text(`example.com/${canary}@${digest}`),
  imagePullPolicy: text(),
  command: list(),
  args: list(),
  requests: map("cpu"),
  limits: map("cpu"),
  writablePaths: list(`/${canary}`),
  sidecars: {
    put: (KEY) => [{ name: "proxy", image: `example.com/proxy@${digest}`, env: { KEY } }],
    fitting: canary,
  },
  initContainers: {
    put: (image) => [{ name: "migrate", image }],
    fitting: `example.com/${canary}@${digest}`,
  },
  priorityClassName: text(),
  nodeSelector: map("zone"),
  tolerations: { put: (key) => [{ key }], fitting: canary },
  imagePullSecrets: list(),
  terminationGracePeriodSeconds: text(),
  config: map("KEY"),
  secrets: { ...map("KEY"), secret: true },
  secretsFrom: list(),
  externalSecrets: { put: (KEY) => ({ store: "vault", keys: { KEY } }), fitting: canary },
  files: {
    put: (key) => ({ "/etc/web": { secrets: { key } } }),
    fitting: canary,
    secret: true,
  },
};

/** The arguments of what runs until it is stopped. */
const longRunningPlants: Entry<LongRunningArgs>["plants"] = {
  ...podPlants,
  zones: text(),
  startupSeconds: text(),
  allowTo: {
    put: (cidr) => [{ to: [{ ipBlock: { cidr } }] }],
    fitting: canary,
  },
};

/** The arguments of a Deployment. */
const deploymentPlants: Entry<DeploymentArgs<components.ResourceScaling>>["plants"] = {
  replicas: text(),
  scaling: { put: (min) => ({ min, max: 9 }), fitting: canary },
  rollout: { put: (deadlineSeconds) => ({ deadlineSeconds }), fitting: canary },
  leaderElection: null,
};

/** The arguments of what answers requests. */
const servicePlants: Entry<ServiceArgs>["plants"] = {
  ...longRunningPlants,
  port: text(),
  livenessPath: text(`/${canary}`),
  readinessPath: text(`/${canary}`),
  allowFrom: {
    put: (app) => [{ podSelector: { matchLabels: { app } } }],
    fitting: canary,
  },
};

/** The arguments of what is run to its end. */
const runPlants: Entry<components.JobArgs>["plants"] = {
  ...podPlants,
  backoffLimit: text(),
  activeDeadlineSeconds: text(),
  allowTo: longRunningPlants.allowTo,
};

/** The arguments of what makes repositories. */
const repositoryPlants: Entry<
  RepositorySettingsArgs & LifecycleArgs & RepositoryAccessArgs
>["plants"] = {
  mutableTags: list(),
  kmsKeyArn: text(key),
  protectedTags: list(),
  lifecycleRules: {
    put: (pattern) => [{ tagPatterns: [pattern], keepImages: 5 }],
    fitting: canary,
  },
  keepTaggedImages: text(),
  expireUntaggedAfterDays: text(),
  pullPrincipals: list(principal),
  pushPrincipals: list(principal),
  pullAccounts: list("123456789012"),
  pullOrganizations: list(`o-${canary}`),
  pullFunctions: list(`arn:aws:lambda:eu-central-1:123456789012:function:${canary}`),
};
const aWorkload: components.Workload = {
  name: "web",
  labels: { "app.kubernetes.io/name": "web" },
  namespaceName: pulumi.output("shop"),
  port: 8080,
};
const aCluster = components.clusterFeatures({
  trafficController: "ingress-nginx",
  gateway: "",
  certificateIssuer: "letsencrypt",
  prometheus: "operator",
  prometheusRelease: "",
});

/** By the name under which each is exported. */
const entries: Readonly<Record<string, Entry<Record<string, unknown>>>> = {
  AlarmTopic: entry<components.AlarmTopicArgs>({
    make: (name, args) => new components.AlarmTopic(name, args),
    base: () => ({}),
    longestName: 248,
    plants: { email: text(`${canary}@example.com`) },
  }),
  Bucket: entry<components.BucketArgs>({
    make: (name, args) => new components.Bucket(name, args),
    base: () => ({}),
    longestName: 55,
    plants: {
      kmsKeyArn: text(key),
      keepNoncurrentVersionsDays: text(),
      expireAfterDays: text(),
      eventBridge: null,
      forceDestroy: text(),
    },
  }),
  BucketNotifications: entry<components.BucketNotificationsArgs>({
    make: (name, args) => new components.BucketNotifications(name, args),
    base: () => ({ bucket: new components.Bucket("uploads"), eventBridge: true }),
    longestName: 84,
    plants: {
      bucket: null,
      functions: { put: (prefix) => ({ a: { function: aFunction(), prefix } }), fitting: canary },
      eventBridge: null,
    },
  }),
  BucketReplication: entry<components.BucketReplicationArgs>({
    make: (name, args) => new components.BucketReplication(name, args),
    base: () => ({
      source: new components.Bucket("archive"),
      destination: new components.Bucket("archive-copy"),
    }),
    longestName: 51,
    plants: { source: null, destination: null, prefix: text(), replicateDeletes: null },
  }),
  ContainerImage: entry<components.ContainerImageArgs>({
    make: (name, args) => new components.ContainerImage(name, args),
    base: () => ({ context: folder, repositoryUrl: "example.com/web" }),
    longestName: undefined,
    plants: {
      reference: text(`example.com/${canary}@${digest}`),
      context: null,
      dockerfile: null,
      target: text(),
      repositoryUrl: text(`example.com/${canary}`),
      credentials: {
        put: (password) => ({ server: "example.com", username: "robot", password }),
        fitting: canary,
        secret: true,
      },
      platforms: list(),
      buildArgs: map("KEY"),
      secrets: { ...map("KEY"), secret: true },
      cacheFrom: list(`example.com/${canary}:main`),
      cacheTo: text(`example.com/${canary}:main`),
    },
  }),
  ContainerRegistry: entry<components.ContainerRegistryArgs>({
    make: (name, args) => new components.ContainerRegistry(name, args),
    base: () => ({}),
    longestName: 247,
    plants: {
      repositoryName: text(),
      ...repositoryPlants,
      forceDelete: text(),
    },
  }),
  CronJob: entry<components.CronJobArgs>({
    make: (name, args) => new components.CronJob(name, args),
    base: () => ({
      image: `example.com/web@${digest}`,
      namespace: "shop",
      schedule: "30 2 * * *",
    }),
    longestName: 52,
    plants: {
      ...runPlants,
      schedule: text(),
      timeZone: text(),
      concurrencyPolicy: text(),
      startingDeadlineSeconds: text(),
      successfulJobsHistoryLimit: text(),
      failedJobsHistoryLimit: text(),
      ttlSecondsAfterFinished: text(),
      suspend: null,
    },
  }),
  Dashboard: entry<components.DashboardArgs>({
    make: (name, args) => new components.Dashboard(name, args),
    base: () => ({ health: [{ title: "Queue orders", graphs: [], alarms: [] }] }),
    longestName: 239,
    plants: {
      health: {
        put: (alarm) => [{ title: "Queue orders", graphs: [], alarms: [alarm] }],
        fitting: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${canary}`,
      },
    },
  }),
  EventBus: entry<components.EventBusArgs>({
    make: (name, args) => new components.EventBus(name, args),
    base: () => ({}),
    longestName: 32,
    plants: { kmsKeyArn: text(key), archiveRetentionDays: text(), putPrincipals: list(principal) },
  }),
  EventRule: entry<components.EventRuleArgs>({
    make: (name, args) => new components.EventRule(name, args),
    base: () => ({ function: aFunction(), pattern: { source: ["shop"] } }),
    longestName: 56,
    plants: {
      function: null,
      pattern,
      bus: null,
      maximumRetryAttempts: text(),
      maximumEventAgeSeconds: text(),
      alarmActions: list(topic),
    },
  }),
  FunctionUrl: entry<components.FunctionUrlArgs>({
    make: (name, args) => new components.FunctionUrl(name, args),
    base: () => ({ function: aFunction() }),
    longestName: 81,
    plants: {
      function: null,
      authorizationType: text(),
      cors,
      invokeMode: text(),
    },
  }),
  HttpApi: entry<components.HttpApiArgs>({
    make: (name, args) => new components.HttpApi(name, args),
    base: () => ({ routes: { "GET /": aFunction() }, authorization: "NONE" }),
    longestName: 50,
    plants: {
      routes: null,
      authorization: {
        put: (issuer) => ({ issuer, audiences: ["shop"] }),
        fitting: `https://${canary}/`,
      },
      cors,
      throttling: { put: (rateLimit) => ({ rateLimit, burstLimit: 1 }), fitting: canary },
      domain: {
        put: (certificateArn) => ({ name: "api.example.com", certificateArn }),
        fitting: `arn:aws:acm:eu-central-1:123456789012:certificate/${canary}`,
      },
      logRetentionDays: text(),
      alarmActions: list(topic),
    },
  }),
  Job: entry<components.JobArgs>({
    make: (name, args) => new components.Job(name, args),
    base: () => ({ image: `example.com/web@${digest}`, namespace: "shop" }),
    longestName: 63,
    plants: runPlants,
  }),
  LambdaFunction: entry<components.LambdaFunctionArgs>({
    make: (name, args) => new components.LambdaFunction(name, args),
    base: () => ({ code: folder, handler: "handler.handler", runtime: "python3.13" }),
    longestName: 51,
    plants: {
      code: null,
      handler: text(`${canary}.handler`),
      runtime: text(),
      layers: list(`arn:aws:lambda:eu-central-1:123456789012:layer:${canary}:1`),
      snapStart: text(),
      codeSigningConfigArn: text(`arn:aws:lambda:eu-central-1:123456789012:code-signing:${canary}`),
      image: text(`123456789012.dkr.ecr.eu-central-1.amazonaws.com/${canary}@${digest}`),
      command: list(),
      entryPoint: list(),
      architecture: text(),
      memoryMiB: text(),
      timeoutSeconds: text(),
      ephemeralStorageMiB: text(),
      environment: map("KEY"),
      grants: null,
      permissionsBoundaryArn: text(`arn:aws:iam::123456789012:policy/${canary}`),
      vpc: { put: (id) => ({ subnetIds: [id], vpcId: id }), fitting: canary },
      fileSystem: map("accessPointArn"),
      tracing: text(),
      logRetentionDays: text(),
      applicationLogLevel: text(),
      systemLogLevel: text(),
      retainLogOnDelete: text(),
      reservedConcurrency: text(),
      provisionedConcurrency: text(),
      asyncInvocation: map("maximumRetryAttempts"),
      recursiveLoop: text(),
      kmsKeyArn: text(key),
      alarmActions: list(topic),
      rollout: { put: (alarm) => ({ strategy: "Canary", alarms: [alarm] }), fitting: canary },
      description: text(),
    },
  }),
  Layer: entry<components.LayerArgs>({
    make: (name, args) => new components.Layer(name, args),
    base: () => ({ code: folder, runtime: "python3.13" }),
    longestName: 50,
    plants: { code: null, runtime: text(), architecture: text(), description: text() },
  }),
  Microservice: entry<components.MicroserviceArgs>({
    make: (name, args) => new components.Microservice(name, args),
    base: () => ({ image: `example.com/web@${digest}`, namespace: "shop" }),
    longestName: 63,
    plants: {
      ...servicePlants,
      ...deploymentPlants,
      hashOn: null,
    },
  }),
  Namespace: entry<components.NamespaceArgs>({
    make: (name, args) => new components.Namespace(name, args),
    base: () => ({}),
    longestName: 63,
    plants: {
      namespaceName: text(),
      quota: map("pods"),
      access: null,
      priority: text(),
      imagePullCredentials: { ...text(), secret: true },
    },
  }),
  ParameterStore: entry<components.ParameterStoreArgs>({
    make: (name, args) => new components.ParameterStore(name, args),
    base: () => ({ parameters: { KEY: "a value" } }),
    longestName: 100,
    plants: { parameters: map("KEY"), changedByOthers: null },
  }),
  PodIdentity: entry<components.PodIdentityArgs>({
    make: (name, args) => new components.PodIdentity(name, args),
    base: () => ({
      clusterName: "staging",
      namespace: "shop",
      serviceAccountName: "web",
      grants: [grants()],
    }),
    longestName: 51,
    plants: {
      clusterName: text(),
      namespace: text(),
      serviceAccountName: text(),
      grants: {
        put: (resource) => [
          { statements: [{ actions: ["sqs:*"], resources: [resource] }], environment: {} },
        ],
        fitting: canary,
      },
    },
  }),
  PullThroughCache: entry<components.PullThroughCacheArgs>({
    make: (name, args) => new components.PullThroughCache(name, args),
    base: () => ({ upstream: "quay.io" }),
    longestName: 30,
    plants: {
      upstream: text(),
      prefix: text(),
      credentialArn: text(
        `arn:aws:secretsmanager:eu-central-1:123456789012:secret:ecr-pullthroughcache/${canary}`,
      ),
      protectedTags: list(),
      lifecycleRules: repositoryPlants.lifecycleRules,
      keepTaggedImages: text(),
      expireUntaggedAfterDays: text(),
    },
  }),
  Queue: entry<components.QueueArgs>({
    make: (name, args) => new components.Queue(name, args),
    base: () => ({}),
    longestName: 59,
    plants: {
      fifo: null,
      contentBasedDeduplication: null,
      highThroughput: null,
      delaySeconds: text(),
      visibilityTimeoutSeconds: text(),
      messageRetentionSeconds: text(),
      maxReceiveCount: text(),
      senders: {
        put: (arn) => [{ service: "sns.amazonaws.com", arn }],
        fitting: topic,
      },
      kmsKeyArn: text(key),
      maxMessageAgeSeconds: text(),
      alarmActions: list(topic),
    },
  }),
  QueueSubscription: entry<components.QueueSubscriptionArgs>({
    make: (name, args) => new components.QueueSubscription(name, args),
    base: () => ({ queue: new components.Queue("orders"), function: aFunction() }),
    longestName: 112,
    plants: {
      queue: null,
      function: null,
      batchSize: text(),
      maximumBatchingWindowSeconds: text(),
      maximumConcurrency: text(),
      provisionedPollers: null,
      filters: { put: (value) => [{ body: [value] }], fitting: canary },
    },
  }),
  RegistryReplication: entry<components.RegistryReplicationArgs>({
    make: (name, args) => new components.RegistryReplication(name, args),
    base: () => ({ rules: [{ destinations: [{ region: "eu-west-1" }] }] }),
    longestName: undefined,
    plants: {
      rules: {
        put: (prefix) => [
          { destinations: [{ region: "eu-west-1" }], repositoryPrefixes: [prefix] },
        ],
        fitting: canary,
      },
      acceptFrom: list("123456789012"),
    },
  }),
  RegistryScanning: entry<components.RegistryScanningArgs>({
    make: (name, args) => new components.RegistryScanning(name, args),
    base: () => ({}),
    longestName: 47,
    plants: {
      scanType: text(),
      repositories: list(),
      severity: text(),
      alarmActions: list(topic),
      logRetentionDays: text(),
    },
  }),
  RepositoryTemplate: entry<components.RepositoryTemplateArgs>({
    make: (name, args) => new components.RepositoryTemplate(name, args),
    base: () => ({ prefix: "mirrors", appliedFor: ["PULL_THROUGH_CACHE"] }),
    longestName: undefined,
    plants: {
      prefix: text(),
      appliedFor: list(),
      ...repositoryPlants,
      roleArn: text(principal),
    },
  }),
  Route: entry<components.RouteArgs>({
    make: (name, args) => new components.Route(name, args),
    base: () => ({ service: aWorkload, cluster: aCluster, hosts: ["shop.example.com"] }),
    longestName: 63,
    plants: {
      service: null,
      cluster: null,
      hosts: list(`${canary}.example.com`),
      paths: list(`/${canary}`),
      wildcardBecause: text(),
      certificate: { put: (secretName) => ({ secretName }), fitting: canary },
      maxBodyMiB: text(),
      timeoutSeconds: text(),
      hashOn: null,
    },
  }),
  Schedule: entry<components.ScheduleArgs>({
    make: (name, args) => new components.Schedule(name, args),
    base: () => ({ function: aFunction(), scheduleExpression: "rate(1 day)" }),
    longestName: 51,
    plants: {
      function: null,
      scheduleExpression: text(),
      timeZone: text(),
      flexibleTimeWindowMinutes: text(),
      input: map("KEY"),
      maximumRetryAttempts: text(),
      maximumEventAgeSeconds: text(),
      alarmActions: list(topic),
    },
  }),
  SecretStore: entry<components.SecretStoreArgs>({
    make: (name, args) => new components.SecretStore(name, args),
    base: () => ({ secrets: { KEY: "a value" } }),
    longestName: 100,
    plants: {
      secrets: { ...map("KEY"), secret: true },
      backend: text(),
      kmsKeyArn: text(key),
      recoveryWindowDays: text(),
      namespace: text(),
    },
  }),
  ServiceMonitoring: entry<components.ServiceMonitoringArgs>({
    make: (name, args) => new components.ServiceMonitoring(name, args),
    base: () => ({ service: aWorkload, cluster: aCluster }),
    longestName: 55,
    plants: {
      service: null,
      cluster: null,
      path: text(`/${canary}`),
      port: text(),
      availability: text(),
      latencySeconds: text(),
    },
  }),
  ShardedService: entry<components.ShardedServiceArgs>({
    make: (name, args) => new components.ShardedService(name, args),
    base: () => ({
      image: `example.com/web@${digest}`,
      namespace: "shop",
      shards: 3,
      storage: "10Gi",
    }),
    longestName: 52,
    plants: {
      ...servicePlants,
      shards: text(),
      reshardedFrom: text(),
      storage: text(),
      storageClassName: text(),
      dataPath: text(`/${canary}`),
      retainClaims: null,
      rollout: { put: (deadlineSeconds) => ({ deadlineSeconds }), fitting: canary },
    },
  }),
  Stream: entry<components.StreamArgs>({
    make: (name, args) => new components.Stream(name, args),
    base: () => ({}),
    longestName: 120,
    plants: { retentionHours: text(), kmsKeyArn: text(key) },
  }),
  StreamSubscription: entry<components.StreamSubscriptionArgs>({
    make: (name, args) => new components.StreamSubscription(name, args),
    base: () => ({ stream: new components.Stream("clicks"), function: aFunction() }),
    longestName: 59,
    plants: {
      stream: null,
      function: null,
      startingPosition: text(),
      batchSize: text(),
      maximumBatchingWindowSeconds: text(),
      parallelizationFactor: text(),
      tumblingWindowSeconds: text(),
      maximumRetryAttempts: text(),
      maximumRecordAgeSeconds: text(),
      bisectBatchOnFunctionError: null,
      onFailure: null,
      filters: { put: (value) => [{ body: [value] }], fitting: canary },
      alarmActions: list(topic),
    },
  }),
  Table: entry<components.TableArgs>({
    make: (name, args) => new components.Table(name, args),
    base: () => ({ partitionKey: { name: "id", type: "S" } }),
    longestName: 231,
    plants: {
      partitionKey: null,
      sortKey: null,
      globalIndexes: null,
      localIndexes: null,
      ttlAttribute: text(),
      streamViewType: null,
      replicas: null,
      recoveryPeriodDays: text(),
      kmsKeyArn: text(key),
      deletionProtection: text(),
      alarmActions: list(topic),
    },
  }),
  Topic: entry<components.TopicArgs>({
    make: (name, args) => new components.Topic(name, args),
    base: () => ({ kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1" }),
    longestName: 232,
    plants: {
      fifo: null,
      contentBasedDeduplication: null,
      kmsKeyArn: text(key),
      publishers: {
        put: (arn) => [{ service: "events.amazonaws.com", arn }],
        fitting: topic,
      },
      alarmActions: list(topic),
    },
  }),
  TopicDelivery: entry<components.TopicDeliveryArgs>({
    make: (name, args) => new components.TopicDelivery(name, args),
    base: () => {
      const placed = new components.Topic("placed");
      return { topic: placed, queue: new components.Queue("orders", { senders: [placed.source] }) };
    },
    longestName: undefined,
    plants: {
      topic: null,
      queue: null,
      rawMessageDelivery: text(),
      filterPolicy: map("country"),
      filterPolicyScope: null,
    },
  }),
  TopicSubscription: entry<components.TopicSubscriptionArgs>({
    make: (name, args) => new components.TopicSubscription(name, args),
    base: () => ({ topic: new components.Topic("orders"), function: aFunction() }),
    longestName: 59,
    plants: {
      topic: null,
      function: null,
      filterPolicy: pattern,
      filterPolicyScope: text(),
      alarmActions: list(topic),
    },
  }),
  Worker: entry<components.WorkerArgs>({
    make: (name, args) => new components.Worker(name, args),
    base: () => ({
      image: `example.com/web@${digest}`,
      namespace: "shop",
      livenessCommand: ["/alive"],
      readinessCommand: ["/ready"],
    }),
    longestName: 63,
    plants: {
      ...longRunningPlants,
      ...deploymentPlants,
      livenessCommand: list(),
      readinessCommand: list(),
    },
  }),
};

/** The exported classes of components. */
const classes = Object.entries(components)
  .filter(([, each]) => typeof each === "function")
  .filter(([, each]) => each.prototype instanceof pulumi.ComponentResource)
  .map(([name]) => name);

test("every exported component is tested here", () => {
  expect(Object.keys(entries)).toEqual(classes.sort());
});

/** What becomes of a program: its recording, or the error it ends with. */
function outcome(program: () => unknown): Promise<Recording | Error> {
  return record(program).catch((error: unknown) => error as Error);
}

describe.each(Object.entries(entries))("%s", (_component, { make, base, plants, longestName }) => {
  test.each(Object.entries(plants).flatMap(([name, plant]) => (plant ? [{ name, plant }] : [])))(
    "refuses or encrypts a secret in $name, whether it fits or not",
    async ({ name, plant }) => {
      const secret: (typeof canaryInputs)[number] = ["", () => pulumi.secret(canary)];
      for (const [, canaryOf] of plant.secret ? canaryInputs : [secret]) {
        for (const fit of [plant.fitting, ` ${canary} `]) {
          const result = await outcome(() => {
            const given = fit === canary ? canaryOf() : secretly(canaryOf(), fit);
            const component = make("web", { ...base(), [name]: plant.put(given) });
            return outputsOf(component);
          });
          expect(findSecrets(result, canary).leaked).toEqual([]);
        }
      }
    },
  );

  test("fails when it is given an argument that it does not know", async () => {
    const result = await outcome(() => void make("web", { ...base(), nonsense: canary }));
    expect((result as components.InvalidArgumentsError).problems).toEqual([
      `there is no argument "nonsense": give only ${Object.keys(plants).join(", ")}`,
    ]);
  });

  test("tells every argument of another kind by its name", async () => {
    await record(() => {
      const given = base();
      for (const name of Object.keys(plants)) {
        const component = new components.AlarmTopic(`in-${name}`);
        // To Kubernetes, an empty rule of egress is one that lets everything out.
        const empty = name === "allowTo" ? [] : [[{}]];
        for (const wrong of [() => 1, [null], ...empty, component, [component]]) {
          expect(() => make("web", { ...given, [name]: wrong })).toThrow(
            expect.objectContaining({
              problems: expect.arrayContaining([expect.stringContaining(name)]),
            }),
          );
        }
      }
    });
  });

  if (longestName === undefined) return;

  test.each(["My queue!", "a".repeat(longestName + 1)])(
    "fails for the name %s, of which no others can be made",
    async (name) => {
      const result = await outcome(() => void make(name, base()));
      expect((result as components.InvalidArgumentsError).problems).toEqual([
        expect.stringMatching(new RegExp(`^name(spaceName)? is "${name.slice(0, 70)}`)),
      ]);
    },
  );

  test("takes the longest name of which others can be made", async () => {
    const name = "a".repeat(longestName);
    const { resources } = await record(() => void make(name, base()));
    expect(resources.map((each) => each.name)).toContain(name);
  });
});

/** Another text, made of the canary and a secret as much as it is. */
function secretly(given: pulumi.Input<string>, fit: string): pulumi.Input<string> {
  if (typeof given === "string") return fit;
  return given instanceof Promise ? given.then(() => fit) : pulumi.output(given).apply(() => fit);
}

/** Every Output that a component offers. */
function outputsOf(component: pulumi.ComponentResource): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(component).filter(
      ([name, value]) => !name.startsWith("__") && pulumi.Output.isInstance(value),
    ),
  );
}
