import * as pulumi from "@pulumi/pulumi";
import { SecretStore, type SecretStoreArgs } from "../../../components/configuration/secret-store";
import { findSecrets, record } from "../../../components/testing";
import { canary, canaryInputs } from "../../support/canary";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:configuration:SecretStore";
const secret = "aws:secretsmanager/secret:Secret";
const secretVersion = "aws:secretsmanager/secretVersion:SecretVersion";
const parameter = "aws:ssm/parameter:Parameter";
const kubernetesSecret = "kubernetes:core/v1:Secret";

const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ship-TOKEN-1234567-AbCdEf";
const otherArn = arn.replace("TOKEN", "api-key");
const parameterArn = "arn:aws:ssm:eu-central-1:123456789012:parameter/ship-TOKEN-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";

/** Of a SHA-256 the first 48 bits, as `printf %s s3cret | sha256sum | cut -c1-12` gives them. */
const versionOfS3cret = 0x1ec1c26b50d5;

/** What a store with these arguments grants. */
async function granted<Name extends string>(
  args: SecretStoreArgs<Name>,
  ...names: readonly [Name, ...Name[]]
) {
  const { outputs } = await record(() => new SecretStore("ship", args).grantRead(...names));
  return outputs;
}

describe("SecretStore", () => {
  test("default keeps each secret in Secrets Manager, to be restored for 30 days", async () => {
    const recording = await record(() => {
      new SecretStore("ship", { secrets: { TOKEN: pulumi.secret("s3cret"), "api-key": "other" } });
    });

    expect(recording.resources).toHaveLength(5);
    expect(recording.one(type, "ship").inputs).toEqual({});
    expect(recording.childrenOf(type, "ship")).toEqual([
      `${secret} ship-TOKEN`,
      `${secret} ship-api-key`,
      `${secretVersion} ship-TOKEN-version`,
      `${secretVersion} ship-api-key-version`,
    ]);
    expect(recording.one(secret, "ship-TOKEN").inputs).toEqual({ recoveryWindowInDays: 30 });
    const version = recording.one(secretVersion, "ship-TOKEN-version");
    expect(version.inputs).toEqual({
      secretId: arn,
      secretStringWo: "s3cret",
      secretStringWoVersion: versionOfS3cret,
    });
    expect(version.secretInputs).toEqual(["secretStringWo", "secretStringWoVersion"]);
  });

  test("custom takes a key of one's own and may be gone at once", async () => {
    const recording = await record(() => {
      new SecretStore("ship", {
        secrets: { TOKEN: "s3cret" },
        kmsKeyArn: pulumi.output(key),
        recoveryWindowDays: 0,
      });
    });
    expect(recording.resources).toHaveLength(3);
    expect(recording.one(secret, "ship-TOKEN").inputs).toEqual({
      kmsKeyId: key,
      recoveryWindowInDays: 0,
    });
  });

  test.each([7, 30])("takes %d days", async (recoveryWindowDays) => {
    const recording = await record(() => {
      new SecretStore("ship", { secrets: { TOKEN: "s3cret" }, recoveryWindowDays });
    });
    expect(recording.one(secret, "ship-TOKEN").inputs).toEqual({
      recoveryWindowInDays: recoveryWindowDays,
    });
  });

  test("custom keeps them as SecureStrings in Parameter Store", async () => {
    const recording = await record(() => {
      new SecretStore("ship", { secrets: { TOKEN: "s3cret" }, backend: "ssm", kmsKeyArn: key });
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.childrenOf(type, "ship")).toEqual([`${parameter} ship-TOKEN`]);
    expect(recording.one(parameter, "ship-TOKEN").inputs).toEqual({
      type: "SecureString",
      value: "s3cret",
      keyId: key,
    });
    expect(recording.one(parameter, "ship-TOKEN").secretInputs).toEqual(["value"]);
  });

  test("custom puts them into an immutable Kubernetes Secret too", async () => {
    const recording = await record(() => {
      const store = new SecretStore("ship", {
        secrets: { TOKEN: "s3cret", OTHER: "other" },
        backend: "ssm",
        namespace: pulumi.output("shop"),
      });
      return { name: store.kubernetesSecretName() };
    });
    expect(recording.resources).toHaveLength(4);
    expect(recording.childrenOf(type, "ship")).toContain(`${kubernetesSecret} ship-secrets`);
    const { inputs, secretInputs } = recording.one(kubernetesSecret, "ship-secrets");
    expect(inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { namespace: "shop" },
      immutable: true,
      stringData: { TOKEN: "s3cret", OTHER: "other" },
    });
    expect(secretInputs).toEqual(["stringData"]);
    expect(recording.outputs).toEqual({ name: "ship-secrets-1a2b3c4d" });
  });

  test.each(canaryInputs)(
    "keeps a value given as %s where the engine encrypts it, and nowhere else",
    async (_, value) => {
      for (const backend of ["secretsmanager", "ssm"] as const) {
        const recording = await record(() => {
          const secrets = { TOKEN: value() };
          const store = new SecretStore("ship", { secrets, backend, namespace: "shop" });
          return { grant: store.grantRead("TOKEN"), name: store.kubernetesSecretName() };
        });
        expect(findSecrets(recording, canary)).toEqual({
          leaked: [],
          encrypted: [
            backend === "ssm"
              ? `${parameter} ship-TOKEN: inputs.value`
              : `${secretVersion} ship-TOKEN-version: inputs.secretStringWo`,
            `${kubernetesSecret} ship-secrets: inputs.stringData.TOKEN`,
          ],
        });
      }
    },
  );

  test("writes exactly the changed values anew", async () => {
    const versions = async (secrets: Record<string, string>) => {
      const recording = await record(() => void new SecretStore("ship", { secrets }));
      return recording
        .ofType(secretVersion)
        .map(({ inputs }) => Number(inputs["secretStringWoVersion"]));
    };
    const [first, second] = await versions({ A: "one", B: "two" });
    expect(await versions({ A: "one", B: "three" })).toEqual([first, expect.any(Number)]);
    expect(await versions({ A: "one", B: "three" })).not.toContain(second);
    expect([first, second].every(Number.isSafeInteger)).toBe(true);
  });

  test("grants reading what is named, and nothing else", async () => {
    const secrets = { TOKEN: "a", "api-key": "b", OTHER: "c" };
    expect(await granted({ secrets }, "TOKEN", "api-key")).toEqual({
      statements: [{ actions: ["secretsmanager:GetSecretValue"], resources: [arn, otherArn] }],
      environment: {
        SHIP_TOKEN_SECRET_ARN: arn,
        SHIP_TOKEN_SECRET_VERSION: "1",
        SHIP_API_KEY_SECRET_ARN: otherArn,
        SHIP_API_KEY_SECRET_VERSION: "1",
      },
    });
  });

  test("grants reading from Parameter Store by name", async () => {
    expect(await granted({ secrets: { TOKEN: "a" }, backend: "ssm" }, "TOKEN")).toEqual({
      statements: [{ actions: ["ssm:GetParameter"], resources: [parameterArn] }],
      environment: {
        SHIP_TOKEN_PARAMETER_NAME: "ship-TOKEN-1234567",
        SHIP_TOKEN_SECRET_VERSION: "1",
      },
    });
  });

  test.each([
    ["secretsmanager", "secretsmanager:GetSecretValue", arn],
    ["ssm", "ssm:GetParameter", parameterArn],
  ] as const)("grants the use of its own key along with it, in %s", async (backend, action, of) => {
    const { statements } = await granted(
      { secrets: { TOKEN: "a" }, backend, kmsKeyArn: key },
      "TOKEN",
    );
    expect(statements).toEqual([
      { actions: [action], resources: [of] },
      { actions: ["kms:Decrypt"], resources: [key] },
    ]);
  });

  test("has whoever takes a secret's ARN wait for its value", async () => {
    const recording = await record(() => {
      const { environment } = new SecretStore("ship", { secrets: { TOKEN: "x" } }).grantRead(
        "TOKEN",
      );
      const value = environment["SHIP_TOKEN_SECRET_ARN"] ?? "";
      new SecretStore("reader", { secrets: { ARN: value } });
    });
    expect(recording.one(secretVersion, "reader-ARN-version").dependencies).toEqual([
      "aws:secretsmanager/secret:Secret reader-ARN",
      "aws:secretsmanager/secret:Secret ship-TOKEN",
      `${secretVersion} ship-TOKEN-version`,
    ]);
  });

  test.each([
    ["TOKE", 'it has no secret "TOKE": did you mean TOKEN?'],
    ["password", 'it has no secret "password": give only TOKEN, OTHER'],
    ["toString", 'it has no secret "toString": give only TOKEN, OTHER'],
  ])("fails when %s is to be read", async (name, problem) => {
    const store = () => new SecretStore<string>("ship", { secrets: { TOKEN: "a", OTHER: "b" } });
    await expect(record(() => store().grantRead(name))).rejects.toThrow(
      unusable(type, "ship", problem),
    );
  });

  test("fails when its Kubernetes Secret is asked for and there is none", async () => {
    const store = () => new SecretStore("ship", { secrets: { TOKEN: "a" } });
    await expect(record(() => store().kubernetesSecretName())).rejects.toThrow(
      unusable(type, "ship", "it has no Kubernetes Secret: give it a namespace"),
    );
  });

  test("fails when anything does not fit, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new SecretStore("1", {
          secrets: { "": "a", "a b": "a", "a-b": "", a_b: `${canary}${"ü".repeat(32_768)}` },
          backend: "vault" as never,
          kmsKeyArn: "a",
          recoveryWindowDays: 6,
          namespace: "No",
        }),
    );
    const wanted = "a letter followed by at most 99 letters, digits, hyphens and underscores";
    expect(refused).toEqual(
      refusalOf(
        type,
        "1",
        'backend is "vault": give one of secretsmanager, ssm',
        `name is "1": give ${wanted}`,
        `secrets has a "": give ${wanted}`,
        `secrets has a "a b": give ${wanted}`,
        'secrets has a "a-b": give a letter followed by letters, digits and underscores',
        'secrets has "a b" and "a-b", which readers would find by the same variable: give one of them another name',
        'secrets has "a-b" and "a_b", which readers would find by the same variable: give one of them another name',
        "secrets.a-b is a secret value that does not fit: give a text",
        "secrets.a_b is a secret value that does not fit: give at most 65536 bytes",
        'kmsKeyArn is "a": give the ARN of a resource of kms, like arn:aws:kms:...',
        "recoveryWindowDays is 6: give 0, or a whole number from 7 to 30 days",
        'namespace is "No": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)',
      ),
    );
  });

  test("fails when Parameter Store can't take it", async () => {
    const refused = await refusal(
      () =>
        new SecretStore("AWS-things", {
          secrets: { TOKEN: "a".repeat(4_097) },
          backend: "ssm",
          recoveryWindowDays: 0,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "AWS-things",
        'name is "AWS-things": give a name that does not begin with aws or ssm, as parameters may not',
        "recoveryWindowDays is given, and Parameter Store can't restore what is deleted: leave it out, or take the backend secretsmanager",
        "secrets.TOKEN is a secret value that does not fit: give at most 4096 bytes",
      ),
    );
  });

  test.each([
    ["secretsmanager", 65_536],
    ["ssm", 4_096],
  ] as const)("takes as much as %s does", async (backend, bytes) => {
    const secrets = { TOKEN: "a".repeat(bytes) };
    const recording = await record(() => void new SecretStore("ship", { secrets, backend }));
    expect(recording.ofType(type)).toHaveLength(1);
  });

  test.each([
    [{}, "secrets is empty: give at least one"],
    [{ TOKEN: undefined }, "secrets.TOKEN is missing: give it"],
  ])("fails when secrets are %j", async (secrets, problem) => {
    const refused = await refusal(() => new SecretStore("ship", { secrets: secrets as never }));
    expect(refused).toEqual(refusalOf(type, "ship", problem));
  });

  test.each<[Partial<SecretStoreArgs>, string]>([
    [
      { secrets: { TOKEN: pulumi.secret("") } },
      "secrets.TOKEN is a secret value that does not fit: give a text",
    ],
    [
      { secrets: { TOKEN: pulumi.secret(canary.repeat(2_000)) } },
      "secrets.TOKEN is a secret value that does not fit: give at most 65536 bytes",
    ],
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
      () => new SecretStore("ship", { secrets: { TOKEN: pulumi.secret(canary) }, ...args }),
    );
    expect(message).toBe(unusable(type, "ship", problem));
  });
});
