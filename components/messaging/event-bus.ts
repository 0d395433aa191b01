import * as aws from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { environmentName, type Grant } from "../iam/grant";
import { arn, componentName, wholeNumber } from "../rules";

const type = "groundwork:messaging:EventBus";

/** Arguments of {@link EventBus}. */
export interface EventBusArgs {
  /**
   * ARN of the KMS key that encrypts the events and the archive. The key's policy has to let
   * EventBridge use it.
   * @default a key that AWS keeps for EventBridge
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * For how many days events are kept, so that they can be replayed: after a mistake in what
   * handles them, or to a new rule.
   * @default none are kept
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
   */
  readonly archiveRetentionDays?: pulumi.Input<number>;
  /**
   * ARNs of IAM principals of other accounts that may put events on the bus.
   * @default none, and the bus has no policy: within the account `grantPut()` is enough
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
   */
  readonly putPrincipals?: readonly pulumi.Input<string>[];
}

/**
 * An event bus of one's own in Amazon EventBridge, whose rules decide by an event's content who
 * gets it. It is encrypted, and EventBridge takes nothing but TLS.
 *
 * Children: `name` (the bus), and `name-archive` and `name-policy` where they are asked for.
 *
 * @example
 * const shop = new EventBus("shop", { archiveRetentionDays: 30 });
 * new LambdaFunction("checkout", { ..., grants: [shop.grantPut()] });
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html
 */
export class EventBus extends pulumi.ComponentResource {
  /** The bus itself. */
  readonly bus: aws.EventBus;
  /** The bus's name, which the EventBridge API takes. */
  readonly busName: pulumi.Output<string>;
  /** The bus's ARN. */
  readonly arn: pulumi.Output<string>;
  /** What keeps the events for a replay, where they are kept. */
  readonly archive: aws.EventArchive | undefined;

  private readonly environmentName: string;

  /** @throws {InvalidArgumentsError} for a number, key or principal that EventBridge refuses */
  constructor(name: string, args: EventBusArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.bus = new aws.EventBus(name, { kmsKeyIdentifier: checked.kmsKeyArn }, parent);
    if (checked.archiveRetentionDays !== undefined) {
      this.archive = new aws.EventArchive(
        `${name}-archive`,
        {
          eventSourceArn: this.bus.arn,
          retentionDays: checked.archiveRetentionDays,
          kmsKeyIdentifier: checked.kmsKeyArn,
        },
        parent,
      );
    }
    if (checked.putPrincipals.length > 0) {
      new aws.EventBusPolicy(
        `${name}-policy`,
        {
          eventBusName: this.bus.name,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "OthersPut",
                Effect: "Allow",
                Principal: { AWS: checked.putPrincipals },
                Action: "events:PutEvents",
                Resource: this.bus.arn,
              },
            ],
          }),
        },
        parent,
      );
    }

    this.busName = this.bus.name;
    this.arn = this.bus.arn;
    this.environmentName = environmentName(name, "EVENT_BUS");
    this.registerOutputs({ busName: this.busName, arn: this.arn });
  }

  /** What it takes to put events on the bus. Environment: `NAME_EVENT_BUS`, the bus's name. */
  grantPut(): Grant {
    return {
      // Who puts events needs no right to the key: EventBridge encrypts what it was given.
      statements: [{ actions: ["events:PutEvents"], resources: [this.arn] }],
      environment: { [this.environmentName]: this.busName },
    };
  }
}

function check(name: string, args: EventBusArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<EventBusArgs>(args, {
    kmsKeyArn: true,
    archiveRetentionDays: true,
    putPrincipals: true,
  });
  // "-archive" and Pulumi's 8 characters are added; EventBridge takes 48 for an archive.
  check.input("name", name, componentName(32));
  const checked = {
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    archiveRetentionDays: check.input(
      "archiveRetentionDays",
      args.archiveRetentionDays,
      wholeNumber(1, 36_500, "days"),
    ),
    putPrincipals: check
      .list("putPrincipals", args.putPrincipals)
      .map((principal, i) => check.required(`putPrincipals[${i}]`, principal, arn("iam"))),
  };
  check.throwIfAny();
  return checked;
}
