import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { SecretStore } from "../../../components/configuration/secret-store";
import { Bucket } from "../../../components/data/bucket";
import type { Grant } from "../../../components/iam/grant";
import { folderFiles } from "../../../components/lambda/code";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import type { CodeFunctionArgs } from "../../../components/lambda/lambda-function-args";
import { packageFiles } from "../../../components/lambda/package";
import { findSecrets, type Recording, record } from "../../../components/testing";
import { canary, secretCanaries } from "../../support/canary";
import { makeFolder } from "../../support/folders";
import { parsed } from "../../support/inputs";
import { allowing, policyOf, trusting } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:lambda:LambdaFunction";
const lambdaFunction = "aws:lambda/function:Function";
const alias = "aws:lambda/alias:Alias";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";

const functionName = "archive-1234567";
const aliasArn = "arn:aws:lambda:eu-central-1:123456789012:function:archive-1234567:live";
const roleArn = "arn:aws:iam::123456789012:role/archive-role-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const boundary = "arn:aws:iam::123456789012:policy/boundary";
const signing = "arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-1";

const writingTheLog = allowing(
  ["logs:CreateLogStream", "logs:PutLogEvents"],
  "arn:aws:logs:eu-central-1:123456789012:log-group:archive-logs-1234567:*",
);

const code = makeFolder({ "handler.py": "def handler(event, context): ...\n" });
const required = { code, handler: "handler.handler", runtime: "python3.13" };

const recordArchive = (args: () => Partial<CodeFunctionArgs> = () => ({})) =>
  record(() => {
    const archive = new LambdaFunction("archive", { ...required, ...args() });
    return {
      arn: archive.arn,
      functionName: archive.functionName,
      timeoutSeconds: archive.timeoutSeconds,
      function: archive.function.name,
      alias: archive.alias.arn,
      role: archive.role.arn,
      logGroup: archive.logGroup.name,
    };
  });

/** The function's inputs, with the path of its archive for `code`. */
async function functionInputs(recording: Recording): Promise<Record<string, unknown>> {
  const { code, ...inputs } = recording.one(lambdaFunction, "archive").inputs;
  return { ...inputs, code: await (code as pulumi.asset.FileArchive).path };
}

/** The path of a folder's archive. */
const archiveOf = (folder: string) =>
  (packageFiles("the code", folderFiles(folder)).archive as pulumi.asset.FileArchive).path;

/** A grant that is nothing but its variables. */
const grantOf = (environment: Grant["environment"]): Grant => ({ statements: [], environment });

const rolePolicyIn = (recording: Recording) =>
  parsed(recording.one(rolePolicy, "archive-policy"), "policy").policy;

describe("LambdaFunction", () => {
  test("default writes its own log for 30 days, and may do nothing else", async () => {
    const recording = await recordArchive();

    expect(recording.resources).toHaveLength(6);
    expect(recording.one(type, "archive").inputs).toEqual({});
    expect(recording.childrenOf(type, "archive")).toEqual([
      `${logGroup} archive-logs`,
      `${role} archive-role`,
      `${rolePolicy} archive-policy`,
      `${alias} archive-live`,
      `${lambdaFunction} archive`,
    ]);
    expect(recording.one(logGroup, "archive-logs").inputs).toEqual({ retentionInDays: 30 });
    expect(parsed(recording.one(role, "archive-role"), "assumeRolePolicy")).toEqual({
      assumeRolePolicy: trusting("lambda.amazonaws.com", "sts:AssumeRole"),
    });
    expect(parsed(recording.one(rolePolicy, "archive-policy"), "policy")).toEqual({
      role: "archive-role-1234567",
      policy: policyOf(writingTheLog),
    });
    expect(await functionInputs(recording)).toEqual({
      code: await archiveOf(code),
      handler: "handler.handler",
      runtime: "python3.13",
      architectures: ["arm64"],
      memorySize: 256,
      timeout: 30,
      ephemeralStorage: { size: 512 },
      role: roleArn,
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        logGroup: "archive-logs-1234567",
      },
      tracingConfig: { mode: "PassThrough" },
      publish: true,
    });
    expect(recording.one(alias, "archive-live").inputs).toEqual({
      name: "live",
      functionName,
      functionVersion: "1",
    });
    expect(recording.outputs).toEqual({
      arn: aliasArn,
      functionName,
      timeoutSeconds: 30,
      function: functionName,
      alias: aliasArn,
      role: roleArn,
      logGroup: "archive-logs-1234567",
    });
  });

  test("encrypts the log alone where there is no environment", async () => {
    const recording = await recordArchive(() => ({ kmsKeyArn: key }));
    expect(recording.one(logGroup, "archive-logs").inputs["kmsKeyId"]).toBe(key);
    expect(recording.one(lambdaFunction, "archive").inputs).not.toHaveProperty("kmsKeyArn");
  });

  test("is made once its role may do what it needs", async () => {
    const recording = await recordArchive();
    expect(recording.one(lambdaFunction, "archive").dependencies).toEqual([
      "aws:cloudwatch/logGroup:LogGroup archive-logs",
      "aws:iam/role:Role archive-role",
      "aws:iam/rolePolicy:RolePolicy archive-policy",
    ]);
  });

  test("custom takes every setting", async () => {
    const archiveFile = new pulumi.asset.FileArchive("ready.zip");
    const recording = await recordArchive(() => ({
      code: archiveFile,
      description: pulumi.output("Archives orders"),
      handler: pulumi.output("index.handler"),
      runtime: pulumi.output("nodejs22.x"),
      codeSigningConfigArn: pulumi.output(signing),
      architecture: "x86_64",
      memoryMiB: pulumi.output(128),
      timeoutSeconds: pulumi.output(900),
      ephemeralStorageMiB: pulumi.output(10_240),
      environment: { LOG_LEVEL: "DEBUG", TABLE: pulumi.output("orders") },
      permissionsBoundaryArn: pulumi.output(boundary),
      tracing: "Active",
      logRetentionDays: 3653,
      applicationLogLevel: "TRACE",
      systemLogLevel: "WARN",
      retainLogOnDelete: true,
      reservedConcurrency: 0,
      kmsKeyArn: pulumi.output(key),
    }));

    expect(recording.resources).toHaveLength(6);
    expect(await functionInputs(recording)).toEqual({
      description: "Archives orders",
      code: "ready.zip",
      handler: "index.handler",
      runtime: "nodejs22.x",
      codeSigningConfigArn: signing,
      architectures: ["x86_64"],
      memorySize: 128,
      timeout: 900,
      ephemeralStorage: { size: 10_240 },
      environment: { variables: { LOG_LEVEL: "DEBUG", TABLE: "orders" } },
      kmsKeyArn: key,
      reservedConcurrentExecutions: 0,
      role: roleArn,
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "TRACE",
        systemLogLevel: "WARN",
        logGroup: "archive-logs-1234567",
      },
      tracingConfig: { mode: "Active" },
      publish: true,
    });
    expect(recording.one(logGroup, "archive-logs").inputs).toEqual({
      retentionInDays: 3653,
      skipDestroy: true,
      kmsKeyId: key,
    });
    expect(recording.one(role, "archive-role").inputs["permissionsBoundary"]).toBe(boundary);
    expect(rolePolicyIn(recording)).toEqual(
      policyOf(
        writingTheLog,
        allowing(["kms:Decrypt"], key),
        allowing(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
      ),
    );
    expect(recording.outputs["timeoutSeconds"]).toBe(900);
  });

  test("custom may do what its grants say, and finds it by its environment", async () => {
    const recording = await recordArchive(() => ({
      environment: { LOG_LEVEL: "INFO" },
      grants: [
        new Bucket("orders").grantPut("2024/"),
        new SecretStore("ship", { secrets: { KEY: "s3cret" } }).grantRead("KEY"),
      ],
    }));

    const secretArn =
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ship-KEY-1234567-AbCdEf";
    expect(rolePolicyIn(recording)).toEqual(
      policyOf(
        writingTheLog,
        allowing(["s3:PutObject"], "arn:aws:s3:::orders-1234567/2024/*"),
        allowing(["secretsmanager:GetSecretValue"], secretArn),
      ),
    );
    expect((await functionInputs(recording))["environment"]).toEqual({
      variables: {
        LOG_LEVEL: "INFO",
        ORDERS_BUCKET: "orders-1234567",
        SHIP_KEY_SECRET_ARN: secretArn,
        SHIP_KEY_SECRET_VERSION: "1",
      },
    });
  });

  test("is called by those who hold its grant, by its alias", async () => {
    const recording = await record(() => {
      const archive = new LambdaFunction("archive", required);
      new LambdaFunction("ship", { ...required, grants: [archive.grantInvoke()] });
    });
    expect(parsed(recording.one(rolePolicy, "ship-policy"), "policy").policy.Statement[1]).toEqual(
      allowing(["lambda:InvokeFunction"], aliasArn),
    );
    expect(recording.one(lambdaFunction, "ship").inputs["environment"]).toEqual({
      variables: { ARCHIVE_FUNCTION_ARN: aliasArn },
    });
  });

  test("custom keeps environments ready for the alias, and lets the function call itself", async () => {
    const recording = await recordArchive(() => ({
      reservedConcurrency: 2,
      provisionedConcurrency: 2,
      recursiveLoop: "Allow",
    }));
    expect(recording.resources).toHaveLength(8);
    expect(
      recording.one(
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        "archive-provisioned",
      ).inputs,
    ).toEqual({ functionName, qualifier: "live", provisionedConcurrentExecutions: 2 });
    expect(
      recording.one(
        "aws:lambda/functionRecursionConfig:FunctionRecursionConfig",
        "archive-recursion",
      ).inputs,
    ).toEqual({ functionName, recursiveLoop: "Allow" });
  });

  test("fails when more environments are to stand ready than calls may run", async () => {
    const refused = await refusal(
      () =>
        new LambdaFunction("archive", {
          ...required,
          reservedConcurrency: 1,
          provisionedConcurrency: 2,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        "provisionedConcurrency is 2: give at most the 1 of reservedConcurrency",
      ),
    );
  });

  test("custom starts from a snapshot of its version", async () => {
    const recording = await recordArchive(() => ({ snapStart: true }));
    expect((await functionInputs(recording))["snapStart"]).toEqual({
      applyOn: "PublishedVersions",
    });
  });

  test("fails when a snapshot is asked for with what has none", async () => {
    const refused = await refusal(
      () =>
        new LambdaFunction("archive", {
          ...required,
          runtime: "python3.11",
          snapStart: true,
          ephemeralStorageMiB: 513,
          provisionedConcurrency: 1,
          vpc: { vpcId: "vpc-0a", subnetIds: ["subnet-0a"] },
          fileSystem: {
            accessPointArn:
              "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0a",
            localMountPath: "/mnt/data",
          },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        "snapStart does not go with runtime python3.11: leave it out",
        "snapStart does not go with provisionedConcurrency: leave one of them out",
        "snapStart does not go with fileSystem: leave one of them out",
        "snapStart does not go with ephemeralStorageMiB above 512: leave one of them out",
      ),
    );
  });

  test("default runs what the handler's file is written in", async () => {
    const { runtime: _, ...rest } = required;
    const recording = await record(() => void new LambdaFunction("archive", rest));
    expect(recording.one(lambdaFunction, "archive").inputs["runtime"]).toBe("python3.13");
  });

  test("fails when nothing says what runs the code", async () => {
    const refused = await refusal(
      () => new LambdaFunction("archive", { code, handler: "bootstrap" }),
    );
    expect(refused).toEqual(refusalOf(type, "archive", "runtime is missing: give it"));
  });

  test("knows a secret only by its ARN when it may read it", async () => {
    const recording = await recordArchive(() => ({
      grants: [
        new SecretStore("ship", { secrets: { KEY: pulumi.secret(canary) } }).grantRead("KEY"),
      ],
    }));
    expect(findSecrets(recording, canary)).toEqual({
      leaked: [],
      encrypted: [
        "aws:secretsmanager/secretVersion:SecretVersion ship-KEY-version: inputs.secretStringWo",
      ],
    });
  });

  test.each(secretCanaries)(
    "rejects %s in its environment without saying it, and is not made",
    async (_, value) => {
      const made: string[] = [];
      const message = await laterFailure(() => {
        const archive = new LambdaFunction("archive", {
          ...required,
          environment: { PLAIN: pulumi.output("fine"), TOKEN: value() },
        });
        archive.function.arn.apply((arn) => made.push(arn));
      });
      expect(message).toBe(
        unusable(
          type,
          "archive",
          "environment.TOKEN is a secret, and here others can read it: put it into a SecretStore and pass its grantRead() in grants",
        ),
      );
      expect(made).toEqual([]);
    },
  );

  test("fails when anything is outside what Lambda takes, with all of it and before anything is made", async () => {
    const missing = join(code, "missing");
    const refused = await refusal(
      () =>
        new LambdaFunction("archive", {
          code: missing,
          handler: "two words",
          runtime: "Python 3.13",
          codeSigningConfigArn: "csc-1",
          command: ["app.handler"] as unknown as undefined,
          architecture: "riscv" as "arm64",
          memoryMiB: 127,
          timeoutSeconds: 901,
          ephemeralStorageMiB: 511,
          permissionsBoundaryArn: "boundary",
          fileSystem: { accessPointArn: "fsap-1", localMountPath: "/data" },
          tracing: "active" as "Active",
          environment: { "1ST": "a", AWS_REGION: "b", ORDERS_BUCKET: "c", FINE: "d" },
          grants: [
            grantOf({
              ORDERS_BUCKET: "orders",
              "2ND_BUCKET": "e",
              LAMBDA_BUCKET: "f",
              _BUCKET: "g",
            }),
          ],
          logRetentionDays: 31,
          applicationLogLevel: "info" as "INFO",
          systemLogLevel: "ERROR" as "WARN",
          reservedConcurrency: 0.5,
          provisionedConcurrency: 0,
          recursiveLoop: "allow" as "Allow",
          kmsKeyArn: "alias/archive",
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        "logRetentionDays is 31: give one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
        'applicationLogLevel is "info": give one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL',
        'systemLogLevel is "ERROR": give one of DEBUG, INFO, WARN',
        'architecture is "riscv": give one of arm64, x86_64',
        'tracing is "active": give one of Active, PassThrough',
        'recursiveLoop is "allow": give one of Terminate, Allow',
        "command is given without image: only an image has one",
        `code: ${missing} is no folder. Give its path from where the program runs.`,
        'handler is "two words": give 1 to 128 characters without blanks, like handler.handler',
        'runtime is "Python 3.13": did you mean python3.13?',
        'codeSigningConfigArn is "csc-1": give the ARN of a resource of lambda, like arn:aws:lambda:...',
        "memoryMiB is 127: give a whole number from 128 to 10240 MiB",
        "timeoutSeconds is 901: give a whole number from 1 to 900 seconds",
        "ephemeralStorageMiB is 511: give a whole number from 512 to 10240 MiB",
        "reservedConcurrency is 0.5: give a whole number from 0 to 1000000",
        "provisionedConcurrency is 0: give a whole number from 1 to 1000000",
        'permissionsBoundaryArn is "boundary": give the ARN of a resource of iam, like arn:aws:iam:...',
        'fileSystem.accessPointArn is "fsap-1": give the ARN of an access point, like arn:aws:elasticfilesystem:...:access-point/fsap-...',
        'fileSystem.localMountPath is "/data": give a folder below /mnt, like /mnt/data',
        'kmsKeyArn is "alias/archive": give the ARN of a resource of kms, like arn:aws:kms:...',
        'environment sets "ORDERS_BUCKET", which a grant sets too: leave it to the grant',
        'environment has a variable "2ND_BUCKET": give a letter followed by letters, digits and underscores',
        'environment has a variable "LAMBDA_BUCKET": Lambda keeps names that begin so for itself',
        'environment has a variable "_BUCKET": give a letter followed by letters, digits and underscores',
        'environment has a variable "1ST": give a letter followed by letters, digits and underscores',
        'environment has a variable "AWS_REGION": Lambda keeps names that begin so for itself',
        "fileSystem needs vpc: a file system is reached through the network of its VPC",
      ),
    );
  });

  test("fails when two grants mean different things by one name, among all that is wrong", async () => {
    const refused = await refusal(
      () =>
        new LambdaFunction("archive", {
          ...required,
          timeoutSeconds: 0,
          environment: { "1ST": "a" },
          grants: [grantOf({ A_BUCKET: "one" }), grantOf({ A_BUCKET: "two" })],
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        "timeoutSeconds is 0: give a whole number from 1 to 900 seconds",
        'two grants set "A_BUCKET": give one of the components another name',
        'environment has a variable "1ST": give a letter followed by letters, digits and underscores',
      ),
    );
  });

  test("custom takes two grants on one resource, which say the same of where it is", async () => {
    const recording = await recordArchive(() => {
      const orders = new Bucket("orders");
      return { grants: [orders.grantPut(), orders.grantGet("2024/")] };
    });
    expect((await functionInputs(recording))["environment"]).toEqual({
      variables: { ORDERS_BUCKET: "orders-1234567" },
    });
  });

  test("takes a variable that bears the name of what every object has", async () => {
    const recording = await recordArchive(() => ({ environment: { constructor: "x" } as never }));
    expect((await functionInputs(recording))["environment"]).toEqual({
      variables: { constructor: "x" },
    });
  });

  test.each<[Partial<CodeFunctionArgs>, string]>([
    [
      { handler: pulumi.output("") },
      'handler is "": give 1 to 128 characters without blanks, like handler.handler',
    ],
    [
      { runtime: pulumi.output("python3.9") },
      'runtime is "python3.9": AWS no longer patches it: give python3.14',
    ],
    [
      { memoryMiB: pulumi.output(10_241) },
      "memoryMiB is 10241: give a whole number from 128 to 10240 MiB",
    ],
    [
      { timeoutSeconds: pulumi.output(0) },
      "timeoutSeconds is 0: give a whole number from 1 to 900 seconds",
    ],
    [
      { reservedConcurrency: pulumi.output(0.5) },
      "reservedConcurrency is 0.5: give a whole number from 0 to 1000000",
    ],
    [
      { kmsKeyArn: pulumi.output("1") },
      'kmsKeyArn is "1": give the ARN of a resource of kms, like arn:aws:kms:...',
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    const message = await laterFailure(
      () => new LambdaFunction("archive", { ...required, ...args }),
    );
    expect(message).toBe(unusable(type, "archive", problem));
  });
});
