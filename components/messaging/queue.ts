import * as aws from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { environmentName, type Grant, keyStatements } from "../iam/grant";
import type { ServiceSource } from "../iam/service-source";
import { createAlarm } from "../monitoring/alarm";
import type { Health } from "../monitoring/health";
import { createDeadLettersAlarm, deadLetterRetentionSeconds, queuePolicy } from "./dead-letters";
import { checkArguments, type QueueArgs } from "./queue-args";
import { queueHealth } from "./queue-health";

const type = "groundwork:messaging:Queue";

/**
 * A queue in Amazon SQS with a dead-letter queue: encrypted, TLS only; what can't be handled is
 * kept for 14 days to be looked at.
 *
 * Children: `name` (the queue), `name-dead-letters`, and where there is somebody to tell
 * `name-dead-letters-alarm`, and `name-age-alarm` where an age is given.
 *
 * @example
 * const orders = new Queue("orders");
 * const ship = new LambdaFunction("ship", { code: "apps/ship", handler: "app.handler", runtime: "python3.13" });
 * new QueueSubscription("ship", { queue: orders, function: ship });
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html
 */
export class Queue extends pulumi.ComponentResource {
  /** The queue itself. */
  readonly queue: aws.Queue;
  /** Where messages go that were received `maxReceiveCount` times and never deleted. */
  readonly deadLetterQueue: aws.Queue;
  /** The queue's ARN. */
  readonly arn: pulumi.Output<string>;
  /** The queue's URL, which the SQS API takes. */
  readonly url: pulumi.Output<string>;
  /** For how long a received message is hidden from other consumers. */
  readonly visibilityTimeoutSeconds: pulumi.Output<number>;
  /** Whether it keeps the order of messages. */
  readonly fifo: boolean;
  /** What sends to it without a role. */
  readonly senders: readonly ServiceSource[];

  private readonly name: string;
  private readonly alarms: Health["alarms"];
  private readonly environmentName: string;
  private readonly kmsKeyArn: pulumi.Input<string> | undefined;

  /** @throws {InvalidArgumentsError} for a number or a key outside what SQS takes */
  constructor(name: string, args: QueueArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkArguments(type, name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    this.fifo = args.fifo ?? false;
    this.senders = checked.senders;
    const kind = {
      ...(checked.kmsKeyArn === undefined
        ? { sqsManagedSseEnabled: true }
        : { kmsMasterKeyId: checked.kmsKeyArn }),
      policy: queuePolicy(this.senders),
      ...(this.fifo && { fifoQueue: true }),
    };

    this.deadLetterQueue = new aws.Queue(
      `${name}-dead-letters`,
      { messageRetentionSeconds: deadLetterRetentionSeconds, ...kind },
      parent,
    );
    this.queue = new aws.Queue(
      name,
      {
        visibilityTimeoutSeconds: checked.visibilityTimeoutSeconds,
        messageRetentionSeconds: checked.messageRetentionSeconds,
        delaySeconds: checked.delaySeconds,
        // Long polling: fewer empty answers, less latency, less cost than the default of 0.
        receiveWaitTimeSeconds: 20,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetterQueue.arn,
          maxReceiveCount: checked.maxReceiveCount,
        }),
        ...kind,
        ...(this.fifo && fifoSettings(checked.contentBasedDeduplication, args.highThroughput)),
      },
      parent,
    );
    const alarms = createDeadLettersAlarm(
      name,
      this.deadLetterQueue,
      pulumi.interpolate`Messages of ${this.queue.name} could not be handled: look at them in ${this.deadLetterQueue.name}, mend the cause, and start a redrive`,
      checked.alarmActions,
      parent,
    ).map((alarm) => alarm.arn);
    if (checked.maxMessageAgeSeconds !== undefined) {
      const alarm = createAlarm(
        `${name}-age-alarm`,
        {
          description: pulumi.interpolate`Messages of ${this.queue.name} wait for longer than ${checked.maxMessageAgeSeconds} seconds: see whether its consumers run and keep up`,
          namespace: "AWS/SQS",
          metricName: "ApproximateAgeOfOldestMessage",
          dimensions: { QueueName: this.queue.name },
          statistic: "Maximum",
          threshold: checked.maxMessageAgeSeconds,
          actions: checked.alarmActions,
        },
        parent,
      );
      alarms.push(alarm.arn);
    }

    this.arn = this.queue.arn;
    this.url = this.queue.url;
    this.visibilityTimeoutSeconds = pulumi.output(checked.visibilityTimeoutSeconds);
    this.name = name;
    this.alarms = alarms;
    this.environmentName = environmentName(name, "QUEUE_URL");
    this.kmsKeyArn = checked.kmsKeyArn;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }

  /** What it takes to send messages. Environment: `NAME_QUEUE_URL`. */
  grantSend(): Grant {
    return this.grant(["sqs:SendMessage"], ["kms:Decrypt", "kms:GenerateDataKey"]);
  }

  /** What it takes to receive messages and delete them. Environment: `NAME_QUEUE_URL`. */
  grantConsume(): Grant {
    return this.grant(
      [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
      ],
      ["kms:Decrypt"],
    );
  }

  /** How the queue and its dead letters are, for a {@link Dashboard}. */
  health(): Health {
    return queueHealth(this.name, this.queue.name, this.deadLetterQueue.name, this.alarms);
  }

  private grant(actions: readonly string[], keyActions: readonly string[]): Grant {
    return {
      statements: [
        { actions, resources: [this.arn] },
        ...keyStatements(this.kmsKeyArn, keyActions),
      ],
      environment: { [this.environmentName]: this.url },
    };
  }
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html */
function fifoSettings(
  contentBasedDeduplication: pulumi.Input<boolean>,
  highThroughput: boolean | undefined,
) {
  return {
    contentBasedDeduplication,
    deduplicationScope: highThroughput ? "messageGroup" : "queue",
    fifoThroughputLimit: highThroughput ? "perMessageGroupId" : "perQueue",
  };
}
