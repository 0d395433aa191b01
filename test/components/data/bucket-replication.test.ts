import { Bucket } from "../../../components/data/bucket";
import { BucketReplication } from "../../../components/data/bucket-replication";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { allowing, policyOf, trusting } from "../../support/policies";
import { refusal, unusable } from "../../support/refusals";

const type = "groundwork:data:BucketReplication";
const replication = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const versioning = "aws:s3/bucketVersioning:BucketVersioning";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";

const from = "arn:aws:s3:::archive-1234567";
const to = "arn:aws:s3:::archive-copy-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const otherKey = "arn:aws:kms:eu-west-1:123456789012:key/2";

/** What the role may without keys. */
const copying = [
  allowing(["s3:GetReplicationConfiguration", "s3:ListBucket"], from),
  allowing(
    ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
    `${from}/*`,
  ),
  allowing(["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"], `${to}/*`),
];

describe("BucketReplication", () => {
  test("default copies every new object, and no deletion", async () => {
    const recording = await record(() => {
      const source = new Bucket("archive");
      const destination = new Bucket("archive-copy");
      new BucketReplication("archive", { source, destination });
    });
    expect(recording.childrenOf(type, "archive")).toEqual([
      `${role} archive-role`,
      `${rolePolicy} archive-policy`,
      `${replication} archive`,
    ]);
    expect(parsed(recording.one(role, "archive-role"), "assumeRolePolicy")).toEqual({
      assumeRolePolicy: trusting("s3.amazonaws.com", "sts:AssumeRole"),
    });
    expect(parsed(recording.one(rolePolicy, "archive-policy"), "policy")["policy"]).toEqual(
      policyOf(...copying),
    );
    const { inputs, dependencies } = recording.one(replication, "archive");
    expect(inputs).toEqual({
      bucket: "archive-1234567",
      role: "arn:aws:iam::123456789012:role/archive-role-1234567",
      rules: [
        {
          id: "copy",
          status: "Enabled",
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          destination: { bucket: to },
        },
      ],
    });
    expect(dependencies).toEqual(
      expect.arrayContaining([
        `${rolePolicy} archive-policy`,
        `${versioning} archive-copy-versioning`,
        `${versioning} archive-versioning`,
      ]),
    );
  });

  test("custom copies below a prefix and what is deleted, between buckets with keys", async () => {
    const recording = await record(() => {
      new BucketReplication("archive", {
        source: new Bucket("archive", { kmsKeyArn: key }),
        destination: new Bucket("archive-copy", { kmsKeyArn: otherKey }),
        prefix: "orders/",
        replicateDeletes: true,
      });
    });
    expect(recording.one(replication, "archive").inputs["rules"]).toEqual([
      {
        id: "copy",
        status: "Enabled",
        filter: { prefix: "orders/" },
        deleteMarkerReplication: { status: "Enabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: { bucket: to, encryptionConfiguration: { replicaKmsKeyId: otherKey } },
      },
    ]);
    expect(parsed(recording.one(rolePolicy, "archive-policy"), "policy")["policy"]).toEqual(
      policyOf(
        ...copying,
        allowing(["kms:Decrypt"], key),
        allowing(["kms:Encrypt", "kms:GenerateDataKey"], otherKey),
      ),
    );
  });

  test("fails when the bucket is replicated already, which the second would take away", async () => {
    const twice = record(() => {
      const source = new Bucket("archive");
      const destination = new Bucket("archive-copy");
      new BucketReplication("first", { source, destination });
      new BucketReplication("archive", { source, destination });
    });
    await expect(twice).rejects.toThrow(
      new Error(
        unusable(
          type,
          "archive",
          'source is replicated already, by "first", and S3 keeps one configuration for a bucket: leave one of them out',
        ),
      ),
    );
  });

  test("fails for one bucket on both sides, and for a key on one side alone", async () => {
    const { message: same } = await refusal(() => {
      const source = new Bucket("archive");
      new BucketReplication("archive", { source, destination: source });
    });
    expect(same).toBe(
      unusable(type, "archive", "source and destination are the same bucket: give another one"),
    );
    const { message: oneKey } = await refusal(() => {
      const source = new Bucket("archive");
      const destination = new Bucket("archive-copy", { kmsKeyArn: otherKey });
      new BucketReplication("archive", { source, destination });
    });
    expect(oneKey).toBe(
      unusable(
        type,
        "archive",
        "one of the buckets has a kmsKeyArn: give both one, of their own regions, or none",
      ),
    );
  });
});
