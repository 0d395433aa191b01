import * as aws from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { trueOrFalse } from "../rules";
import { checkFilterPolicy, type FilterPolicyArgs } from "./filter-policy";
import type { Queue } from "./queue";
import type { Topic } from "./topic";

const type = "groundwork:messaging:TopicDelivery";

/** Arguments of {@link TopicDelivery}. */
export interface TopicDeliveryArgs extends FilterPolicyArgs {
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
    const { filter, rawMessageDelivery } = check(name, args);
    super(type, name, {}, opts);

    this.subscription = new aws.TopicSubscription(
      name,
      {
        topic: args.topic.arn,
        protocol: "sqs",
        endpoint: args.queue.arn,
        rawMessageDelivery,
        ...filter,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: args.queue.deadLetterQueue.arn,
        }),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

function check(name: string, args: TopicDeliveryArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<TopicDeliveryArgs>(args, {
    topic: true,
    queue: true,
    rawMessageDelivery: true,
    filterPolicy: true,
    filterPolicyScope: true,
  });
  const filter = checkFilterPolicy(check, args);
  const rawMessageDelivery = check.input(
    "rawMessageDelivery",
    args.rawMessageDelivery ?? true,
    trueOrFalse,
  );
  check.shaped("topic", args.topic, ["arn", "source"], "a Topic");
  check.shaped("queue", args.queue, ["arn", "senders"], "a Queue");
  if (!args.queue.senders.includes(args.topic.source)) {
    check.problem("the queue does not let the topic in: give it senders: [topic.source]");
  }
  if (args.queue.fifo && !args.topic.fifo) {
    check.problem("the queue keeps an order that the topic does not: give the topic fifo: true");
  }
  check.throwIfAny();
  return { filter, rawMessageDelivery };
}
