import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { checkSources, type ServiceSource } from "../iam/service-source";
import { checkAlarmActions } from "../monitoring/alarm";
import { arn, componentName, trueOrFalse, wholeNumber } from "../rules";

/** Arguments of {@link Queue}. */
export interface QueueArgs {
  /**
   * Whether messages of a group are received in their order, and each one once.
   * @default false: nearly in their order, and now and then one twice
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html
   */
  readonly fifo?: boolean;
  /**
   * Whether messages of the same text within five minutes are the same message. Needs `fifo`.
   * @default false: senders say by an id which messages are the same
   */
  readonly contentBasedDeduplication?: pulumi.Input<boolean>;
  /**
   * Whether each message group has a throughput of its own, in which alone the same messages are
   * looked for. Needs `fifo`.
   * @default false: 300 calls a second for the whole queue
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
   */
  readonly highThroughput?: boolean;
  /**
   * For how long a new message is hidden from all consumers, 0 to 900 seconds.
   * @default 0
   */
  readonly delaySeconds?: pulumi.Input<number>;
  /**
   * For how long a received message is hidden from other consumers. With a function as consumer at
   * least six times the function's timeout.
   * @default 180, which suits a function with the default timeout of 30 seconds
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  readonly visibilityTimeoutSeconds?: pulumi.Input<number>;
  /**
   * For how long an unread message is kept, 60 to 1209600 seconds.
   * @default 345600 (4 days)
   */
  readonly messageRetentionSeconds?: pulumi.Input<number>;
  /**
   * How often a message is received before it goes to the dead-letter queue.
   * @default 5
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  readonly maxReceiveCount?: pulumi.Input<number>;
  /**
   * What sends without a role, such as a topic or a rule of EventBridge. It may send to the
   * dead-letter queue as well, what it can't deliver.
   * @default none: whoever sends has `grantSend()`
   */
  readonly senders?: readonly ServiceSource[];
  /**
   * ARN of the KMS key that encrypts the messages. The key's policy has to let the services among
   * `senders` use it.
   * @default encryption with a key that SQS keeps (SSE-SQS)
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * How old a message may get before `alarmActions` are told that consumers don't keep up; less than
   * `messageRetentionSeconds`, after which it is gone.
   * @default no such alarm
   */
  readonly maxMessageAgeSeconds?: pulumi.Input<number>;
  /**
   * ARNs of what is told when something lies in the dead-letter queue or is too old, and when
   * nothing is any more: best an {@link AlarmTopic}'s.
   * @default none, and no alarm is made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * Checks the arguments of a queue.
 * @returns those to use from here on
 */
export function checkArguments(type: string, name: string, args: QueueArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<QueueArgs>(args, {
    fifo: true,
    contentBasedDeduplication: true,
    highThroughput: true,
    delaySeconds: true,
    visibilityTimeoutSeconds: true,
    messageRetentionSeconds: true,
    maxReceiveCount: true,
    senders: true,
    kmsKeyArn: true,
    maxMessageAgeSeconds: true,
    alarmActions: true,
  });
  // "-dead-letters", Pulumi's 8 characters and ".fifo" are added; SQS takes 80.
  check.input("name", name, componentName(args.fifo ? 54 : 59));
  check.plain("fifo", args.fifo ?? false, trueOrFalse);
  check.plain("highThroughput", args.highThroughput ?? false, trueOrFalse);
  for (const argument of ["contentBasedDeduplication", "highThroughput"] as const) {
    if (args[argument] !== undefined && !args.fifo) {
      check.problem(`${argument} is given, and the queue keeps no order: give fifo: true`);
    }
  }
  if (args.maxMessageAgeSeconds !== undefined && !args.alarmActions?.length) {
    check.problem("maxMessageAgeSeconds is given, and alarmActions tell nobody: give one");
  }
  const { maxMessageAgeSeconds: age, messageRetentionSeconds: kept = 345_600 } = args;
  if (typeof age === "number" && typeof kept === "number" && age >= kept) {
    check.problem(
      `maxMessageAgeSeconds is ${age}: give less than the ${kept} of messageRetentionSeconds, after which messages are gone`,
    );
  }
  const checked = {
    contentBasedDeduplication: check.input(
      "contentBasedDeduplication",
      args.contentBasedDeduplication ?? false,
      trueOrFalse,
    ),
    senders: checkSources(check, "senders", args.senders),
    delaySeconds: check.input("delaySeconds", args.delaySeconds, wholeNumber(0, 900, "seconds")),
    visibilityTimeoutSeconds: check.input(
      "visibilityTimeoutSeconds",
      args.visibilityTimeoutSeconds ?? 180,
      wholeNumber(0, 43_200, "seconds"),
    ),
    messageRetentionSeconds: check.input(
      "messageRetentionSeconds",
      args.messageRetentionSeconds ?? 345_600,
      wholeNumber(60, 1_209_600, "seconds"),
    ),
    maxReceiveCount: check.input(
      "maxReceiveCount",
      args.maxReceiveCount ?? 5,
      wholeNumber(1, 1_000, "times"),
    ),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    maxMessageAgeSeconds: check.input(
      "maxMessageAgeSeconds",
      args.maxMessageAgeSeconds,
      wholeNumber(1, 1_209_600, "seconds"),
    ),
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  check.throwIfAny();
  return checked;
}
