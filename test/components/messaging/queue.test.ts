import * as pulumi from "@pulumi/pulumi";
import { Queue } from "../../../components/messaging/queue";
import type { QueueArgs } from "../../../components/messaging/queue-args";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { tlsOnly } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:messaging:Queue";
const sqsQueue = "aws:sqs/queue:Queue";
const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const arn = "arn:aws:sqs:eu-central-1:123456789012:orders-1234567";
const url = "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-1234567";
const deadLettersArn = "arn:aws:sqs:eu-central-1:123456789012:orders-dead-letters-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";

/** The policy that refuses whatever does not come over TLS. */
const refusingPlain = tlsOnly("sqs:*", "*");

describe("Queue", () => {
  test("default is encrypted, TLS only, and keeps what can't be handled for 14 days", async () => {
    const recording = await record(() => {
      const queue = new Queue("orders");
      return {
        arn: queue.arn,
        url: queue.url,
        visibility: queue.visibilityTimeoutSeconds,
        queueArn: queue.queue.arn,
        deadLetterQueueArn: queue.deadLetterQueue.arn,
      };
    });

    expect(recording.resources).toHaveLength(3);
    expect(recording.one(type, "orders")).toEqual({
      type,
      name: "orders",
      urn: `urn:pulumi:test::groundwork::${type}::orders`,
      inputs: {},
      secretInputs: [],
      outputs: { arn, url },
      secretOutputs: [],
      parent: undefined,
      dependencies: [],
      provider: undefined,
      aliases: [],
      hooks: [],
      external: false,
    });
    expect(recording.childrenOf(type, "orders")).toEqual([
      `${sqsQueue} orders`,
      `${sqsQueue} orders-dead-letters`,
    ]);
    expect(parsed(recording.one(sqsQueue, "orders"), "policy", "redrivePolicy")).toEqual({
      visibilityTimeoutSeconds: 180,
      messageRetentionSeconds: 345_600,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: { deadLetterTargetArn: deadLettersArn, maxReceiveCount: 5 },
      sqsManagedSseEnabled: true,
      policy: refusingPlain,
    });
    expect(parsed(recording.one(sqsQueue, "orders-dead-letters"), "policy")).toEqual({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      policy: refusingPlain,
    });
    expect(recording.outputs).toEqual({
      arn,
      url,
      visibility: 180,
      queueArn: arn,
      deadLetterQueueArn: deadLettersArn,
    });
  });

  test("custom takes other times and a key of one's own", async () => {
    const recording = await record(() => {
      const queue = new Queue("orders", {
        visibilityTimeoutSeconds: pulumi.output(0),
        messageRetentionSeconds: 60,
        maxReceiveCount: 1,
        kmsKeyArn: pulumi.output(key),
      });
      return { visibility: queue.visibilityTimeoutSeconds };
    });

    expect(recording.resources).toHaveLength(3);
    expect(parsed(recording.one(sqsQueue, "orders"), "policy", "redrivePolicy")).toEqual({
      visibilityTimeoutSeconds: 0,
      messageRetentionSeconds: 60,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: { deadLetterTargetArn: deadLettersArn, maxReceiveCount: 1 },
      kmsMasterKeyId: key,
      policy: refusingPlain,
    });
    expect(parsed(recording.one(sqsQueue, "orders-dead-letters"), "policy")).toEqual({
      messageRetentionSeconds: 1_209_600,
      kmsMasterKeyId: key,
      policy: refusingPlain,
    });
    expect(recording.outputs).toEqual({ visibility: 0 });
  });

  test("tells of dead letters where there is somebody to tell", async () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
    const recording = await record(() => {
      new Queue("orders", { alarmActions: [pulumi.output(topic)] });
    });
    expect(recording.resources).toHaveLength(4);
    expect(recording.one(metricAlarm, "orders-dead-letters-alarm")).toMatchObject({
      parent: `${type} orders`,
      inputs: {
        alarmDescription:
          "Messages of orders-1234567 could not be handled: look at them in " +
          "orders-dead-letters-1234567, mend the cause, and start a redrive",
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "orders-dead-letters-1234567" },
        statistic: "Maximum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
        alarmActions: [topic],
        okActions: [topic],
      },
    });
  });

  test("keeps the order of messages where that is asked for, in both queues", async () => {
    const recording = await record(() => {
      const { fifo } = new Queue("orders", { fifo: true, delaySeconds: 5 });
      return { fifo };
    });
    expect(recording.one(sqsQueue, "orders").inputs).toMatchObject({
      fifoQueue: true,
      delaySeconds: 5,
      contentBasedDeduplication: false,
      deduplicationScope: "queue",
      fifoThroughputLimit: "perQueue",
    });
    expect(parsed(recording.one(sqsQueue, "orders-dead-letters"), "policy")).toEqual({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      fifoQueue: true,
      policy: refusingPlain,
    });
    expect(recording.outputs).toEqual({ fifo: true });
  });

  test("gives each message group a throughput of its own where that is asked for", async () => {
    const recording = await record(() => {
      new Queue("orders", { fifo: true, contentBasedDeduplication: true, highThroughput: true });
    });
    expect(recording.one(sqsQueue, "orders").inputs).toMatchObject({
      contentBasedDeduplication: true,
      deduplicationScope: "messageGroup",
      fifoThroughputLimit: "perMessageGroupId",
    });
  });

  test("lets services send on behalf of what it is given, and of nothing else", async () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:placed";
    const recording = await record(() => {
      new Queue("orders", {
        senders: [{ service: "sns.amazonaws.com", arn: pulumi.output(topic) }],
      });
    });
    const policy = {
      ...refusingPlain,
      Statement: [
        ...refusingPlain.Statement,
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: "*",
          Condition: { ArnEquals: { "aws:SourceArn": topic } },
        },
      ],
    };
    expect(parsed(recording.one(sqsQueue, "orders"), "policy")["policy"]).toEqual(policy);
    expect(parsed(recording.one(sqsQueue, "orders-dead-letters"), "policy")["policy"]).toEqual(
      policy,
    );
  });

  test("tells when messages wait for too long", async () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
    const recording = await record(() => {
      new Queue("orders", { maxMessageAgeSeconds: pulumi.output(300), alarmActions: [topic] });
    });
    expect(recording.resources).toHaveLength(5);
    expect(recording.one(metricAlarm, "orders-age-alarm")).toMatchObject({
      parent: `${type} orders`,
      inputs: {
        alarmDescription:
          "Messages of orders-1234567 wait for longer than 300 seconds: see whether its " +
          "consumers run and keep up",
        namespace: "AWS/SQS",
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: "orders-1234567" },
        statistic: "Maximum",
        threshold: 300,
        alarmActions: [topic],
      },
    });
  });

  test("fails when arguments need others that are not given", async () => {
    const refused = await refusal(
      () =>
        new Queue("orders", {
          contentBasedDeduplication: true,
          highThroughput: true,
          maxMessageAgeSeconds: 300,
          delaySeconds: 901,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "orders",
        "contentBasedDeduplication is given, and the queue keeps no order: give fifo: true",
        "highThroughput is given, and the queue keeps no order: give fifo: true",
        "maxMessageAgeSeconds is given, and alarmActions tell nobody: give one",
        "delaySeconds is 901: give a whole number from 0 to 900 seconds",
      ),
    );
  });

  test("fails when messages are gone before the alarm on their age goes off", async () => {
    const { message } = await refusal(
      () =>
        new Queue("orders", {
          maxMessageAgeSeconds: 60,
          messageRetentionSeconds: 60,
          alarmActions: ["arn:aws:sns:eu-central-1:123456789012:alarms"],
        }),
    );
    expect(message).toBe(
      unusable(
        type,
        "orders",
        "maxMessageAgeSeconds is 60: give less than the 60 of messageRetentionSeconds, after which messages are gone",
      ),
    );
  });

  test("fails for a name that leaves no room for what a FIFO queue's ends with", async () => {
    const name = "a".repeat(55);
    const { message } = await refusal(() => new Queue(name, { fifo: true }));
    expect(message).toContain(`name is "${name}": give at most 54 letters`);
  });

  test("is a child of what its options say", async () => {
    const recording = await record(() => {
      const parent = new pulumi.ComponentResource("test:index:Shop", "shop");
      new Queue("orders", {}, { parent });
    });
    expect(recording.childrenOf("test:index:Shop", "shop")).toEqual([`${type} orders`]);
  });

  test("grants sending and nothing else", async () => {
    const { outputs } = await record(() => new Queue("order-events").grantSend());
    const name = "order-events-1234567";
    expect(outputs).toEqual({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [`arn:aws:sqs:eu-central-1:123456789012:${name}`],
        },
      ],
      environment: {
        ORDER_EVENTS_QUEUE_URL: `https://sqs.eu-central-1.amazonaws.com/123456789012/${name}`,
      },
    });
  });

  test("grants receiving and deleting, and nothing else", async () => {
    const { outputs } = await record(() => new Queue("orders").grantConsume());
    expect(outputs).toEqual({
      statements: [
        {
          actions: [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
          ],
          resources: [arn],
        },
      ],
      environment: { ORDERS_QUEUE_URL: url },
    });
  });

  test("grants the use of its own key along with it", async () => {
    const { outputs } = await record(() => {
      const queue = new Queue("orders", { kmsKeyArn: key });
      return { send: queue.grantSend().statements[1], consume: queue.grantConsume().statements[1] };
    });
    expect(outputs).toEqual({
      send: { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key] },
      consume: { actions: ["kms:Decrypt"], resources: [key] },
    });
  });

  test("fails when anything is outside what SQS takes, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new Queue("orders", {
          visibilityTimeoutSeconds: 43_201,
          messageRetentionSeconds: 59,
          maxReceiveCount: 0,
          kmsKeyArn: "alias/orders",
          alarmActions: ["alarms", ...Array(5).fill("arn:aws:sns:eu-central-1:123456789012:a")],
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "orders",
        "visibilityTimeoutSeconds is 43201: give a whole number from 0 to 43200 seconds",
        "messageRetentionSeconds is 59: give a whole number from 60 to 1209600 seconds",
        "maxReceiveCount is 0: give a whole number from 1 to 1000 times",
        'kmsKeyArn is "alias/orders": give the ARN of a resource of kms, like arn:aws:kms:...',
        "alarmActions has 6 ARNs: CloudWatch takes 5 at the most",
        'alarmActions[0] is "alarms": give an ARN, like that of an AlarmTopic',
      ),
    );
  });

  test.each<[QueueArgs, string]>([
    [
      { visibilityTimeoutSeconds: pulumi.output(-1) },
      "visibilityTimeoutSeconds is -1: give a whole number from 0 to 43200 seconds",
    ],
    [
      { messageRetentionSeconds: pulumi.output(60.5) },
      "messageRetentionSeconds is 60.5: give a whole number from 60 to 1209600 seconds",
    ],
    [
      { maxReceiveCount: Promise.resolve(1001) },
      "maxReceiveCount is 1001: give a whole number from 1 to 1000 times",
    ],
    [
      { kmsKeyArn: pulumi.output("1234") },
      'kmsKeyArn is "1234": give the ARN of a resource of kms, like arn:aws:kms:...',
    ],
    [
      { alarmActions: [pulumi.output("alarms")] },
      'alarmActions[0] is "alarms": give an ARN, like that of an AlarmTopic',
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    expect(await laterFailure(() => new Queue("orders", args))).toBe(
      unusable(type, "orders", problem),
    );
  });
});
