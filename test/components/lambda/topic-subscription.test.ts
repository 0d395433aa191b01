import {
  TopicSubscription,
  type TopicSubscriptionArgs,
} from "../../../components/lambda/topic-subscription";
import { Topic } from "../../../components/messaging/topic";
import { record } from "../../../components/testing";
import { deadLettersFor } from "../../support/dead-letters";
import { aliasOf, functionNamed, invocationBy } from "../../support/functions";
import { parsed } from "../../support/inputs";
import { unusable } from "../../support/refusals";

const type = "groundwork:lambda:TopicSubscription";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const permission = "aws:lambda/permission:Permission";
const queue = "aws:sqs/queue:Queue";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const topicArn = "arn:aws:sns:eu-central-1:123456789012:placed-1234567";

const recordSubscription = (args: Partial<TopicSubscriptionArgs> = {}, fifo = false) =>
  record(() => {
    const { subscription } = new TopicSubscription("mail", {
      topic: new Topic("placed", { fifo }),
      function: functionNamed("mail"),
      ...args,
    });
    return { id: subscription.id };
  });

describe("TopicSubscription", () => {
  test("default calls the alias with every message, and keeps what can't be handed over", async () => {
    const recording = await recordSubscription();

    expect(recording.one(type, "mail").inputs).toEqual({});
    expect([...recording.childrenOf(type, "mail")].sort()).toEqual([
      `${permission} mail-invoke`,
      `${subscription} mail`,
      `${queue} mail-dead-letters`,
    ]);
    expect(recording.one(permission, "mail-invoke").inputs).toEqual(
      invocationBy("mail", "sns.amazonaws.com", topicArn),
    );
    expect(parsed(recording.one(queue, "mail-dead-letters"), "policy")).toEqual(
      deadLettersFor("sns.amazonaws.com", topicArn),
    );
    expect(parsed(recording.one(subscription, "mail"), "redrivePolicy")).toEqual({
      topic: topicArn,
      protocol: "lambda",
      endpoint: aliasOf("mail"),
      redrivePolicy: {
        deadLetterTargetArn: "arn:aws:sqs:eu-central-1:123456789012:mail-dead-letters-1234567",
      },
    });
    expect(recording.one(subscription, "mail").dependencies).toContain(`${permission} mail-invoke`);
    expect(recording.outputs).toEqual({ id: "mail-1234567-id" });
  });

  test.each([undefined, "MessageAttributes", "MessageBody"] as const)(
    "custom filters by %s, and tells somebody",
    async (filterPolicyScope) => {
      const alarms = "arn:aws:sns:eu-central-1:123456789012:alarms";
      const recording = await recordSubscription({
        filterPolicy: { type: ["order", { prefix: "refund" }] },
        ...(filterPolicyScope && { filterPolicyScope }),
        alarmActions: [alarms],
      });
      expect(recording.one(subscription, "mail").inputs).toMatchObject({
        filterPolicy: '{"type":["order",{"prefix":"refund"}]}',
        filterPolicyScope: filterPolicyScope ?? "MessageAttributes",
      });
      expect(recording.one(alarm, "mail-dead-letters-alarm").inputs).toMatchObject({
        alarmDescription:
          "Messages of placed-1234567 did not reach mail-1234567: see in its permissions and concurrency why, and start a redrive",
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "mail-dead-letters-1234567" },
        threshold: 0,
        alarmActions: [alarms],
      });
    },
  );

  test("fails for a FIFO topic, and a filter that SNS refuses, with all of it", async () => {
    const failure = recordSubscription(
      { filterPolicy: { type: "order" } as never, filterPolicyScope: "Message" as never },
      true,
    );
    await expect(failure).rejects.toThrow(
      new Error(
        unusable(
          type,
          "mail",
          'filterPolicyScope is "Message": give one of MessageAttributes, MessageBody',
          'filterPolicy.type is "order": give a list of what it may be',
          "the topic is a FIFO topic, which delivers to queues alone: subscribe a queue",
        ),
      ),
    );
  });
});
