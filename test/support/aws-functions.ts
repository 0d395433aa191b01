import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction, Layer, type LayerArgs } from "../../components";
import type { CodeArgs } from "../../components/lambda/function-code";
import type { ImageArgs } from "../../components/lambda/function-image";
import type {
  CodeFunctionArgs,
  FunctionSettings,
  ImageFunctionArgs,
} from "../../components/lambda/lambda-function-args";
import type { Deployment } from "./aws";
import type { Stores } from "./aws-stores";

/** A function that logs what it is called with. */
const code = new pulumi.asset.AssetArchive({
  "handler.py": new pulumi.asset.StringAsset("def handler(event, context):\n    print(event)\n"),
});
const least = { code, handler: "handler.handler", runtime: "python3.13" } as const;

/** Makes functions of every sort. @returns one that is a package */
export function createFunctions(deployment: Deployment, stores: Stores): LambdaFunction {
  const { opts } = deployment;
  const name = (each: string) => deployment.name(each);

  const layer = new Layer(
    name("tools"),
    deployment.args<LayerArgs>(
      "Layer",
      { code, runtime: "python3.13" },
      { code, runtime: "python3.13", architecture: "arm64", description: "Tools of the shop" },
    ),
    opts,
  );
  const asked = new LambdaFunction(name("asked"), least, opts);
  const full = settings(deployment, stores, asked);

  const ship = new LambdaFunction(
    name("ship"),
    deployment.args<CodeFunctionArgs, keyof ImageArgs | "snapStart">("LambdaFunction", least, {
      ...full,
      ...least,
      layers: [layer],
      codeSigningConfigArn:
        "arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-0123456789abcdef0",
    }),
    opts,
  );
  new LambdaFunction(name("snap"), { ...least, snapStart: true }, opts);
  const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${"0123456789abcdef".repeat(4)}`;
  new LambdaFunction(
    name("render"),
    deployment.args<ImageFunctionArgs, keyof CodeArgs>(
      "LambdaFunction",
      { image },
      {
        ...full,
        ...{ image, command: ["app.handler"], entryPoint: ["/entry"] },
        // Holds a version, as after a rollback.
        rollout: { version: "1" },
      },
    ),
    opts,
  );
  return ship;
}

/** What functions of every sort can have. */
function settings(
  { around }: Deployment,
  { grants, queue, bus, alarmActions }: Stores,
  asked: LambdaFunction,
): Required<FunctionSettings> {
  const { kmsKeyArn, vpcId, subnetIds, accessPointArn } = around;
  return {
    architecture: "arm64",
    memoryMiB: 512,
    timeoutSeconds: 60,
    ephemeralStorageMiB: 1_024,
    environment: { GREETING: "Hello" },
    grants: [...grants, asked.grantInvoke()],
    permissionsBoundaryArn: "arn:aws:iam::aws:policy/PowerUserAccess",
    vpc: { vpcId, subnetIds: [...subnetIds] },
    fileSystem: { accessPointArn, localMountPath: "/mnt/models", readOnly: true },
    tracing: "Active",
    logRetentionDays: 7,
    applicationLogLevel: "WARN",
    systemLogLevel: "WARN",
    retainLogOnDelete: false,
    reservedConcurrency: 10,
    provisionedConcurrency: 2,
    asyncInvocation: {
      maximumRetryAttempts: 1,
      maximumEventAgeSeconds: 3_600,
      onFailure: queue,
      onSuccess: bus,
    },
    recursiveLoop: "Allow",
    kmsKeyArn,
    alarmActions,
    rollout: {
      strategy: "Canary",
      percentage: 20,
      intervalMinutes: 1,
      alarms: ["shop-latency"],
      beforeTraffic: asked,
      afterTraffic: asked,
      deadlineSeconds: 120,
    },
    description: "Ships what was ordered",
  };
}
