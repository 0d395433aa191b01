import * as aws from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { environmentName, type Grant, keyStatements, tlsOnlyPolicy } from "../iam/grant";
import { checkAlarmActions, createAlarm } from "../monitoring/alarm";
import { arn, componentName, wholeNumber } from "../rules";

const type = "groundwork:messaging:Queue";

/** Arguments of {@link Queue}. */
export interface QueueArgs {
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
   * ARN of the KMS key that encrypts the messages.
   * @default encryption with a key that SQS keeps (SSE-SQS)
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * ARNs of what is told when something lies in the dead-letter queue, and when nothing does any
   * more: best an {@link AlarmTopic}'s.
   * @default none, and no alarm is made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * A queue in Amazon SQS with a dead-letter queue: encrypted, TLS only; what can't be handled is
 * kept for 14 days to be looked at.
 *
 * Children: `name` (the queue), `name-dead-letters`, and `name-dead-letters-alarm` where there is
 * somebody to tell.
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

  private readonly environmentName: string;
  private readonly kmsKeyArn: pulumi.Input<string> | undefined;

  /** @throws {InvalidArgumentsError} for a number or a key outside what SQS takes */
  constructor(name: string, args: QueueArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const protection = {
      ...(checked.kmsKeyArn === undefined
        ? { sqsManagedSseEnabled: true }
        : { kmsMasterKeyId: checked.kmsKeyArn }),
      // In the queue itself, not beside it: no moment passes without it. There its resource can
      // only be "*", which in a queue's own policy means the queue.
      policy: tlsOnlyPolicy("sqs:*", ["*"]),
    };

    this.deadLetterQueue = new aws.Queue(
      `${name}-dead-letters`,
      { messageRetentionSeconds: 1_209_600, ...protection },
      parent,
    );
    this.queue = new aws.Queue(
      name,
      {
        visibilityTimeoutSeconds: checked.visibilityTimeoutSeconds,
        messageRetentionSeconds: checked.messageRetentionSeconds,
        // Long polling: fewer empty answers, less latency, less cost than the default of 0.
        receiveWaitTimeSeconds: 20,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetterQueue.arn,
          maxReceiveCount: checked.maxReceiveCount,
        }),
        ...protection,
      },
      parent,
    );
    if (checked.alarmActions.length > 0) {
      createAlarm(
        `${name}-dead-letters-alarm`,
        {
          description: pulumi.interpolate`Messages of ${this.queue.name} could not be handled: look at them in ${this.deadLetterQueue.name}, mend the cause, and start a redrive`,
          namespace: "AWS/SQS",
          metricName: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: this.deadLetterQueue.name },
          statistic: "Maximum",
          threshold: 0,
          actions: checked.alarmActions,
        },
        parent,
      );
    }

    this.arn = this.queue.arn;
    this.url = this.queue.url;
    this.visibilityTimeoutSeconds = pulumi.output(checked.visibilityTimeoutSeconds);
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

function check(name: string, args: QueueArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<QueueArgs>(args, {
    visibilityTimeoutSeconds: true,
    messageRetentionSeconds: true,
    maxReceiveCount: true,
    kmsKeyArn: true,
    alarmActions: true,
  });
  // "-dead-letters" and Pulumi's 8 characters are added; SQS takes 80.
  check.input("name", name, componentName(59));
  const checked = {
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
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  check.throwIfAny();
  return checked;
}
