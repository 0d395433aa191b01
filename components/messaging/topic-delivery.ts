import * as aws from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { oneOf } from "../rules";
import type { Queue } from "./queue";
import type { Topic } from "./topic";

const type = "groundwork:messaging:TopicDelivery";

/** Arguments of {@link TopicDelivery}. */
export interface TopicDeliveryArgs {
  /** Where the messages come from. */
  readonly topic: Topic;
  /** Where they go. It has the topic's `source` among its `senders`. */
  readonly queue: Queue;
  /**
   * Whether the queue gets the message as it was published, without the envelope of SNS.
   * @default true
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
   */
  readonly rawMessageDelivery?: pulumi.Input<boolean>;
  /**
   * Which messages are delivered, by attributes and what these may be.
   * @default all of them
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
   */
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  /**
   * Whether `filterPolicy` looks at the message's attributes, or at the message, which then is JSON.
   * @default "MessageAttributes"
   */
  readonly filterPolicyScope?: "MessageAttributes" | "MessageBody";
}

/**
 * Puts the messages of a topic into a queue. What can't be delivered goes to the queue's dead-letter
 * queue.
 *
 * Children: `name` (the subscription).
 *
 * @example
 * const shipping = new Queue("shipping", { senders: [placed.source] });
 * new TopicDelivery("shipping", {
 *   topic: placed,
 *   queue: shipping,
 *   filterPolicy: { country: ["DE", "AT"] },
 * });
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 */
export class TopicDelivery extends pulumi.ComponentResource {
  /** The subscription itself. */
  readonly subscription: aws.TopicSubscription;

  /** @throws {InvalidArgumentsError} for a queue that the topic can't or may not deliver to */
  constructor(name: string, args: TopicDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    check(name, args);
    super(type, name, {}, opts);

    this.subscription = new aws.TopicSubscription(
      name,
      {
        topic: args.topic.arn,
        protocol: "sqs",
        endpoint: args.queue.arn,
        rawMessageDelivery: args.rawMessageDelivery ?? true,
        ...(args.filterPolicy !== undefined && {
          filterPolicy: pulumi.jsonStringify(args.filterPolicy),
          filterPolicyScope: args.filterPolicyScope ?? "MessageAttributes",
        }),
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: args.queue.deadLetterQueue.arn,
        }),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

function check(name: string, args: TopicDeliveryArgs): void {
  const check = new ArgumentCheck(type, name);
  check.known<TopicDeliveryArgs>(args, {
    topic: true,
    queue: true,
    rawMessageDelivery: true,
    filterPolicy: true,
    filterPolicyScope: true,
  });
  check.input(
    "filterPolicyScope",
    args.filterPolicyScope,
    oneOf("MessageAttributes", "MessageBody"),
  );
  if (args.filterPolicyScope !== undefined && args.filterPolicy === undefined) {
    check.problem("filterPolicyScope is given without a filterPolicy: give that too");
  }
  if (!args.queue.senders.includes(args.topic.source)) {
    check.problem("the queue does not let the topic in: give it senders: [topic.source]");
  }
  if (args.queue.fifo && !args.topic.fifo) {
    check.problem("the queue keeps an order that the topic does not: give the topic fifo: true");
  }
  check.throwIfAny();
}
