import { type Attachment, attached } from "./attached";
import { isTlsOnly } from "./documents";
import type { Rule } from "./rule";
import { at, isOrMayBe, items, shown } from "./values";

const types = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

const tables = ["aws:dynamodb/table:Table"];

/** What is attached to a bucket says its name. */
const ofBucket = (...types: readonly string[]): Attachment => ({
  types,
  property: "bucket",
  keys: ["bucket", "id"],
});

const blocks = ofBucket("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
const encryptions = ofBucket(
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
);
const versionings = ofBucket(
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketVersioningV2:BucketVersioningV2",
);
const policies = ofBucket("aws:s3/bucketPolicy:BucketPolicy");

const blocked = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

/** Rules for buckets and tables. */
export const dataRules: readonly Rule[] = [
  {
    name: "s3-no-public-access",
    description: "One wrong policy or ACL makes a bucket public, unless that is blocked altogether",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    types,
    checkAmong: (bucket, all) => {
      const [block] = attached(bucket, blocks, all);
      if (block === undefined) {
        return ["it has no public access block: add an aws.s3.BucketPublicAccessBlock for it"];
      }
      return blocked
        .map((key) => [key, at(block.props, key)] as const)
        .filter(([, given]) => !isOrMayBe(given, true))
        .map(([key, given]) => `${key} of its public access block is ${shown(given)}: give true`);
    },
  },
  {
    name: "s3-encryption",
    description: "How objects are encrypted is stated, and not left to what S3 does by default",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html",
    types,
    checkAmong: (bucket, all) => {
      const [encryption] = attached(bucket, encryptions, all);
      if (encryption === undefined) {
        return [
          "it does not say how it is encrypted: " +
            "add an aws.s3.BucketServerSideEncryptionConfiguration for it",
        ];
      }
      const path = ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"];
      const given = at(encryption.props, ...path);
      if (isOrMayBe(given, "AES256", "aws:kms", "aws:kms:dsse")) return [];
      return [
        `sseAlgorithm of its encryption is ${shown(given)}: give "AES256", or "aws:kms" with a key`,
      ];
    },
  },
  {
    name: "s3-versioning",
    description: "Without versions, what is overwritten or deleted by mistake is gone",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    types,
    checkAmong: (bucket, all) => {
      const [versioning] = attached(bucket, versionings, all);
      const given = at(versioning?.props, "versioningConfiguration", "status");
      if (isOrMayBe(given, "Enabled")) return [];
      return [
        `its versioning is ${shown(given)}: add an aws.s3.BucketVersioning with status "Enabled"`,
      ];
    },
  },
  {
    name: "s3-tls-only",
    description: "Without TLS anybody on the way reads the objects and the credentials' signature",
    url: "https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html",
    types,
    checkAmong: (bucket, all) => {
      const documents = attached(bucket, policies, all).map(({ props }) => at(props, "policy"));
      if (documents.some((document) => isTlsOnly(document, "s3"))) return [];
      return [
        'no policy of it denies requests without TLS: add an aws.s3.BucketPolicy that denies "s3:*" ' +
          'to everybody where aws:SecureTransport is "false", as tlsOnlyPolicy() in ' +
          "components/iam/grant.ts does",
      ];
    },
  },
  {
    name: "dynamodb-point-in-time-recovery",
    description: "Without it, what is overwritten or deleted by mistake is gone",
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
    types: tables,
    check: ({ props }) => [
      ...(isOrMayBe(at(props, "pointInTimeRecovery", "enabled"), true)
        ? []
        : ["pointInTimeRecovery is not enabled: give { enabled: true }"]),
      ...items(at(props, "replicas"))
        .filter((replica) => !isOrMayBe(at(replica, "pointInTimeRecovery"), true))
        .map(
          (replica) =>
            `pointInTimeRecovery of its replica in ${shown(at(replica, "regionName"))} is not set: give true`,
        ),
    ],
  },
  {
    name: "dynamodb-deletion-protection",
    description: "A table goes with all its items by one call, and its recovery with it",
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection",
    types: tables,
    productionOnly: true,
    check: ({ props }) => {
      const given = at(props, "deletionProtectionEnabled");
      if (isOrMayBe(given, true)) return [];
      return [`deletionProtectionEnabled is ${shown(given)}: give true`];
    },
  },
];
