import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { tlsOnlyPolicy } from "../iam/grant";
import { componentName, emailAddress } from "../rules";

const type = "groundwork:monitoring:AlarmTopic";

/** Arguments of {@link AlarmTopic}. */
export interface AlarmTopicArgs {
  /**
   * The e-mail address that hears of every alarm. AWS first asks there whether it wants to:
   * nothing arrives before somebody follows the link in that message.
   * @default nobody: subscribe to the topic by its ARN, for instance from a pager
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
   */
  readonly email?: pulumi.Input<string>;
}

/**
 * Where alarms go: an SNS topic that CloudWatch may publish to, and nobody else outside the account.
 * It is encrypted with a key of its own, since CloudWatch can't use the one that AWS keeps for SNS.
 *
 * Children: `name` (the topic), `name-key`, `name-policy`, and `name-email` where there is one.
 *
 * @example
 * const alarms = new AlarmTopic("alarms", { email: "on-call@example.com" });
 * new Queue("orders", { alarmActions: [alarms.arn] });
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export class AlarmTopic extends pulumi.ComponentResource {
  /** The topic itself. */
  readonly topic: sns.Topic;
  /** The topic's ARN, for `alarmActions`. */
  readonly arn: pulumi.Output<string>;

  /** @throws {InvalidArgumentsError} for what is no e-mail address */
  constructor(name: string, args: AlarmTopicArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const account = getCallerIdentityOutput({}, parent).accountId;

    const key = new kms.Key(
      `${name}-key`,
      {
        description: "Encrypts alarms on their way",
        enableKeyRotation: true,
        policy: keyPolicy(account),
      },
      parent,
    );
    this.topic = new sns.Topic(name, { kmsMasterKeyId: key.arn }, parent);
    const policy = new sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: this.topic.arn,
        policy: tlsOnlyPolicy(
          "sns:Publish",
          [this.topic.arn],
          [alarmsPublish(this.topic.arn, account)],
        ),
      },
      parent,
    );
    if (checked.email !== undefined) {
      new sns.TopicSubscription(
        `${name}-email`,
        { topic: this.topic.arn, protocol: "email", endpoint: checked.email },
        parent,
      );
    }

    // Whoever publishes may do so from the moment it knows the topic.
    this.arn = policy.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Who publishes alarms. */
const cloudWatch = { Service: "cloudwatch.amazonaws.com" };

const alarmsPublish = (topic: pulumi.Input<string>, account: pulumi.Input<string>) => ({
  Sid: "AlarmsPublish",
  Effect: "Allow",
  Principal: cloudWatch,
  Action: "sns:Publish",
  Resource: topic,
  Condition: ownAlarms(account),
});

/** Only alarms of the same account: the service acts for every one of its customers. */
const ownAlarms = (account: pulumi.Input<string>) => ({
  StringEquals: { "aws:SourceAccount": account },
});

/**
 * The account decides by IAM who uses the key; CloudWatch may encrypt what it publishes.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
function keyPolicy(account: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountDecides",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "AlarmsEncrypt",
        Effect: "Allow",
        Principal: cloudWatch,
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: ownAlarms(account),
      },
    ],
  });
}

function check(name: string, args: AlarmTopicArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<AlarmTopicArgs>(args, { email: true });
  // Pulumi's 8 characters are added; SNS takes 256.
  check.input("name", name, componentName(248));
  const checked = { email: check.input("email", args.email, emailAddress) };
  check.throwIfAny();
  return checked;
}
