import {
  BucketNotifications,
  type BucketNotificationsArgs,
  EventRule,
  type EventRuleArgs,
  FunctionUrl,
  type FunctionUrlArgs,
  HttpApi,
  type HttpApiArgs,
  type LambdaFunction,
  Queue,
  QueueSubscription,
  type QueueSubscriptionArgs,
  Schedule,
  type ScheduleArgs,
  StreamSubscription,
  type StreamSubscriptionArgs,
  TopicSubscription,
  type TopicSubscriptionArgs,
} from "../../components";
import type { Cors } from "../../components/http/cors";
import type { Deployment } from "./aws";
import type { Stores } from "./aws-stores";

/** Makes everything that calls a function. */
export function createSources(
  deployment: Deployment,
  stores: Stores,
  called: LambdaFunction,
): void {
  const { opts } = deployment;
  const { topic, bucket, bus, alarmActions } = stores;
  const name = (each: string) => deployment.name(each);

  subscribeToQueues(deployment, stores, called);
  subscribeToStreams(deployment, stores, called);
  createHttp(deployment, stores, called);
  new TopicSubscription(
    name("placed"),
    deployment.args<TopicSubscriptionArgs>(
      "TopicSubscription",
      { topic, function: called },
      {
        ...{ topic, function: called, alarmActions },
        ...{ filterPolicy: { type: ["order"] }, filterPolicyScope: "MessageBody" },
      },
    ),
    opts,
  );
  const functions = { photos: { function: called } };
  new BucketNotifications(
    name("uploads"),
    deployment.args<BucketNotificationsArgs>(
      "BucketNotifications",
      { bucket, functions },
      {
        bucket,
        functions: {
          photos: {
            function: called,
            events: ["s3:ObjectCreated:Put"],
            prefix: "photos/",
            suffix: ".jpg",
          },
        },
        eventBridge: true,
      },
    ),
    opts,
  );
  const retry = { maximumRetryAttempts: 3, maximumEventAgeSeconds: 600 };
  const pattern = { source: ["shop"] };
  new EventRule(
    name("paid"),
    deployment.args<EventRuleArgs>(
      "EventRule",
      { function: called, pattern },
      { ...retry, function: called, pattern, bus, alarmActions },
    ),
    opts,
  );
  new Schedule(
    name("report"),
    deployment.args<ScheduleArgs>(
      "Schedule",
      { function: called, scheduleExpression: "rate(1 day)" },
      {
        ...retry,
        function: called,
        scheduleExpression: "cron(0 6 ? * MON-FRI *)",
        timeZone: "Europe/Berlin",
        flexibleTimeWindowMinutes: 15,
        input: { kind: "daily" },
        alarmActions,
      },
    ),
    opts,
  );
}

function subscribeToQueues(
  deployment: Deployment,
  { queue }: Stores,
  called: LambdaFunction,
): void {
  const { opts } = deployment;
  const batches = {
    batchSize: 100,
    maximumBatchingWindowSeconds: 5,
    filters: [{ body: { total: [{ numeric: [">=", 10] }] } }],
  };
  new QueueSubscription(
    deployment.name("orders"),
    deployment.args<QueueSubscriptionArgs, "provisionedPollers">(
      "QueueSubscription",
      { queue, function: called },
      { ...batches, queue, function: called, maximumConcurrency: 5 },
    ),
    opts,
  );
  if (!deployment.isFull) return;
  // These exclude maximumConcurrency.
  const peaks = new Queue(deployment.name("peaks"), { visibilityTimeoutSeconds: 600 }, opts);
  new QueueSubscription(
    deployment.name("peaks"),
    deployment.args<QueueSubscriptionArgs, "maximumConcurrency">(
      "QueueSubscription",
      { queue: peaks, function: called },
      {
        ...batches,
        ...{ queue: peaks, function: called },
        provisionedPollers: { minimum: 2, maximum: 10 },
      },
    ),
    opts,
  );
}

function subscribeToStreams(
  deployment: Deployment,
  { stream, table, queue, alarmActions }: Stores,
  called: LambdaFunction,
): void {
  for (const [name, each] of Object.entries({ clicks: stream, stock: table })) {
    new StreamSubscription(
      deployment.name(name),
      deployment.args<StreamSubscriptionArgs>(
        "StreamSubscription",
        { stream: each, function: called },
        {
          stream: each,
          function: called,
          startingPosition: "LATEST",
          batchSize: 50,
          maximumBatchingWindowSeconds: 2,
          parallelizationFactor: 2,
          tumblingWindowSeconds: 60,
          maximumRetryAttempts: 3,
          maximumRecordAgeSeconds: 3_600,
          bisectBatchOnFunctionError: false,
          onFailure: queue,
          filters: [{ eventName: ["INSERT"] }],
          alarmActions,
        },
      ),
      deployment.opts,
    );
  }
}

const cors: Required<Cors> = {
  allowOrigins: ["https://shop.example.com"],
  allowMethods: ["GET"],
  allowHeaders: ["x-order"],
  exposeHeaders: ["x-order"],
  allowCredentials: true,
  maxAgeSeconds: 600,
};

function createHttp(
  deployment: Deployment,
  { alarmActions }: Stores,
  called: LambdaFunction,
): void {
  const { opts } = deployment;
  new FunctionUrl(
    deployment.name("report"),
    deployment.args<FunctionUrlArgs>(
      "FunctionUrl",
      { function: called },
      { function: called, authorizationType: "NONE", cors, invokeMode: "RESPONSE_STREAM" },
    ),
    opts,
  );
  new HttpApi(
    deployment.name("shop"),
    deployment.args<HttpApiArgs>(
      "HttpApi",
      { routes: { "GET /orders": called }, authorization: "AWS_IAM" },
      {
        routes: {
          "GET /orders": called,
          "PUT /stock/{id}": { function: called, authorization: "AWS_IAM" },
          $default: {
            function: called,
            authorization: "NONE",
            throttling: { rateLimit: 10, burstLimit: 20 },
          },
        },
        authorization: { issuer: "https://login.example.com/", audiences: ["shop"] },
        cors,
        throttling: { rateLimit: 50, burstLimit: 60 },
        domain: {
          name: "api.example.com",
          certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1234abcd",
        },
        logRetentionDays: 7,
        alarmActions,
      },
    ),
    opts,
  );
}
