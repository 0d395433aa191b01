import * as pulumi from "@pulumi/pulumi";
import { Secret, type SecretArgs } from "../../../components/configuration/secret";
import { findSecrets, record } from "../../../components/testing";
import { canary, canaryInputs } from "../../support/canary";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:configuration:Secret";
const secret = "aws:secretsmanager/secret:Secret";
const secretVersion = "aws:secretsmanager/secretVersion:SecretVersion";

const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-key-1234567-AbCdEf";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";

describe("Secret", () => {
  test("default can be restored for 30 days", async () => {
    const recording = await record(() => {
      const made = new Secret("signing-key", { value: pulumi.secret("s3cret") });
      return { arn: made.arn, secretArn: made.secret.arn };
    });

    expect(recording.resources).toHaveLength(3);
    expect(recording.one(type, "signing-key").inputs).toEqual({});
    expect(recording.childrenOf(type, "signing-key")).toEqual([
      `${secret} signing-key`,
      `${secretVersion} signing-key-version`,
    ]);
    expect(recording.one(secret, "signing-key").inputs).toEqual({ recoveryWindowInDays: 30 });
    expect(recording.one(secretVersion, "signing-key-version").inputs).toEqual({
      secretId: arn,
      secretString: "s3cret",
    });
    expect(recording.one(secretVersion, "signing-key-version").secretInputs).toEqual([
      "secretString",
    ]);
    expect(recording.outputs).toEqual({ arn, secretArn: arn });
  });

  test("custom takes a key of one's own and may be gone at once", async () => {
    const recording = await record(() => {
      new Secret("signing-key", {
        value: "s3cret",
        kmsKeyArn: pulumi.output(key),
        recoveryWindowDays: 0,
      });
    });
    expect(recording.resources).toHaveLength(3);
    expect(recording.one(secret, "signing-key").inputs).toEqual({
      kmsKeyId: key,
      recoveryWindowInDays: 0,
    });
  });

  test.each([7, 30])("takes %d days", async (recoveryWindowDays) => {
    const recording = await record(() => {
      new Secret("signing-key", { value: "s3cret", recoveryWindowDays });
    });
    expect(recording.one(secret, "signing-key").inputs).toEqual({
      recoveryWindowInDays: recoveryWindowDays,
    });
  });

  test.each(canaryInputs)(
    "keeps a value given as %s where the engine encrypts it, and nowhere else",
    async (_, value) => {
      const recording = await record(() => {
        const made = new Secret("signing-key", { value: value() });
        return { arn: made.arn, grant: made.grantRead() };
      });
      expect(findSecrets(recording, canary)).toEqual({
        leaked: [],
        encrypted: [`${secretVersion} signing-key-version: inputs.secretString`],
      });
    },
  );

  test("grants reading it, and nothing else", async () => {
    const { outputs } = await record(() => new Secret("signing-key", { value: "x" }).grantRead());
    expect(outputs).toEqual({
      statements: [{ actions: ["secretsmanager:GetSecretValue"], resources: [arn] }],
      environment: { SIGNING_KEY_SECRET_ARN: arn },
    });
  });

  test("grants the use of its own key along with it", async () => {
    const { outputs } = await record(() =>
      new Secret("signing-key", { value: "x", kmsKeyArn: key }).grantRead(),
    );
    expect(outputs["statements"]).toEqual([
      { actions: ["secretsmanager:GetSecretValue"], resources: [arn] },
      { actions: ["kms:Decrypt"], resources: [key] },
    ]);
  });

  test("has whoever takes its ARN wait for its value", async () => {
    const recording = await record(() => {
      const made = new Secret("signing-key", { value: "x" });
      new Secret("reader", { value: made.arn });
    });
    expect(recording.one(secretVersion, "reader-version").dependencies).toEqual([
      `${secret} reader`,
      `${secretVersion} signing-key-version`,
    ]);
  });

  test("fails when anything does not fit, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () => new Secret("signing-key", { value: "", kmsKeyArn: "a", recoveryWindowDays: 6 }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "signing-key",
        "value is a secret value that does not fit: give a text",
        'kmsKeyArn is "a": give the ARN of a resource of kms, like arn:aws:kms:...',
        "recoveryWindowDays is 6: give 0, or a whole number from 7 to 30 days",
      ),
    );
  });

  test.each<[Omit<SecretArgs, "value"> & Partial<SecretArgs>, string]>([
    [{ value: pulumi.secret("") }, "value is a secret value that does not fit: give a text"],
    [
      { kmsKeyArn: pulumi.output("a") },
      'kmsKeyArn is "a": give the ARN of a resource of kms, like arn:aws:kms:...',
    ],
    [
      { recoveryWindowDays: pulumi.output(31) },
      "recoveryWindowDays is 31: give 0, or a whole number from 7 to 30 days",
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    const message = await laterFailure(
      () => new Secret("signing-key", { value: pulumi.secret(canary), ...args }),
    );
    expect(message).toBe(unusable(type, "signing-key", problem));
  });
});
