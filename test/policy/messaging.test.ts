import { EventRule } from "../../components/lambda/event-rule";
import { Schedule } from "../../components/lambda/schedule";
import { StreamSubscription } from "../../components/lambda/stream-subscription";
import { TopicSubscription } from "../../components/lambda/topic-subscription";
import { EventBus } from "../../components/messaging/event-bus";
import { Queue } from "../../components/messaging/queue";
import { Stream } from "../../components/messaging/stream";
import { Topic } from "../../components/messaging/topic";
import { messagingRules } from "../../policy/messaging";
import { later } from "../../policy/values";
import { functionNamed } from "../support/functions";
import { tlsOnly } from "../support/policies";
import { changed, findings, made, resource, testRules, without } from "./support";

const queue = "aws:sqs/queue:Queue";
const orders = [queue, "orders"] as const;
const letters = [queue, "orders-dead-letters"] as const;
const noTls =
  'its policy does not deny requests without TLS: deny "sqs:*" to everybody where aws:SecureTransport is "false", as tlsOnlyPolicy() in components/iam/grant.ts does';
const noDeadLetters =
  "redrivePolicy is not set, and nothing has it as its dead-letter queue: give a deadLetterTargetArn and a maxReceiveCount";

const toEverybody = (Action: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action, Resource: "*" }] });

function shop(): void {
  new Queue("orders");
  new EventBus("shop", { putPrincipals: ["arn:aws:iam::210987654321:root"] });
}

testRules(messagingRules, shop, [
  [
    "a queue is not encrypted",
    (all) => changed(all, orders, "sqsManagedSseEnabled", false),
    "sqs-encryption orders: it is not encrypted: give sqsManagedSseEnabled: true, or the ARN of a key in kmsMasterKeyId",
  ],
  [
    "a queue has no policy",
    (all) => changed(all, letters, "policy", undefined),
    `sqs-tls-only orders-dead-letters: ${noTls}`,
  ],
  [
    "a queue's policy refuses other things alone",
    (all) =>
      changed(all, orders, "policy", JSON.stringify(tlsOnly("sqs:*")).replace('"false"', '"true"')),
    `sqs-tls-only orders: ${noTls}`,
  ],
  [
    "a queue has no dead-letter queue",
    (all) => changed(all, orders, "redrivePolicy", undefined),
    `sqs-dead-letters orders-dead-letters: ${noDeadLetters}`,
    `sqs-dead-letters orders: ${noDeadLetters}`,
  ],
  [
    "a queue is open to everybody",
    (all) => changed(all, letters, "policy", toEverybody("sqs:SendMessage")),
    `sqs-tls-only orders-dead-letters: ${noTls}`,
    'sqs-no-public-access orders-dead-letters: policy allows everybody ("*") sqs:SendMessage: name services, accounts or roles',
  ],
  [
    "an event bus is open to everybody",
    (all) =>
      changed(
        all,
        ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "shop-policy"],
        "policy",
        toEverybody("events:PutEvents"),
      ),
    'events-no-public-access shop-policy: policy allows everybody ("*") events:PutEvents: name services, accounts or roles',
  ],
]);

test("a queue may keep what others than queues could not hand over", async () => {
  const all = await made(() => {
    const called = functionNamed("ship");
    new TopicSubscription("by-topic", { topic: new Topic("orders"), function: called });
    new EventRule("by-rule", { pattern: { source: ["shop"] }, function: called });
    new Schedule("in-time", { scheduleExpression: "rate(1 day)", function: called });
    new StreamSubscription("by-stream", { stream: new Stream("clicks"), function: called });
  });
  expect(findings(messagingRules, all)).toEqual([]);
  const senders = [
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:scheduler/schedule:Schedule",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
  ];
  const lonely = senders.reduce(without, all);
  expect([...findings(messagingRules, lonely)].sort()).toEqual([
    `sqs-dead-letters by-rule-dead-letters: ${noDeadLetters}`,
    `sqs-dead-letters by-stream-dead-letters: ${noDeadLetters}`,
    `sqs-dead-letters by-topic-dead-letters: ${noDeadLetters}`,
    `sqs-dead-letters in-time-dead-letters: ${noDeadLetters}`,
  ]);
});

test("a policy may stand beside the queue", async () => {
  const all = changed(await made(() => new Queue("orders")), orders, "policy", undefined);
  const policy = resource("aws:sqs/queuePolicy:QueuePolicy", "orders", {
    queueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-1234567",
    policy: JSON.stringify(tlsOnly("sqs:*", "*")),
  });
  expect(findings(messagingRules, [...all, policy])).toEqual([]);
});

test("a preview finds the dead-letter queue by where its ARN comes from", () => {
  const policy = JSON.stringify(tlsOnly("sqs:*", "*"));
  const given = { sqsManagedSseEnabled: true, policy, arn: later, url: later };
  const target = resource(queue, "orders-dead-letters", given);
  const source = {
    ...resource(queue, "orders", { ...given, redrivePolicy: later }),
    sources: { redrivePolicy: [target.urn] },
  };
  expect(findings(messagingRules, [target, source])).toEqual([]);
});
