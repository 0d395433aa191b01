import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../../components";
import type { Way } from "./services";

const handler = "handler.handler";
const runtime = "python3.13";
const environment = { GREETING: "Hello" };

/** Registers functions that have a little configuration and are otherwise as by default. */
export function registerFunctions(way: Way, count: number): void {
  const provider = new Provider("aws", {
    region: "eu-central-1",
    accessKey: "test",
    secretKey: "test",
    // A preview of what is not there asks AWS for nothing but this.
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRequestingAccountId: true,
  });
  // Ready-made, so that registering is measured and not packaging.
  const code = new pulumi.asset.FileArchive("apps/archive/src");
  for (let i = 0; i < count; i++) {
    const name = `function-${i}`;
    if (way === "by hand") byHand(name, code, provider);
    else {
      const args = { code, handler, runtime, environment };
      new LambdaFunction(name, args, { providers: [provider] });
    }
  }
}

/** What a {@link LambdaFunction} makes, with the provider's own classes; a test holds it equal. */
function byHand(name: string, code: pulumi.asset.Archive, provider: Provider): void {
  const opts = { provider };
  const logs = new cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: 30 }, opts);
  const role = new iam.Role(
    `${name}-role`,
    {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: ["sts:AssumeRole"],
          },
        ],
      }),
    },
    opts,
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: [pulumi.interpolate`${logs.arn}:*`],
          },
        ],
      }),
    },
    opts,
  );
  const made = new lambda.Function(
    name,
    {
      code,
      handler,
      runtime,
      architectures: ["arm64"],
      memorySize: 256,
      timeout: 30,
      ephemeralStorage: { size: 512 },
      environment: { variables: environment },
      role: role.arn,
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        logGroup: logs.name,
      },
      tracingConfig: { mode: "PassThrough" },
      publish: true,
    },
    { ...opts, dependsOn: policy },
  );
  new lambda.Alias(
    `${name}-live`,
    { name: "live", functionName: made.name, functionVersion: made.version },
    opts,
  );
}
