import * as pulumi from "@pulumi/pulumi";
import { Bucket, type BucketArgs } from "../../../components/data/bucket";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { tlsOnly } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:data:Bucket";
const s3Bucket = "aws:s3/bucket:Bucket";
const publicAccessBlock = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ownershipControls = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const encryption =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const versioning = "aws:s3/bucketVersioning:BucketVersioning";
const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const notification = "aws:s3/bucketNotification:BucketNotification";
const bucketPolicy = "aws:s3/bucketPolicy:BucketPolicy";

const bucket = "archive-1234567";
const arn = "arn:aws:s3:::archive-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";

/** The rule by which noncurrent versions go after some days, and unfinished uploads after 7. */
const expiringAfter = (noncurrentDays: number) => ({
  id: "expire-leftovers",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
});

describe("Bucket", () => {
  test("default is private, encrypted, versioned and TLS only", async () => {
    const recording = await record(() => {
      const archive = new Bucket("archive");
      return { name: archive.bucketName, arn: archive.arn, bucket: archive.bucket.bucket };
    });

    expect(recording.resources).toHaveLength(8);
    expect(recording.one(type, "archive").parent).toBeUndefined();
    expect(recording.childrenOf(type, "archive")).toEqual([
      `${s3Bucket} archive`,
      `${lifecycle} archive-lifecycle`,
      `${ownershipControls} archive-ownership`,
      `${bucketPolicy} archive-policy`,
      `${publicAccessBlock} archive-public-access`,
      `${encryption} archive-encryption`,
      `${versioning} archive-versioning`,
    ]);
    expect(recording.one(s3Bucket, "archive").inputs).toEqual({ forceDestroy: false });
    expect(recording.one(publicAccessBlock, "archive-public-access").inputs).toEqual({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(recording.one(ownershipControls, "archive-ownership").inputs).toEqual({
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    expect(recording.one(encryption, "archive-encryption").inputs).toEqual({
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          bucketKeyEnabled: false,
        },
      ],
    });
    expect(recording.one(versioning, "archive-versioning").inputs).toEqual({
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    expect(recording.one(lifecycle, "archive-lifecycle").inputs).toEqual({
      bucket,
      rules: [expiringAfter(30)],
    });
    expect(parsed(recording.one(bucketPolicy, "archive-policy"), "policy")).toEqual({
      bucket,
      policy: tlsOnly("s3:*", arn, `${arn}/*`),
    });
    expect(recording.outputs).toEqual({ name: bucket, arn, bucket });
  });

  test("makes the policy after the public access block, and the rules after the versioning", async () => {
    const recording = await record(() => {
      new Bucket("archive");
    });
    expect(recording.one(bucketPolicy, "archive-policy").dependencies).toEqual([
      "aws:s3/bucket:Bucket archive",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock archive-public-access",
    ]);
    expect(recording.one(lifecycle, "archive-lifecycle").dependencies).toEqual([
      "aws:s3/bucket:Bucket archive",
      "aws:s3/bucketVersioning:BucketVersioning archive-versioning",
    ]);
  });

  test("custom takes a key of one's own, another time, and leave to be emptied", async () => {
    const recording = await record(() => {
      new Bucket("archive", {
        kmsKeyArn: pulumi.output(key),
        keepNoncurrentVersionsDays: pulumi.output(1),
        forceDestroy: true,
      });
    });

    expect(recording.resources).toHaveLength(8);
    expect(recording.one(s3Bucket, "archive").inputs).toEqual({ forceDestroy: true });
    expect(recording.one(encryption, "archive-encryption").inputs).toEqual({
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
          bucketKeyEnabled: true,
        },
      ],
    });
    expect(recording.one(lifecycle, "archive-lifecycle").inputs).toEqual({
      bucket,
      rules: [expiringAfter(1)],
    });
  });

  test("tells EventBridge of its objects, and has them go, where that is asked for", async () => {
    const recording = await record(() => {
      new Bucket("archive", { eventBridge: true, expireAfterDays: pulumi.output(90) });
    });
    expect(recording.resources).toHaveLength(9);
    expect(recording.one(notification, "archive-events")).toMatchObject({
      parent: `${type} archive`,
      inputs: { bucket, eventbridge: true },
    });
    expect(recording.one(lifecycle, "archive-lifecycle").inputs).toEqual({
      bucket,
      rules: [{ ...expiringAfter(30), expiration: { days: 90 } }],
    });
  });

  test("grants deleting, and nothing else, also with a key of its own", async () => {
    const { outputs } = await record(() =>
      new Bucket("archive", { kmsKeyArn: key }).grantDelete("orders/"),
    );
    expect(outputs).toEqual({
      statements: [{ actions: ["s3:DeleteObject"], resources: [`${arn}/orders/*`] }],
      environment: { ARCHIVE_BUCKET: bucket },
    });
  });

  test("grants listing, of everything or below a prefix", async () => {
    const { outputs } = await record(() => {
      const archive = new Bucket("archive");
      return { all: archive.grantList(), orders: archive.grantList("orders/") };
    });
    expect(outputs).toEqual({
      all: {
        statements: [{ actions: ["s3:ListBucket"], resources: [arn] }],
        environment: { ARCHIVE_BUCKET: bucket },
      },
      orders: {
        statements: [
          {
            actions: ["s3:ListBucket"],
            resources: [arn],
            condition: { StringLike: { "s3:prefix": "orders/*" } },
          },
        ],
        environment: { ARCHIVE_BUCKET: bucket },
      },
    });
  });

  test("grants putting, and nothing else", async () => {
    const { outputs } = await record(() => new Bucket("archive").grantPut());
    expect(outputs).toEqual({
      statements: [{ actions: ["s3:PutObject"], resources: [`${arn}/*`] }],
      environment: { ARCHIVE_BUCKET: bucket },
    });
  });

  test("grants getting, and nothing else", async () => {
    const { outputs } = await record(() => new Bucket("archive").grantGet());
    expect(outputs).toEqual({
      statements: [{ actions: ["s3:GetObject"], resources: [`${arn}/*`] }],
      environment: { ARCHIVE_BUCKET: bucket },
    });
  });

  test("limits a grant to a prefix, and grants the use of its own key along with it", async () => {
    const { outputs } = await record(() => {
      const archive = new Bucket("archive", { kmsKeyArn: key });
      return {
        put: archive.grantPut("orders/").statements,
        get: archive.grantGet("orders/").statements,
      };
    });
    expect(outputs).toEqual({
      put: [
        { actions: ["s3:PutObject"], resources: [`${arn}/orders/*`] },
        { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key] },
      ],
      get: [
        { actions: ["s3:GetObject"], resources: [`${arn}/orders/*`] },
        { actions: ["kms:Decrypt"], resources: [key] },
      ],
    });
  });

  test("fails when anything is outside what S3 takes, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new Bucket("archive", {
          kmsKeyArn: "alias/a",
          keepNoncurrentVersionsDays: 0,
          expireAfterDays: 0,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        'kmsKeyArn is "alias/a": give the ARN of a resource of kms, like arn:aws:kms:...',
        "keepNoncurrentVersionsDays is 0: give a whole number from 1 to 36500 days",
        "expireAfterDays is 0: give a whole number from 1 to 36500 days",
      ),
    );
  });

  test.each<[BucketArgs, string]>([
    [
      { kmsKeyArn: pulumi.output("alias/a") },
      'kmsKeyArn is "alias/a": give the ARN of a resource of kms, like arn:aws:kms:...',
    ],
    [
      { keepNoncurrentVersionsDays: pulumi.output(36_501) },
      "keepNoncurrentVersionsDays is 36501: give a whole number from 1 to 36500 days",
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    expect(await laterFailure(() => new Bucket("archive", args))).toBe(
      unusable(type, "archive", problem),
    );
  });
});
