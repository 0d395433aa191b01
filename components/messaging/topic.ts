import * as aws from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { environmentName, type Grant, keyStatements, tlsOnlyPolicy } from "../iam/grant";
import { allowSources, checkSources, type ServiceSource } from "../iam/service-source";
import { checkAlarmActions, createAlarm } from "../monitoring/alarm";
import { arn, componentName, trueOrFalse } from "../rules";

const type = "groundwork:messaging:Topic";

/** Arguments of {@link Topic}. */
export interface TopicArgs {
  /**
   * Whether subscribers get the messages of a group in their order, and each one once. Such a topic
   * delivers to queues alone.
   * @default false
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
   */
  readonly fifo?: boolean;
  /**
   * Whether messages of the same text are the same message. Needs `fifo`.
   * @default false: publishers say by an id which messages are the same
   * @see https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html
   */
  readonly contentBasedDeduplication?: pulumi.Input<boolean>;
  /**
   * ARN of the KMS key that encrypts the messages. The key's policy has to let the services among
   * `publishers` use it.
   * @default the account's key for SNS, `aws/sns`
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * What publishes without a role, such as a rule of EventBridge. Needs `kmsKeyArn`: services can't
   * use the account's key for SNS.
   * @default none: whoever publishes has `grantPublish()`
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
   */
  readonly publishers?: readonly ServiceSource[];
  /**
   * ARNs of what is told when a subscriber could not be reached, and when all can be again: best an
   * {@link AlarmTopic}'s.
   * @default none, and no alarm is made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * A topic in Amazon SNS, which gives each message to all its subscribers: encrypted, TLS only.
 *
 * Children: `name` (the topic), `name-policy`, and `name-failures-alarm` where there is somebody to
 * tell.
 *
 * @example
 * const placed = new Topic("order-placed");
 * const shipping = new Queue("shipping", { senders: [placed.source] });
 * new TopicDelivery("shipping", { topic: placed, queue: shipping });
 * new LambdaFunction("shop", { ..., grants: [placed.grantPublish()] });
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/welcome.html
 */
export class Topic extends pulumi.ComponentResource {
  /** The topic itself. */
  readonly topic: aws.Topic;
  /** The topic's ARN, which the SNS API takes. */
  readonly arn: pulumi.Output<string>;
  /** What a queue lets in to be sent the topic's messages, for `QueueArgs.senders`. */
  readonly source: ServiceSource;
  /** Whether it keeps the order of messages. */
  readonly fifo: boolean;

  private readonly environmentName: string;
  private readonly kmsKeyArn: pulumi.Input<string> | undefined;

  /** @throws {InvalidArgumentsError} for a key that is none, and for arguments that need another */
  constructor(name: string, args: TopicArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.fifo = args.fifo ?? false;
    this.topic = new aws.Topic(
      name,
      {
        kmsMasterKeyId: checked.kmsKeyArn ?? "alias/aws/sns",
        ...(this.fifo && {
          fifoTopic: true,
          contentBasedDeduplication: checked.contentBasedDeduplication,
        }),
      },
      parent,
    );
    const { arn } = this.topic;
    const policy = new aws.TopicPolicy(
      `${name}-policy`,
      {
        arn,
        policy: tlsOnlyPolicy(
          "sns:Publish",
          [arn],
          allowSources("sns:Publish", arn, checked.publishers),
        ),
      },
      parent,
    );
    if (checked.alarmActions.length > 0) {
      createAlarm(
        `${name}-failures-alarm`,
        {
          description: pulumi.interpolate`Messages of ${this.topic.name} did not reach a subscriber: see whether it is there and lets the topic in`,
          namespace: "AWS/SNS",
          metricName: "NumberOfNotificationsFailed",
          dimensions: { TopicName: this.topic.name },
          statistic: "Sum",
          threshold: 0,
          actions: checked.alarmActions,
        },
        parent,
      );
    }

    // Nobody knows the topic before it refuses what does not come over TLS.
    this.arn = policy.arn;
    this.source = { service: "sns.amazonaws.com", arn: this.arn };
    this.environmentName = environmentName(name, "TOPIC_ARN");
    this.kmsKeyArn = checked.kmsKeyArn;
    this.registerOutputs({ arn: this.arn });
  }

  /** What it takes to publish messages. Environment: `NAME_TOPIC_ARN`. */
  grantPublish(): Grant {
    return {
      statements: [
        { actions: ["sns:Publish"], resources: [this.arn] },
        ...keyStatements(this.kmsKeyArn, ["kms:Decrypt", "kms:GenerateDataKey"]),
      ],
      environment: { [this.environmentName]: this.arn },
    };
  }
}

function check(name: string, args: TopicArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<TopicArgs>(args, {
    fifo: true,
    contentBasedDeduplication: true,
    kmsKeyArn: true,
    publishers: true,
    alarmActions: true,
  });
  // "-failures-alarm" and Pulumi's 8 characters are added; CloudWatch takes 255.
  check.input("name", name, componentName(232));
  if (args.contentBasedDeduplication !== undefined && !args.fifo) {
    check.problem(
      "contentBasedDeduplication is given, and the topic has no order: give fifo: true",
    );
  }
  if (args.publishers?.length && args.kmsKeyArn === undefined) {
    check.problem(
      "publishers are given, and services can't use the account's key for SNS: " +
        "give in kmsKeyArn a key whose policy lets them",
    );
  }
  check.plain("fifo", args.fifo ?? false, trueOrFalse);
  const checked = {
    contentBasedDeduplication: check.input(
      "contentBasedDeduplication",
      args.contentBasedDeduplication ?? false,
      trueOrFalse,
    ),
    publishers: checkSources(check, "publishers", args.publishers),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  check.throwIfAny();
  return checked;
}
