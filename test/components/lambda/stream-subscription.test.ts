import { Table } from "../../../components/data/table";
import {
  StreamSubscription,
  type StreamSubscriptionArgs,
} from "../../../components/lambda/stream-subscription";
import { Queue } from "../../../components/messaging/queue";
import { Stream } from "../../../components/messaging/stream";
import { Topic } from "../../../components/messaging/topic";
import { record } from "../../../components/testing";
import { aliasOf, functionNamed } from "../../support/functions";
import { parsed } from "../../support/inputs";
import { allowing, policyOf, tlsOnly } from "../../support/policies";
import { unusable } from "../../support/refusals";

const type = "groundwork:lambda:StreamSubscription";
const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const queue = "aws:sqs/queue:Queue";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const clicksArn = "arn:aws:kinesis:eu-central-1:123456789012:stream/clicks-1234567";
const ordersArn =
  "arn:aws:dynamodb:eu-central-1:123456789012:table/orders-1234567/stream/2026-01-01T00:00:00.000";
const deadLetters = "arn:aws:sqs:eu-central-1:123456789012:count-dead-letters-1234567";
const readingClicks = allowing(
  [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
  ],
  clicksArn,
);

const recordSubscription = (args: () => Partial<StreamSubscriptionArgs> = () => ({})) =>
  record(() => {
    const { eventSourceMapping } = new StreamSubscription("count", {
      stream: new Stream("clicks"),
      function: functionNamed("count"),
      ...args(),
    });
    return { id: eventSourceMapping.id };
  });

const orders = (streamViewType?: "NEW_IMAGE") =>
  new Table("orders", {
    partitionKey: { name: "id", type: "S" },
    ...(streamViewType && { streamViewType }),
  });

describe("StreamSubscription", () => {
  test("default reads all that is kept, halves what fails, and keeps what was given up", async () => {
    const recording = await recordSubscription();

    expect(recording.one(type, "count").inputs).toEqual({});
    expect([...recording.childrenOf(type, "count")].sort()).toEqual([
      `${rolePolicy} count-consume`,
      `${mapping} count`,
      `${queue} count-dead-letters`,
    ]);
    expect(parsed(recording.one(rolePolicy, "count-consume"), "policy")).toEqual({
      role: "count-role-1234567",
      policy: policyOf(readingClicks, allowing(["sqs:SendMessage"], deadLetters)),
    });
    expect(parsed(recording.one(queue, "count-dead-letters"), "policy")).toEqual({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      policy: tlsOnly("sqs:*", "*"),
    });
    expect(recording.one(mapping, "count").inputs).toEqual({
      eventSourceArn: clicksArn,
      functionName: aliasOf("count"),
      functionResponseTypes: ["ReportBatchItemFailures"],
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      maximumRetryAttempts: 10,
      maximumRecordAgeInSeconds: -1,
      bisectBatchOnFunctionError: true,
      destinationConfig: { onFailure: { destinationArn: deadLetters } },
    });
    expect(recording.one(mapping, "count").dependencies).toContain(`${rolePolicy} count-consume`);
    expect(recording.outputs).toEqual({ id: "count-1234567-id" });
  });

  test("custom reads a table's stream with every argument, and tells somebody", async () => {
    const alarms = "arn:aws:sns:eu-central-1:123456789012:alarms";
    const recording = await recordSubscription(() => ({
      stream: orders("NEW_IMAGE"),
      startingPosition: "LATEST",
      batchSize: 10_000,
      maximumBatchingWindowSeconds: 300,
      parallelizationFactor: 10,
      tumblingWindowSeconds: 900,
      maximumRetryAttempts: 0,
      maximumRecordAgeSeconds: 60,
      bisectBatchOnFunctionError: false,
      filters: [{ eventName: ["INSERT"] }, { eventName: ["MODIFY"] }],
      alarmActions: [alarms],
    }));

    expect(parsed(recording.one(rolePolicy, "count-consume"), "policy").policy).toEqual(
      policyOf(
        allowing(
          [
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
          ],
          ordersArn,
        ),
        allowing(["sqs:SendMessage"], deadLetters),
      ),
    );
    expect(recording.one(mapping, "count").inputs).toEqual({
      eventSourceArn: ordersArn,
      functionName: aliasOf("count"),
      functionResponseTypes: ["ReportBatchItemFailures"],
      startingPosition: "LATEST",
      batchSize: 10_000,
      maximumBatchingWindowInSeconds: 300,
      parallelizationFactor: 10,
      tumblingWindowInSeconds: 900,
      maximumRetryAttempts: 0,
      maximumRecordAgeInSeconds: 60,
      bisectBatchOnFunctionError: false,
      destinationConfig: { onFailure: { destinationArn: deadLetters } },
      filterCriteria: {
        filters: [{ pattern: '{"eventName":["INSERT"]}' }, { pattern: '{"eventName":["MODIFY"]}' }],
      },
    });
    expect(recording.one(alarm, "count-age-alarm").inputs).toMatchObject({
      alarmDescription:
        "count-1234567 is more than ten minutes behind its stream: its log says whether it fails, or is too slow",
      namespace: "AWS/Lambda",
      metricName: "IteratorAge",
      dimensions: { FunctionName: "count-1234567" },
      statistic: "Maximum",
      threshold: 600_000,
      alarmActions: [alarms],
    });
    expect(recording.one(alarm, "count-dead-letters-alarm").inputs).toMatchObject({
      alarmDescription:
        "count-1234567 gave up records of its stream: the messages say where they are",
      dimensions: { QueueName: "count-dead-letters-1234567" },
    });
  });

  test.each<[string, () => Queue | Topic, string, string]>([
    [
      "queue",
      () => new Queue("lost"),
      "sqs:SendMessage",
      "arn:aws:sqs:eu-central-1:123456789012:lost-1234567",
    ],
    [
      "topic",
      () => new Topic("lost"),
      "sns:Publish",
      "arn:aws:sns:eu-central-1:123456789012:lost-1234567",
    ],
  ])(
    "custom tells a %s what was given up, and needs no queue of its own",
    async (_, make, action, arn) => {
      const recording = await recordSubscription(() => ({ onFailure: make() }));
      expect([...recording.childrenOf(type, "count")].sort()).toEqual([
        `${rolePolicy} count-consume`,
        `${mapping} count`,
      ]);
      expect(parsed(recording.one(rolePolicy, "count-consume"), "policy").policy).toEqual(
        policyOf(readingClicks, allowing([action], arn)),
      );
      expect(recording.one(mapping, "count").inputs["destinationConfig"]).toEqual({
        onFailure: { destinationArn: arn },
      });
    },
  );

  test("fails when Lambda would refuse it, with all of it", async () => {
    const failure = recordSubscription(() => ({
      stream: orders(),
      startingPosition: "AT_TIMESTAMP" as never,
      batchSize: 0,
      maximumBatchingWindowSeconds: 301,
      parallelizationFactor: 11,
      tumblingWindowSeconds: 901,
      maximumRetryAttempts: 10_001,
      maximumRecordAgeSeconds: 59,
      onFailure: new Queue("lost", { fifo: true }),
      filters: Array.from({ length: 6 }, () => ({ eventName: ["INSERT"] })),
    }));
    await expect(failure).rejects.toThrow(
      new Error(
        unusable(
          type,
          "count",
          'startingPosition is "AT_TIMESTAMP": give one of TRIM_HORIZON, LATEST',
          "batchSize is 0: give a whole number from 1 to 10000 records",
          "maximumBatchingWindowSeconds is 301: give a whole number from 0 to 300 seconds",
          "parallelizationFactor is 11: give a whole number from 1 to 10 batches",
          "tumblingWindowSeconds is 901: give a whole number from 1 to 900 seconds",
          "maximumRetryAttempts is 10001: give a whole number from 0 to 10000 attempts",
          "maximumRecordAgeSeconds is 59: give a whole number from 60 to 604800 seconds",
          "filters has 6 patterns: Lambda takes 5 at the most; one of them can list several values",
          'the table has no stream: give it a streamViewType, like "NEW_AND_OLD_IMAGES"',
          "onFailure keeps an order, which Lambda can't send to: give one without fifo",
        ),
      ),
    );
  });
});
