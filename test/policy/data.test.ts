import { Bucket } from "../../components/data/bucket";
import { Table } from "../../components/data/table";
import { dataRules } from "../../policy/data";
import type { StackResource } from "../../policy/rule";
import { later } from "../../policy/values";
import { changed, findings, made, testRules, without } from "./support";

const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const encryption =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const versioning = "aws:s3/bucketVersioning:BucketVersioning";
const policy = "aws:s3/bucketPolicy:BucketPolicy";
const noTls =
  's3-tls-only archive: no policy of it denies requests without TLS: add an aws.s3.BucketPolicy that denies "s3:*" to everybody where aws:SecureTransport is "false", as tlsOnlyPolicy() in components/iam/grant.ts does';

const table = ["aws:dynamodb/table:Table", "orders"] as const;

function shop(): void {
  new Bucket("archive");
  new Table("orders", {
    partitionKey: { name: "id", type: "S" },
    replicas: [{ region: "eu-west-1" }],
  });
}

testRules(dataRules, shop, [
  [
    "nothing blocks public access",
    (all) => without(all, block),
    "s3-no-public-access archive: it has no public access block: add an aws.s3.BucketPublicAccessBlock for it",
  ],
  [
    "public access is blocked in part",
    (all) => changed(all, [block, "archive-public-access"], "blockPublicPolicy", false),
    "s3-no-public-access archive: blockPublicPolicy of its public access block is false: give true",
  ],
  [
    "what blocks public access is another bucket's",
    (all) => changed(all, [block, "archive-public-access"], "bucket", "other"),
    "s3-no-public-access archive: it has no public access block: add an aws.s3.BucketPublicAccessBlock for it",
  ],
  [
    "nothing is said about encryption",
    (all) => without(all, encryption),
    "s3-encryption archive: it does not say how it is encrypted: add an aws.s3.BucketServerSideEncryptionConfiguration for it",
  ],
  [
    "the encryption is none",
    (all) => changed(all, [encryption, "archive-encryption"], "rules", []),
    's3-encryption archive: sseAlgorithm of its encryption is not set: give "AES256", or "aws:kms" with a key',
  ],
  [
    "versioning is off",
    (all) =>
      changed(
        all,
        [versioning, "archive-versioning"],
        "versioningConfiguration.status",
        "Suspended",
      ),
    's3-versioning archive: its versioning is "Suspended": add an aws.s3.BucketVersioning with status "Enabled"',
  ],
  ["it has no policy", (all) => without(all, policy), noTls],
  [
    "its policy lets everybody in without TLS",
    (all) => changed(all, [policy, "archive-policy"], "policy", '{"Statement":[]}'),
    noTls,
  ],
  [
    "a table can't be restored",
    (all) => changed(all, table, "pointInTimeRecovery.enabled", false),
    "dynamodb-point-in-time-recovery orders: pointInTimeRecovery is not enabled: give { enabled: true }",
  ],
  [
    "a table's copy can't be restored",
    (all) => changed(all, table, ["replicas", 0, "pointInTimeRecovery"], undefined),
    'dynamodb-point-in-time-recovery orders: pointInTimeRecovery of its replica in "eu-west-1" is not set: give true',
  ],
  [
    "a table can be deleted by one call",
    (all) => changed(all, table, "deletionProtectionEnabled", false),
    "dynamodb-deletion-protection orders: deletionProtectionEnabled is false: give true",
  ],
]);

test("a preview finds what belongs to a bucket by where its name comes from", async () => {
  const all = await made(() => new Bucket("archive"));
  const bucket = all.find(({ type }) => type === "aws:s3/bucket:Bucket")?.urn ?? "";
  const unknown: readonly StackResource[] = all.map((each) => ({
    ...each,
    props: { ...Object(each.props), bucket: later, id: later },
    sources: Object.fromEntries(each.urn === bucket ? [] : [["bucket", [bucket]]]),
  }));
  expect(findings(dataRules, unknown)).toEqual([]);
  const other = unknown.map((each) => ({ ...each, sources: {} }));
  expect(findings(dataRules, other)).toHaveLength(4);
});
