import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { checkGrants, type Grant } from "../iam/grant";
import { checkAlarmActions } from "../monitoring/alarm";
import { arn, componentName, oneOf, textUpTo, wholeNumber } from "../rules";
import { type AsyncInvocation, checkAsyncInvocation } from "./async-invocation";
import type { Architecture } from "./code";
import { type CodeArgs, checkCode, codeArguments, type FunctionSource } from "./function-code";
import { checkEnvironment } from "./function-environment";
import { checkFileSystem, type FunctionFileSystem } from "./function-file-system";
import { checkImage, type ImageArgs, imageArguments } from "./function-image";
import { checkLog, type FunctionLogArgs, logArguments } from "./function-log";
import { checkFunctionRollout, type FunctionRollout } from "./function-rollout";
import { checkVpc, type FunctionVpc } from "./function-vpc";

/** What functions of any kind have. */
export interface FunctionSettings extends FunctionLogArgs {
  /**
   * The processor it runs on. Compiled dependencies in the package must be made for it.
   * @default "arm64", which costs a fifth less
   * @see https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
   */
  readonly architecture?: "arm64" | "x86_64";
  /**
   * Memory in MiB, 128 to 10240; processing power grows with it.
   * @default 256
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  readonly memoryMiB?: pulumi.Input<number>;
  /**
   * After how many seconds a call is ended, 1 to 900.
   * @default 30
   */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /**
   * How much a call may write to `/tmp`, 512 to 10240 MiB.
   * @default 512
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
   */
  readonly ephemeralStorageMiB?: pulumi.Input<number>;
  /**
   * Environment variables, 4 KB together. Not for secrets: whoever may see the function sees them.
   * Put them into a {@link SecretStore} and pass its `grantRead()` in `grants`.
   * @default none beyond those of the grants
   */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * What the function may use: each grant adds its permission to the role and its variables to the
   * environment.
   * @default none: the function may write its own log and nothing else
   * @example grants: [bucket.grantPut(), store.grantRead("API_TOKEN")]
   */
  readonly grants?: readonly Grant[];
  /**
   * The most that the role may be allowed, whatever its policies say: ARN of an IAM policy.
   * @default none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
  /**
   * Connects the function to a VPC. Then it reaches what is there, and nothing else but by a NAT
   * gateway or endpoints of the VPC.
   * @default none: it reaches the internet and the APIs of AWS
   * @example vpc: { vpcId: network.vpcId, subnetIds: network.privateSubnetIds }
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  readonly vpc?: FunctionVpc;
  /**
   * A file system that all calls share, and that stays. Needs `vpc`.
   * @default none: only `/tmp`, which goes with the execution environment
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem-efs.html
   */
  readonly fileSystem?: FunctionFileSystem;
  /**
   * Whether X-Ray is told of calls: "Active" of a sample of all of them, "PassThrough" of those
   * whose caller asks for it.
   * @default "PassThrough"
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
   */
  readonly tracing?: "Active" | "PassThrough";
  /**
   * How many calls may run at once, taken from the account's pool; 0 stops the function.
   * @default no limit but the account's
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: pulumi.Input<number>;
  /**
   * How many execution environments stand ready at any time, at the most as many as
   * `reservedConcurrency`. They cost also while nobody calls.
   * @default none: a call that finds none free waits for one to start
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly provisionedConcurrency?: pulumi.Input<number>;
  /**
   * What becomes of calls whose caller does not wait: how often they are tried again, and where
   * those go that are given up.
   * @default tried again twice within six hours, then lost
   * @example asyncInvocation: { maximumRetryAttempts: 1, onFailure: failedOrders }
   */
  readonly asyncInvocation?: AsyncInvocation;
  /**
   * Whether Lambda stops a loop in which the function, by way of a queue, a topic or a bucket,
   * calls itself again and again.
   * @default "Terminate", after about 16 rounds
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  readonly recursiveLoop?: "Terminate" | "Allow";
  /**
   * ARN of the KMS key that encrypts the environment and the log. The key's policy must let
   * CloudWatch Logs use it.
   * @default keys that AWS keeps
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * ARNs of what is told when a call fails, is refused for want of concurrency or given up, or takes
   * nearly too long, and when that is over: best an {@link AlarmTopic}'s.
   * @default none, and no alarms are made
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  /**
   * How a new version takes the place of the one before it.
   * @default all calls go over at once
   * @example rollout: { strategy: "Canary", percentage: 10, intervalMinutes: 5 }
   */
  readonly rollout?: FunctionRollout;
  /**
   * What the function is for, shown in the console; 256 characters at the most.
   * @default nothing
   */
  readonly description?: pulumi.Input<string>;
}

/** Each argument of one kind of function, which another kind does not have. */
type Without<Args> = { readonly [Name in keyof Args]?: undefined };

/** Arguments of a {@link LambdaFunction} that is a package. */
export type CodeFunctionArgs = FunctionSettings & CodeArgs & Without<ImageArgs>;

/** Arguments of a {@link LambdaFunction} that is a container image. */
export type ImageFunctionArgs = FunctionSettings & ImageArgs & Without<CodeArgs>;

/** Arguments of {@link LambdaFunction}. */
export type LambdaFunctionArgs = CodeFunctionArgs | ImageFunctionArgs;

/**
 * Checks the arguments of a function, and fills in what they leave out.
 * @param type the component's type, for the error
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkArguments(type: string, name: string, args: LambdaFunctionArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<LambdaFunctionArgs>(args, {
    ...codeArguments,
    ...imageArguments,
    architecture: true,
    memoryMiB: true,
    timeoutSeconds: true,
    ephemeralStorageMiB: true,
    environment: true,
    grants: true,
    permissionsBoundaryArn: true,
    vpc: true,
    fileSystem: true,
    tracing: true,
    ...logArguments,
    reservedConcurrency: true,
    provisionedConcurrency: true,
    asyncInvocation: true,
    recursiveLoop: true,
    kmsKeyArn: true,
    alarmActions: true,
    rollout: true,
    description: true,
  });
  // "-role" and Pulumi's 8 characters are added; IAM takes 64.
  check.input("name", name, componentName(51));
  const log = checkLog(check, args);
  const architecture = args.architecture ?? "arm64";
  check.input("architecture", architecture, oneOf("arm64", "x86_64"));
  const tracing = args.tracing ?? "PassThrough";
  check.input("tracing", tracing, oneOf("Active", "PassThrough"));
  const recursiveLoop = args.recursiveLoop ?? "Terminate";
  check.input("recursiveLoop", recursiveLoop, oneOf("Terminate", "Allow"));
  const { source, environment } = checkSource(check, args, architecture);
  const grants = checkGrants(check, args.grants);
  const checked = {
    source,
    architecture,
    memoryMiB: check.input("memoryMiB", args.memoryMiB ?? 256, wholeNumber(128, 10_240, "MiB")),
    timeoutSeconds: check.input(
      "timeoutSeconds",
      args.timeoutSeconds ?? 30,
      wholeNumber(1, 900, "seconds"),
    ),
    ephemeralStorageMiB: check.input(
      "ephemeralStorageMiB",
      args.ephemeralStorageMiB ?? 512,
      wholeNumber(512, 10_240, "MiB"),
    ),
    ...checkConcurrency(check, args),
    permissionsBoundaryArn: check.input(
      "permissionsBoundaryArn",
      args.permissionsBoundaryArn,
      arn("iam"),
    ),
    vpc: checkVpc(check, args.vpc),
    fileSystem: checkFileSystem(check, args.fileSystem),
    tracing,
    recursiveLoop,
    asyncInvocation: checkAsyncInvocation(check, args.asyncInvocation),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    grants,
    environment: checkEnvironment(check, args.environment, grants, environment),
    log,
    description: check.input("description", args.description, textUpTo(256)),
    alarmActions: checkAlarmActions(check, args.alarmActions),
    rollout: checkFunctionRollout(check, name, args.rollout),
  };
  if (args.fileSystem !== undefined && args.vpc === undefined) {
    check.problem("fileSystem needs vpc: a file system is reached through the network of its VPC");
  }
  if (args.snapStart) checkSnapStart(check, args);
  check.throwIfAny();
  return checked;
}

/** A function's arguments, with everything said. */
export type CheckedArguments = ReturnType<typeof checkArguments>;

/** What the function runs: a package or an image, and nothing of the other. */
function checkSource(
  check: ArgumentCheck,
  args: LambdaFunctionArgs,
  architecture: Architecture,
): FunctionSource {
  const others = args.image === undefined ? imageArguments : codeArguments;
  for (const argument of Object.keys(others) as (keyof LambdaFunctionArgs)[]) {
    if (args[argument] === undefined || argument === "image") continue;
    check.problem(
      args.image === undefined
        ? `${argument} is given without image: only an image has one`
        : `image and ${argument} are both given: leave one of them out`,
    );
  }
  return args.image === undefined
    ? checkCode(check, args, architecture)
    : { source: checkImage(check, args), environment: {} };
}

function checkConcurrency(check: ArgumentCheck, args: FunctionSettings) {
  const { reservedConcurrency: reserved, provisionedConcurrency: provisioned } = args;
  if (typeof reserved === "number" && typeof provisioned === "number" && provisioned > reserved) {
    check.problem(
      `provisionedConcurrency is ${provisioned}: give at most the ${reserved} of reservedConcurrency`,
    );
  }
  return {
    reservedConcurrency: check.input("reservedConcurrency", reserved, wholeNumber(0, 1_000_000)),
    provisionedConcurrency: check.input(
      "provisionedConcurrency",
      provisioned,
      wholeNumber(1, 1_000_000),
    ),
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-limitations */
function checkSnapStart(check: ArgumentCheck, args: LambdaFunctionArgs): void {
  const { ephemeralStorageMiB: storage } = args;
  const without = [
    ...(args.provisionedConcurrency === undefined ? [] : ["provisionedConcurrency"]),
    ...(args.fileSystem === undefined ? [] : ["fileSystem"]),
    ...(typeof storage === "number" && storage > 512 ? ["ephemeralStorageMiB above 512"] : []),
  ];
  for (const each of without) {
    check.problem(`snapStart does not go with ${each}: leave one of them out`);
  }
}
