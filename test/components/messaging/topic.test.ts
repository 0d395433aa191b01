import * as pulumi from "@pulumi/pulumi";
import { Topic, type TopicArgs } from "../../../components/messaging/topic";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { tlsOnly } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:messaging:Topic";
const snsTopic = "aws:sns/topic:Topic";
const topicPolicy = "aws:sns/topicPolicy:TopicPolicy";
const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const arn = "arn:aws:sns:eu-central-1:123456789012:placed-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const alarms = "arn:aws:sns:eu-central-1:123456789012:alarms";

describe("Topic", () => {
  test("default is encrypted and TLS only", async () => {
    const recording = await record(() => {
      const { arn, source, fifo } = new Topic("placed");
      return { arn, source, fifo };
    });

    expect(recording.resources).toHaveLength(3);
    expect(recording.one(type, "placed").outputs).toEqual({ arn });
    expect(recording.childrenOf(type, "placed")).toEqual([
      `${snsTopic} placed`,
      `${topicPolicy} placed-policy`,
    ]);
    expect(recording.one(snsTopic, "placed").inputs).toEqual({ kmsMasterKeyId: "alias/aws/sns" });
    expect(parsed(recording.one(topicPolicy, "placed-policy"), "policy")).toEqual({
      arn,
      policy: tlsOnly("sns:Publish", arn),
    });
    expect(recording.outputs).toEqual({
      arn,
      source: { service: "sns.amazonaws.com", arn },
      fifo: false,
    });
  });

  test("custom keeps the order, with a key of one's own, and lets a service publish", async () => {
    const rule = "arn:aws:events:eu-central-1:123456789012:rule/shop/placed";
    const recording = await record(() => {
      const { fifo } = new Topic("placed", {
        fifo: true,
        contentBasedDeduplication: pulumi.output(true),
        kmsKeyArn: pulumi.output(key),
        publishers: [{ service: "events.amazonaws.com", arn: pulumi.output(rule) }],
      });
      return { fifo };
    });

    expect(recording.resources).toHaveLength(3);
    expect(recording.one(snsTopic, "placed").inputs).toEqual({
      kmsMasterKeyId: key,
      fifoTopic: true,
      contentBasedDeduplication: true,
    });
    const policy = tlsOnly("sns:Publish", `${arn}.fifo`);
    expect(parsed(recording.one(topicPolicy, "placed-policy"), "policy")).toEqual({
      arn: `${arn}.fifo`,
      policy: {
        ...policy,
        Statement: [
          ...policy.Statement,
          {
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sns:Publish",
            Resource: `${arn}.fifo`,
            Condition: { ArnEquals: { "aws:SourceArn": rule } },
          },
        ],
      },
    });
    expect(recording.outputs).toEqual({ fifo: true });
  });

  test("leaves it to publishers to say which messages are the same", async () => {
    const recording = await record(() => void new Topic("placed", { fifo: true }));
    expect(recording.one(snsTopic, "placed").inputs).toEqual({
      kmsMasterKeyId: "alias/aws/sns",
      fifoTopic: true,
      contentBasedDeduplication: false,
    });
  });

  test("tells of what did not arrive where there is somebody to tell", async () => {
    const recording = await record(() => {
      new Topic("placed", { alarmActions: [pulumi.output(alarms)] });
    });
    expect(recording.resources).toHaveLength(4);
    expect(recording.one(metricAlarm, "placed-failures-alarm")).toMatchObject({
      parent: `${type} placed`,
      inputs: {
        alarmDescription:
          "Messages of placed-1234567 did not reach a subscriber: see whether it is there and " +
          "lets the topic in",
        namespace: "AWS/SNS",
        metricName: "NumberOfNotificationsFailed",
        dimensions: { TopicName: "placed-1234567" },
        statistic: "Sum",
        threshold: 0,
        alarmActions: [alarms],
        okActions: [alarms],
      },
    });
  });

  test("grants publishing and nothing else", async () => {
    const { outputs } = await record(() => new Topic("placed").grantPublish());
    expect(outputs).toEqual({
      statements: [{ actions: ["sns:Publish"], resources: [arn] }],
      environment: { PLACED_TOPIC_ARN: arn },
    });
  });

  test("grants the use of its own key along with it", async () => {
    const { outputs } = await record(() => {
      return new Topic("placed", { kmsKeyArn: key }).grantPublish();
    });
    expect(outputs).toEqual({
      statements: [
        { actions: ["sns:Publish"], resources: [arn] },
        { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key] },
      ],
      environment: { PLACED_TOPIC_ARN: arn },
    });
  });

  test("fails when arguments don't go together, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new Topic("placed", {
          contentBasedDeduplication: true,
          publishers: [{ service: "events.amazonaws.com", arn: "arn:aws:events:::rule/a" }],
          alarmActions: ["alarms"],
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "placed",
        "contentBasedDeduplication is given, and the topic has no order: give fifo: true",
        "publishers are given, and services can't use the account's key for SNS: " +
          "give in kmsKeyArn a key whose policy lets them",
        'alarmActions[0] is "alarms": give an ARN, like that of an AlarmTopic',
      ),
    );
  });

  test.each<[TopicArgs, string]>([
    [
      { kmsKeyArn: pulumi.output("1234") },
      'kmsKeyArn is "1234": give the ARN of a resource of kms, like arn:aws:kms:...',
    ],
    [
      { alarmActions: [pulumi.output("alarms")] },
      'alarmActions[0] is "alarms": give an ARN, like that of an AlarmTopic',
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    expect(await laterFailure(() => new Topic("placed", args))).toBe(
      unusable(type, "placed", problem),
    );
  });
});
