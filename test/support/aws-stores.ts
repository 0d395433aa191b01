import {
  AlarmTopic,
  type AlarmTopicArgs,
  Bucket,
  type BucketArgs,
  BucketReplication,
  type BucketReplicationArgs,
  Dashboard,
  EventBus,
  type EventBusArgs,
  type Grant,
  ParameterStore,
  type ParameterStoreArgs,
  PodIdentity,
  Queue,
  type QueueArgs,
  SecretStore,
  type SecretStoreArgs,
  Stream,
  type StreamArgs,
  Table,
  type TableArgs,
  Topic,
  type TopicArgs,
  TopicDelivery,
  type TopicDeliveryArgs,
} from "../../components";
import type { Deployment } from "./aws";

/** Another account's, or a role in it. */
const principals = ["arn:aws:iam::123456789012:root"];

/** What keeps or carries events and values. */
export type Stores = ReturnType<typeof createStores>;

/** Makes everything that keeps or carries events and values, and hands out what it grants. */
export function createStores(deployment: Deployment) {
  const { opts, around, isFull } = deployment;
  const { kmsKeyArn } = around;
  const name = (each: string) => deployment.name(each);

  const alarms = new AlarmTopic(
    name("alarms"),
    deployment.args<AlarmTopicArgs>("AlarmTopic", {}, { email: "on-call@example.com" }),
    opts,
  );
  const alarmActions = [alarms.arn];
  const topic = createTopics(deployment, alarmActions);
  const queue = createQueues(deployment, topic, alarmActions);
  const bucket = createBuckets(deployment);
  const bus = new EventBus(
    name("events"),
    deployment.args<EventBusArgs>(
      "EventBus",
      {},
      { kmsKeyArn, archiveRetentionDays: 30, putPrincipals: principals },
    ),
    opts,
  );
  const stream = new Stream(
    name("clicks"),
    deployment.args<StreamArgs>("Stream", {}, { retentionHours: 48, kmsKeyArn }),
    opts,
  );
  const table = createTable(deployment, alarmActions);
  const grants = [
    ...[topic.grantPublish(), queue.grantSend(), queue.grantConsume(), bus.grantPut()],
    ...[bucket.grantGet(), bucket.grantPut("in/"), bucket.grantDelete(), bucket.grantList("in/")],
    ...[stream.grantPut(), stream.grantStream(), table.grantReadWrite(), table.grantStream()],
    ...createConfiguration(deployment),
  ];
  new Dashboard(name("overview"), { health: [{ title: "Shop", graphs: [], alarms: [] }] }, opts);
  if (deployment.has("PodIdentity")) {
    const pods = { clusterName: "shop", namespace: "shop", serviceAccountName: "web" };
    new PodIdentity(name("pods"), { ...pods, grants }, opts);
  }
  return { topic, queue, bucket, bus, stream, table, grants: isFull ? grants : [], alarmActions };
}

function createTopics(deployment: Deployment, alarmActions: AlarmActions): Topic {
  const { opts, around } = deployment;
  const { kmsKeyArn } = around;
  const publishers = [
    { service: "events.amazonaws.com", arn: "arn:aws:events:eu-central-1:123456789012:rule/shop" },
  ];
  const inOrder = new Topic(
    deployment.name("ordered"),
    deployment.args<TopicArgs>(
      "Topic",
      { fifo: true },
      { fifo: true, contentBasedDeduplication: true, kmsKeyArn, publishers, alarmActions },
    ),
    opts,
  );
  const senders = [inOrder.source];
  const queue = new Queue(
    deployment.name("ordered-queue"),
    deployment.args<QueueArgs>(
      "Queue",
      { fifo: true, senders },
      {
        ...queueSettings,
        ...{ fifo: true, contentBasedDeduplication: true, highThroughput: true },
        ...{ senders, kmsKeyArn, alarmActions },
      },
    ),
    opts,
  );
  new TopicDelivery(
    deployment.name("ordered"),
    deployment.args<TopicDeliveryArgs>(
      "TopicDelivery",
      { topic: inOrder, queue },
      {
        ...{ topic: inOrder, queue, rawMessageDelivery: false },
        ...{ filterPolicy: { country: ["DE"] }, filterPolicyScope: "MessageBody" },
      },
    ),
    opts,
  );
  return new Topic(
    deployment.name("placed"),
    deployment.args<TopicArgs, "fifo" | "contentBasedDeduplication">(
      "Topic",
      {},
      { kmsKeyArn, publishers, alarmActions },
    ),
    opts,
  );
}

type AlarmActions = NonNullable<QueueArgs["alarmActions"]>;

const queueSettings = {
  delaySeconds: 5,
  visibilityTimeoutSeconds: 600,
  messageRetentionSeconds: 86_400,
  maxReceiveCount: 3,
  maxMessageAgeSeconds: 3_600,
};

function createQueues(deployment: Deployment, topic: Topic, alarmActions: AlarmActions): Queue {
  const { opts, around } = deployment;
  const senders = [topic.source];
  return new Queue(
    deployment.name("orders"),
    deployment.args<QueueArgs, "fifo" | "contentBasedDeduplication" | "highThroughput">(
      "Queue",
      {},
      { ...queueSettings, senders, kmsKeyArn: around.kmsKeyArn, alarmActions },
    ),
    opts,
  );
}

/** @returns one that has no notifications yet */
function createBuckets(deployment: Deployment): Bucket {
  const { opts, around, isFull } = deployment;
  const full: Required<BucketArgs> = {
    kmsKeyArn: around.kmsKeyArn,
    keepNoncurrentVersionsDays: 7,
    expireAfterDays: 365,
    eventBridge: true,
    forceDestroy: true,
  };
  const make = (name: string) =>
    new Bucket(deployment.name(name), deployment.args<BucketArgs>("Bucket", {}, full), opts);
  const [source, destination] = [make("archive"), make("archive-copy")];
  new BucketReplication(
    deployment.name("archive"),
    deployment.args<BucketReplicationArgs>(
      "BucketReplication",
      { source, destination },
      { source, destination, prefix: "orders/", replicateDeletes: true },
    ),
    opts,
  );
  const { kmsKeyArn } = around;
  const uploads = { forceDestroy: true, ...(isFull && { kmsKeyArn }) };
  return new Bucket(deployment.name("uploads"), uploads, opts);
}

function createTable(deployment: Deployment, alarmActions: AlarmActions): Table {
  const { opts, around } = deployment;
  const { kmsKeyArn } = around;
  const least = {
    partitionKey: { name: "id", type: "S" },
    streamViewType: "NEW_AND_OLD_IMAGES",
    deletionProtection: false,
  } as const;
  return new Table(
    deployment.name("stock"),
    deployment.args<TableArgs>("Table", least, {
      ...least,
      sortKey: { name: "at", type: "N" },
      globalIndexes: {
        "by-owner": {
          partitionKey: { name: "owner", type: "S" },
          sortKey: { name: "at", type: "N" },
          projection: ["total"],
        },
      },
      localIndexes: {
        "by-place": { sortKey: { name: "place", type: "S" }, projection: "KEYS_ONLY" },
      },
      ttlAttribute: "expires",
      replicas: [
        { region: "eu-west-1", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1234abcd" },
      ],
      recoveryPeriodDays: 7,
      kmsKeyArn,
      alarmActions,
    }),
    opts,
  );
}

/** @returns what it takes to read all of it */
function createConfiguration(deployment: Deployment): readonly Grant[] {
  const { opts, around } = deployment;
  const { kmsKeyArn } = around;
  const secrets = { TOKEN: "a token" };
  // What is in Kubernetes is no concern of AWS.
  type Args = Omit<SecretStoreArgs<"TOKEN">, "namespace">;
  const store = new SecretStore(
    deployment.name("shop"),
    deployment.args<Args>(
      "SecretStore",
      { secrets, recoveryWindowDays: 0 },
      { secrets, backend: "secretsmanager", kmsKeyArn, recoveryWindowDays: 7 },
    ),
    opts,
  );
  const inSsm = new SecretStore(
    deployment.name("shop-ssm"),
    deployment.args<Args, "recoveryWindowDays">(
      "SecretStore",
      { secrets, backend: "ssm" },
      { secrets, backend: "ssm", kmsKeyArn },
    ),
    opts,
  );
  const parameters = { LIMIT: "10" };
  const live = new ParameterStore(
    deployment.name("live"),
    deployment.args<ParameterStoreArgs<"LIMIT">>(
      "ParameterStore",
      { parameters },
      { parameters, changedByOthers: true },
    ),
    opts,
  );
  const reading = [store.grantRead("TOKEN"), inSsm.grantRead("TOKEN"), live.grantRead("LIMIT")];
  return [...reading, live.grantPut("LIMIT")];
}
