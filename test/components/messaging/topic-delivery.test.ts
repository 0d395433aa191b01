import { Queue } from "../../../components/messaging/queue";
import { Topic } from "../../../components/messaging/topic";
import { TopicDelivery } from "../../../components/messaging/topic-delivery";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { refusal, unusable } from "../../support/refusals";

const type = "groundwork:messaging:TopicDelivery";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const sqs = "arn:aws:sqs:eu-central-1:123456789012";

describe("TopicDelivery", () => {
  test("default puts messages into the queue as they were published, or into its dead-letter queue", async () => {
    const recording = await record(() => {
      const topic = new Topic("placed");
      const queue = new Queue("orders", { senders: [topic.source] });
      new TopicDelivery("orders", { topic, queue });
    });
    expect(recording.childrenOf(type, "orders")).toEqual([`${subscription} orders`]);
    expect(parsed(recording.one(subscription, "orders"), "redrivePolicy")).toEqual({
      topic: "arn:aws:sns:eu-central-1:123456789012:placed-1234567",
      protocol: "sqs",
      endpoint: `${sqs}:orders-1234567`,
      rawMessageDelivery: true,
      redrivePolicy: { deadLetterTargetArn: `${sqs}:orders-dead-letters-1234567` },
    });
  });

  test("custom delivers some of the messages, in the envelope of SNS", async () => {
    const recording = await record(() => {
      const topic = new Topic("placed", { fifo: true });
      const queue = new Queue("orders", { fifo: true, senders: [topic.source] });
      new TopicDelivery("orders", {
        topic,
        queue,
        rawMessageDelivery: false,
        filterPolicy: { country: ["DE"] },
        filterPolicyScope: "MessageBody",
      });
    });
    const { inputs } = recording.one(subscription, "orders");
    expect(inputs).toMatchObject({
      topic: "arn:aws:sns:eu-central-1:123456789012:placed-1234567.fifo",
      endpoint: `${sqs}:orders-1234567.fifo`,
      rawMessageDelivery: false,
      filterPolicy: '{"country":["DE"]}',
      filterPolicyScope: "MessageBody",
    });
  });

  test("looks at attributes where nothing else is said", async () => {
    const recording = await record(() => {
      const topic = new Topic("placed");
      const queue = new Queue("orders", { senders: [topic.source] });
      new TopicDelivery("orders", { topic, queue, filterPolicy: { country: ["DE"] } });
    });
    const { inputs } = recording.one(subscription, "orders");
    expect(inputs["filterPolicyScope"]).toBe("MessageAttributes");
  });

  test("fails when the topic may not or can't deliver to the queue", async () => {
    const refused = await refusal(() => {
      const topic = new Topic("placed");
      const queue = new Queue("orders", { fifo: true });
      new TopicDelivery("orders", { topic, queue, filterPolicyScope: "MessageBody" });
    });
    expect(refused.message).toBe(
      unusable(
        type,
        "orders",
        "filterPolicyScope is given without a filterPolicy: give that too",
        "the queue does not let the topic in: give it senders: [topic.source]",
        "the queue keeps an order that the topic does not: give the topic fifo: true",
      ),
    );
    expect(refused.resources.map(({ type }) => type)).not.toContain(subscription);
  });

  test("fails when another topic is let in, and for a scope that is none", async () => {
    const { message } = await refusal(() => {
      const queue = new Queue("orders", { senders: [new Topic("other").source] });
      new TopicDelivery("orders", {
        topic: new Topic("placed"),
        queue,
        filterPolicy: { country: ["DE"] },
        filterPolicyScope: "Body" as "MessageBody",
      });
    });
    expect(message).toBe(
      unusable(
        type,
        "orders",
        'filterPolicyScope is "Body": give one of MessageAttributes, MessageBody',
        "the queue does not let the topic in: give it senders: [topic.source]",
      ),
    );
  });
});
