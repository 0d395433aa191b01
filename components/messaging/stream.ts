import * as kinesis from "@pulumi/aws/kinesis";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { environmentName, type Grant, keyStatements } from "../iam/grant";
import { arn, componentName, wholeNumber } from "../rules";

const type = "groundwork:messaging:Stream";

/** Arguments of {@link Stream}. */
export interface StreamArgs {
  /**
   * For how many hours records are kept, 24 to 8760. Within them they can be read again.
   * @default 24
   * @see https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
   */
  readonly retentionHours?: pulumi.Input<number>;
  /**
   * ARN of the KMS key that encrypts the records.
   * @default the account's key for Kinesis, `aws/kinesis`
   * @see https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * A data stream in Amazon Kinesis: encrypted, and grown by AWS with what is written to it. Kinesis
 * takes nothing but TLS.
 *
 * Children: `name` (the stream).
 *
 * @example
 * const clicks = new Stream("clicks");
 * new StreamSubscription("count", { stream: clicks, function: count });
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/introduction.html
 */
export class Stream extends pulumi.ComponentResource {
  /** The stream itself. */
  readonly stream: kinesis.Stream;
  /** The stream's ARN. */
  readonly arn: pulumi.Output<string>;
  /** The stream's name, which the Kinesis API takes. */
  readonly streamName: pulumi.Output<string>;

  private readonly environmentName: string;
  private readonly kmsKeyArn: pulumi.Input<string> | undefined;

  /** @throws {InvalidArgumentsError} for a number or a key outside what Kinesis takes */
  constructor(name: string, args: StreamArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);

    this.stream = new kinesis.Stream(
      name,
      {
        streamModeDetails: { streamMode: "ON_DEMAND" },
        retentionPeriod: checked.retentionHours,
        encryptionType: "KMS",
        kmsKeyId: checked.kmsKeyArn ?? "alias/aws/kinesis",
      },
      { parent: this },
    );

    this.arn = this.stream.arn;
    this.streamName = this.stream.name;
    this.environmentName = environmentName(name, "STREAM");
    this.kmsKeyArn = checked.kmsKeyArn;
    this.registerOutputs({ arn: this.arn, streamName: this.streamName });
  }

  /** What it takes to put records on the stream. Environment: `NAME_STREAM`, the stream's name. */
  grantPut(): Grant {
    return this.grant(["kinesis:PutRecord", "kinesis:PutRecords"], ["kms:GenerateDataKey"]);
  }

  /** What it takes to read the stream, as an event source does. Environment: `NAME_STREAM`. */
  grantStream(): Grant {
    return this.grant(
      [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
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
      environment: { [this.environmentName]: this.streamName },
    };
  }
}

function check(name: string, args: StreamArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<StreamArgs>(args, { retentionHours: true, kmsKeyArn: true });
  // Pulumi's 8 characters are added; Kinesis takes 128.
  check.input("name", name, componentName(120));
  const checked = {
    retentionHours: check.input(
      "retentionHours",
      args.retentionHours ?? 24,
      wholeNumber(24, 8_760, "hours"),
    ),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
  };
  check.throwIfAny();
  return checked;
}
