import { Subnet, Vpc } from "@pulumi/aws/ec2";
import { Key } from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import {
  EventRule,
  LambdaFunction,
  Queue,
  QueueSubscription,
  Schedule,
  Stream,
  Topic,
  TopicSubscription,
} from "../../components";
import { readEnvironment } from "../../config";
import { createProviders } from "../../stacks/providers";
import { deployEvery, type LeftOut, mocked } from "../support/aws";

// What functions.test.ts deploys: every component on AWS in both configurations, and some that change.
const opts = createProviders(readEnvironment());
const [provider] = opts.providers as pulumi.ProviderResource[];

/** What the emulator can't do; docs/events.md, docs/data.md and docs/functions.md say how it shows. */
const beyondTheEmulator: LeftOut = {
  // It has no clusters, and there need be no container engine.
  PodIdentity: "all",
  ContainerImage: "all",
  // One for all of an account, which registry.test.ts deploys; it has no caches and no templates.
  RegistryScanning: "all",
  RegistryReplication: "all",
  PullThroughCache: "all",
  RepositoryTemplate: "all",
  // Not known.
  LambdaFunction: ["provisionedConcurrency", "recursiveLoop", "codeSigningConfigArn"],
  // Never become ready.
  HttpApi: ["domain"],
  Table: ["replicas"],
  // Are not read back: each update would set them again.
  Bucket: ["eventBridge", "kmsKeyArn"],
  BucketNotifications: ["eventBridge"],
  BucketReplication: ["prefix", "replicateDeletes"],
  // Refused where the provider was built from Go modules, of the latter an archive's key.
  FunctionUrl: ["authorizationType"],
  EventBus: ["kmsKeyArn"],
};

const network = new Vpc("network", { cidrBlock: "10.0.0.0/16" }, { provider });
const subnet = new Subnet("network", { vpcId: network.id, cidrBlock: "10.0.0.0/24" }, { provider });
const around = {
  ...mocked,
  kmsKeyArn: new Key("shop", {}, { provider }).arn,
  vpcId: network.id,
  subnetIds: [subnet.id],
};
const { topic, queue, bucket, table, stream } = deployEvery("default", {
  leftOut: beyondTheEmulator,
  opts,
});
deployEvery("full", { around, leftOut: beyondTheEmulator, opts });

const config = new pulumi.Config("changing");
const greeting = config.require("greeting");
const changed = config.requireBoolean("changed");
const called = new LambdaFunction(
  "changing",
  {
    code: new pulumi.asset.AssetArchive({
      "handler.py": new pulumi.asset.StringAsset(
        `def handler(event, context):\n    return "${greeting}"\n`,
      ),
    }),
    handler: "handler.handler",
    runtime: "python3.13",
    rollout: { strategy: "Canary", percentage: 50, intervalMinutes: 1, alarms: ["brake"] },
  },
  opts,
);
const changingQueue = new Queue("changing", { maxReceiveCount: changed ? 3 : 5 }, opts);
new QueueSubscription(
  "changing",
  { queue: changingQueue, function: called, batchSize: changed ? 5 : 10 },
  opts,
);
new TopicSubscription(
  "changing",
  {
    topic: new Topic("changing", {}, opts),
    function: called,
    filterPolicy: { type: [changed ? "refund" : "order"] },
  },
  opts,
);
new EventRule(
  "changing",
  { function: called, pattern: { source: [changed ? "shop" : "stock"] } },
  opts,
);
new Schedule(
  "changing",
  { function: called, scheduleExpression: changed ? "rate(2 hours)" : "rate(1 hour)" },
  opts,
);
new Stream("changing", { retentionHours: changed ? 48 : 24 }, opts);

export const queueUrl = queue.url;
export const topicArn = topic.arn;
export const bucketName = bucket.bucketName;
export const tableName = table.tableName;
export const streamName = stream.streamName;
export const alias = called.alias.arn;
