import * as aws from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { environmentName, type Grant, keyStatements, tlsOnlyPolicy } from "../iam/grant";
import { arn, matching, trueOrFalse, wholeNumber } from "../rules";

const type = "groundwork:data:Bucket";

/** Arguments of {@link Bucket}. */
export interface BucketArgs {
  /**
   * ARN of the KMS key that encrypts the objects.
   * @default AES-256 with keys that S3 keeps (SSE-S3)
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * For how many days an object that was overwritten or deleted can still be restored.
   * @default 30
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
   */
  readonly keepNoncurrentVersionsDays?: pulumi.Input<number>;
  /**
   * After how many days objects go; what they were can be restored as long as that of deleted ones.
   * @default never
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
   */
  readonly expireAfterDays?: pulumi.Input<number>;
  /**
   * Whether S3 tells EventBridge of each object that comes or goes, on the account's default bus.
   * @default false
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
   */
  readonly eventBridge?: boolean;
  /**
   * Whether destroying the stack deletes the bucket with everything in it.
   * @default false: a bucket that still holds objects is not deleted
   */
  readonly forceDestroy?: pulumi.Input<boolean>;
}

/**
 * A private bucket in Amazon S3: encrypted, versioned, TLS only, no public access, no ACLs.
 *
 * Children: `name` (the bucket), `name-public-access`, `name-ownership`, `name-encryption`,
 * `name-versioning`, `name-lifecycle` and `name-policy`, and `name-events` where EventBridge is told.
 *
 * @example
 * const archive = new Bucket("archive");
 * new LambdaFunction("ship", { ..., grants: [archive.grantPut()] });
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export class Bucket extends pulumi.ComponentResource {
  /** The bucket itself. */
  readonly bucket: aws.Bucket;
  /** The bucket's name, which the S3 API takes. */
  readonly bucketName: pulumi.Output<string>;
  /** The bucket's ARN. */
  readonly arn: pulumi.Output<string>;
  /** That old versions are kept, without which there is no replication. */
  readonly versioning: aws.BucketVersioning;
  /** ARN of the KMS key that encrypts the objects, where it has one of its own. */
  readonly kmsKeyArn: pulumi.Input<string> | undefined;

  /** Whether S3 tells EventBridge of its objects. */
  readonly eventBridge: boolean;

  private readonly environmentName: string;

  /** @throws {InvalidArgumentsError} for a number or a key outside what S3 takes */
  constructor(name: string, args: BucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.bucket = new aws.Bucket(name, { forceDestroy: checked.forceDestroy }, parent);
    const bucket = this.bucket.bucket;
    const publicAccess = new aws.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    new aws.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault:
              checked.kmsKeyArn === undefined
                ? { sseAlgorithm: "AES256" }
                : { sseAlgorithm: "aws:kms", kmsMasterKeyId: checked.kmsKeyArn },
            // One data key for the bucket instead of one for each object: fewer calls to KMS.
            bucketKeyEnabled: checked.kmsKeyArn !== undefined,
          },
        ],
      },
      parent,
    );
    this.versioning = new aws.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new aws.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket,
        rules: [
          {
            id: "expire-leftovers",
            status: "Enabled",
            filter: { prefix: "" },
            ...(checked.expireAfterDays !== undefined && {
              expiration: { days: checked.expireAfterDays },
            }),
            noncurrentVersionExpiration: { noncurrentDays: checked.keepNoncurrentVersionsDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      // Rules about old versions are refused while there is no versioning.
      { ...parent, dependsOn: this.versioning },
    );
    new aws.BucketPolicy(
      `${name}-policy`,
      {
        bucket,
        policy: tlsOnlyPolicy("s3:*", [this.bucket.arn, pulumi.interpolate`${this.bucket.arn}/*`]),
      },
      // S3 refuses two of these changes at once on a new bucket.
      { ...parent, dependsOn: publicAccess },
    );

    this.eventBridge = checked.eventBridge;
    if (this.eventBridge) {
      new aws.BucketNotification(`${name}-events`, { bucket, eventbridge: true }, parent);
    }

    this.bucketName = bucket;
    this.arn = this.bucket.arn;
    this.environmentName = environmentName(name, "BUCKET");
    this.kmsKeyArn = checked.kmsKeyArn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }

  /**
   * What it takes to put objects.
   * @param prefix limits it to keys that begin so; `@default` the whole bucket
   * Environment: `NAME_BUCKET`.
   */
  grantPut(prefix = ""): Grant {
    return this.grant(["s3:PutObject"], prefix, ["kms:Decrypt", "kms:GenerateDataKey"]);
  }

  /**
   * What it takes to get objects whose key is known.
   * @param prefix limits it to keys that begin so; `@default` the whole bucket
   * Environment: `NAME_BUCKET`.
   */
  grantGet(prefix = ""): Grant {
    return this.grant(["s3:GetObject"], prefix, ["kms:Decrypt"]);
  }

  /**
   * What it takes to delete objects; their versions stay for as long as the bucket keeps them.
   * @param prefix limits it to keys that begin so; `@default` the whole bucket
   * Environment: `NAME_BUCKET`.
   */
  grantDelete(prefix = ""): Grant {
    return this.grant(["s3:DeleteObject"], prefix, []);
  }

  /**
   * What it takes to list keys. With it, to get an object that is not there fails as not found
   * (404) and no longer as forbidden (403).
   * @param prefix limits it to keys that begin so; `@default` the whole bucket
   * Environment: `NAME_BUCKET`.
   */
  grantList(prefix = ""): Grant {
    const condition = { StringLike: { "s3:prefix": `${prefix}*` } };
    return {
      statements: [
        {
          actions: ["s3:ListBucket"],
          resources: [this.arn],
          ...(prefix !== "" && { condition }),
        },
      ],
      environment: { [this.environmentName]: this.bucketName },
    };
  }

  private grant(actions: readonly string[], prefix: string, keyActions: readonly string[]): Grant {
    return {
      statements: [
        { actions, resources: [pulumi.interpolate`${this.arn}/${prefix}*`] },
        ...(keyActions.length > 0 ? keyStatements(this.kmsKeyArn, keyActions) : []),
      ],
      environment: { [this.environmentName]: this.bucketName },
    };
  }
}

function check(name: string, args: BucketArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<BucketArgs>(args, {
    kmsKeyArn: true,
    keepNoncurrentVersionsDays: true,
    expireAfterDays: true,
    eventBridge: true,
    forceDestroy: true,
  });
  check.input("name", name, bucketName);
  const checked = {
    eventBridge: check.plain("eventBridge", args.eventBridge ?? false, trueOrFalse),
    forceDestroy: check.input("forceDestroy", args.forceDestroy ?? false, trueOrFalse),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    keepNoncurrentVersionsDays: check.input(
      "keepNoncurrentVersionsDays",
      args.keepNoncurrentVersionsDays ?? 30,
      wholeNumber(1, 36_500, "days"),
    ),
    expireAfterDays: check.input(
      "expireAfterDays",
      args.expireAfterDays,
      wholeNumber(1, 36_500, "days"),
    ),
  };
  check.throwIfAny();
  return checked;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = matching(
  // Pulumi writes it in lower case and adds 8 characters; S3 takes 63.
  /^[A-Za-z0-9][A-Za-z0-9-]{0,54}$/,
  "at most 55 letters, digits and hyphens, with no hyphen first: the bucket's name is made of it",
);
