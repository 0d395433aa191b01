import * as iam from "@pulumi/aws/iam";
import * as aws from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { keyStatements, policyDocument, trustPolicy } from "../iam/grant";
import { componentName, text, trueOrFalse } from "../rules";
import type { Bucket } from "./bucket";

const type = "groundwork:data:BucketReplication";

/** Arguments of {@link BucketReplication}. */
export interface BucketReplicationArgs {
  /** Whose new objects are copied. */
  readonly source: Bucket;
  /** Where the copies go: a bucket of this account, best one made with another region's provider. */
  readonly destination: Bucket;
  /**
   * Limits it to objects whose keys begin so.
   * @default the whole bucket
   */
  readonly prefix?: pulumi.Input<string>;
  /**
   * Whether what is deleted in the source is deleted in the destination too.
   * @default false: the copies outlive a mistake
   */
  readonly replicateDeletes?: boolean;
}

/**
 * Copies the objects of a bucket to another one, of another region where data has to outlive its
 * own. It begins with the objects that come after it; S3 Batch Replication copies those from before.
 *
 * Children: `name` (the rule), `name-role` and `name-policy`.
 *
 * @example
 * const ireland = new aws.Provider("ireland", { region: "eu-west-1" });
 * const copy = new Bucket("archive-copy", {}, { providers: [ireland] });
 * new BucketReplication("archive", { source: archive, destination: copy });
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
 */
export class BucketReplication extends pulumi.ComponentResource {
  /** The role that S3 copies as. */
  readonly role: iam.Role;

  /** @throws {InvalidArgumentsError} for one bucket on both sides, a key on one side alone, or a second
   * replication of a bucket */
  constructor(name: string, args: BucketReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    replicated.set(args.source, name);
    const parent = { parent: this };
    const { source, destination } = args;
    const encrypted = source.kmsKeyArn !== undefined;

    this.role = new iam.Role(
      `${name}-role`,
      { assumeRolePolicy: trustPolicy("s3.amazonaws.com") },
      parent,
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      { role: this.role.name, policy: policyDocument(copying(source, destination)) },
      parent,
    );
    new aws.BucketReplicationConfig(
      name,
      {
        bucket: source.bucketName,
        role: this.role.arn,
        rules: [
          {
            id: "copy",
            status: "Enabled",
            filter: { prefix: checked.prefix },
            deleteMarkerReplication: { status: args.replicateDeletes ? "Enabled" : "Disabled" },
            ...(encrypted && {
              sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            }),
            destination: {
              bucket: destination.arn,
              ...(destination.kmsKeyArn !== undefined && {
                encryptionConfiguration: { replicaKmsKeyId: destination.kmsKeyArn },
              }),
            },
          },
        ],
      },
      // S3 refuses rules between buckets without versions.
      { ...parent, dependsOn: [source.versioning, destination.versioning, policy] },
    );
    this.registerOutputs({});
  }
}

/** The buckets of this program that are replicated, and by which name. */
const replicated = new WeakMap<Bucket, string>();

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
function copying(source: Bucket, destination: Bucket) {
  return [
    { actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [source.arn] },
    {
      actions: [
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionTagging",
      ],
      resources: [pulumi.interpolate`${source.arn}/*`],
    },
    {
      actions: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
      resources: [pulumi.interpolate`${destination.arn}/*`],
    },
    ...keyStatements(source.kmsKeyArn, ["kms:Decrypt"]),
    ...keyStatements(destination.kmsKeyArn, ["kms:Encrypt", "kms:GenerateDataKey"]),
  ];
}

function check(name: string, args: BucketReplicationArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<BucketReplicationArgs>(args, {
    source: true,
    destination: true,
    prefix: true,
    replicateDeletes: true,
  });
  // "-role" and Pulumi's 8 characters are added; IAM takes 64.
  check.input("name", name, componentName(51));
  const prefix = check.input("prefix", args.prefix ?? "", text);
  check.plain("replicateDeletes", args.replicateDeletes ?? false, trueOrFalse);
  check.shaped("source", args.source, ["bucketName", "versioning"], "a Bucket");
  check.shaped("destination", args.destination, ["bucketName", "versioning"], "a Bucket");
  const other = replicated.get(args.source);
  if (other !== undefined) {
    check.problem(
      `source is replicated already, by "${other}", and S3 keeps one configuration for a bucket: leave one of them out`,
    );
  }
  if (args.source === args.destination) {
    check.problem("source and destination are the same bucket: give another one");
  }
  if ((args.source.kmsKeyArn === undefined) !== (args.destination.kmsKeyArn === undefined)) {
    check.problem(
      "one of the buckets has a kmsKeyArn: give both one, of their own regions, or none",
    );
  }
  check.throwIfAny();
  return { prefix };
}
