import { attached } from "./attached";
import { isTlsOnly, openToAll } from "./documents";
import type { Rule, StackResource } from "./rule";
import { at, isOrMayBe, isThere, json } from "./values";

const types = ["aws:sqs/queue:Queue"];

const queuePolicies = {
  types: ["aws:sqs/queuePolicy:QueuePolicy"],
  property: "queueUrl",
  keys: ["url", "id"],
};
const redrivePolicies = { ...queuePolicies, types: ["aws:sqs/redrivePolicy:RedrivePolicy"] };

/** Rules for queues and event buses. */
export const messagingRules: readonly Rule[] = [
  {
    name: "sqs-encryption",
    description: "Messages lie on disk until they are read",
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
    types,
    check: ({ props }) => {
      const managed = isOrMayBe(at(props, "sqsManagedSseEnabled"), true);
      if (managed || isThere(at(props, "kmsMasterKeyId"))) return [];
      return [
        "it is not encrypted: give sqsManagedSseEnabled: true, or the ARN of a key in kmsMasterKeyId",
      ];
    },
  },
  {
    name: "sqs-tls-only",
    description: "Without TLS anybody on the way reads the messages and the credentials' signature",
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    types,
    checkAmong: (queue, all) => {
      const beside = attached(queue, queuePolicies, all).map(({ props }) => at(props, "policy"));
      if ([at(queue.props, "policy"), ...beside].some((policy) => isTlsOnly(policy, "sqs"))) {
        return [];
      }
      return [
        'its policy does not deny requests without TLS: deny "sqs:*" to everybody where ' +
          'aws:SecureTransport is "false", as tlsOnlyPolicy() in components/iam/grant.ts does',
      ];
    },
  },
  {
    name: "sqs-dead-letters",
    description:
      "A message that can't be handled comes back again and again, until it expires unseen",
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    types,
    checkAmong: (queue, all) => {
      const redrives = attached(queue, redrivePolicies, all);
      if (isThere(at(queue.props, "redrivePolicy")) || redrives.length > 0) return [];
      // Where dead letters end is no place to take them away from.
      if (all.some((other) => sendsDeadLettersTo(queue, other))) return [];
      return [
        "redrivePolicy is not set, and nothing has it as its dead-letter queue: " +
          "give a deadLetterTargetArn and a maxReceiveCount",
      ];
    },
  },
  {
    name: "sqs-no-public-access",
    description: "A policy that allows everybody lets any AWS account send or receive",
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    types: [...types, ...queuePolicies.types],
    check: ({ props }) => openToAll(at(props, "policy")),
  },
  {
    name: "events-no-public-access",
    description: "A policy that allows everybody lets any AWS account put events on the bus",
    url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html",
    types: ["aws:cloudwatch/eventBusPolicy:EventBusPolicy"],
    check: ({ props }) => openToAll(at(props, "policy")),
  },
];

/** Where else than a queue or a topic, which have a redrive policy, dead letters come from. */
const deadLetters: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudwatch/eventTarget:EventTarget": ["deadLetterConfig", "arn"],
  "aws:scheduler/schedule:Schedule": ["target", "deadLetterConfig", "arn"],
  "aws:lambda/eventSourceMapping:EventSourceMapping": [
    "destinationConfig",
    "onFailure",
    "destinationArn",
  ],
};

function sendsDeadLettersTo(
  queue: StackResource,
  { type, props, sources }: StackResource,
): boolean {
  const path = deadLetters[type] ?? ["redrivePolicy", "deadLetterTargetArn"];
  const [property = "", ...rest] = path;
  if (sources[property]?.includes(queue.urn)) return true;
  const target = at(json(at(props, property)), ...rest);
  return typeof target === "string" && target === at(queue.props, "arn");
}
