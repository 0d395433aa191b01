import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { type Grant, grantedEnvironment } from "../iam/grant";
import { checkAlarmActions } from "../monitoring/alarm";
import {
  arn,
  componentName,
  environmentVariableName,
  logRetentionDays,
  matching,
  oneOf,
  wholeNumber,
} from "../rules";
import { packageFolder } from "./package";

/** Arguments of {@link LambdaFunction}. */
export interface LambdaFunctionArgs {
  /**
   * The folder that holds the code, from where the program runs; or a ready-made archive. A folder
   * is zipped so that the same content is the same package on every machine.
   */
  readonly code: string | pulumi.asset.Archive;
  /**
   * What Lambda calls, in the words of the runtime: `module.function` for Python and Node.js.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/foundation-progmodel.html
   */
  readonly handler: pulumi.Input<string>;
  /**
   * The runtime's identifier, like `python3.13` or `nodejs22.x`.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
   */
  readonly runtime: pulumi.Input<string>;
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
   * Environment variables. Not for secrets: whoever may see the function sees them. Put
   * them into a {@link SecretStore} and pass its `grantRead()` in `grants`.
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
   * For how many days the log is kept.
   * @default 30
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  readonly logRetentionDays?: number;
  /**
   * How many calls may run at once, taken from the account's pool; 0 stops the function.
   * @default no limit but the account's
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: pulumi.Input<number>;
  /**
   * ARN of the KMS key that encrypts the environment and the log. The key's policy must let
   * CloudWatch Logs use it.
   * @default keys that AWS keeps
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * ARNs of what is told when a call fails or is refused for want of concurrency, and when that is
   * over: best an {@link AlarmTopic}'s.
   * @default none, and no alarms are made
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  /** What the function is for, shown in the console. */
  readonly description?: pulumi.Input<string>;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reservedVariable = /^(AWS_|LAMBDA_|_)/;

/**
 * Checks the arguments of a function, and fills in what they leave out.
 * @param type the component's type, for the error
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkArguments(type: string, name: string, args: LambdaFunctionArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<LambdaFunctionArgs>(args, {
    code: true,
    handler: true,
    runtime: true,
    architecture: true,
    memoryMiB: true,
    timeoutSeconds: true,
    environment: true,
    grants: true,
    logRetentionDays: true,
    reservedConcurrency: true,
    kmsKeyArn: true,
    alarmActions: true,
    description: true,
  });
  // "-role" and Pulumi's 8 characters are added; IAM takes 64.
  check.input("name", name, componentName(51));
  const retention = args.logRetentionDays ?? 30;
  check.input("logRetentionDays", retention, logRetentionDays);
  check.input("architecture", args.architecture, oneOf("arm64", "x86_64"));
  const checked = {
    code: code(check, args.code),
    handler: check.required(
      "handler",
      args.handler,
      matching(/^[^\s]{1,128}$/, "1 to 128 characters without blanks, like handler.handler"),
    ),
    runtime: check.required(
      "runtime",
      args.runtime,
      matching(/^[a-z][a-z0-9.]*$/, "a runtime's identifier, like python3.13 or nodejs22.x"),
    ),
    memoryMiB: check.input("memoryMiB", args.memoryMiB ?? 256, wholeNumber(128, 10_240, "MiB")),
    timeoutSeconds: check.input(
      "timeoutSeconds",
      args.timeoutSeconds ?? 30,
      wholeNumber(1, 900, "seconds"),
    ),
    reservedConcurrency: check.input(
      "reservedConcurrency",
      args.reservedConcurrency,
      wholeNumber(0, 1_000_000),
    ),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    environment: environment(check, args),
    logRetentionDays: retention,
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  check.throwIfAny();
  return checked;
}

function code(check: ArgumentCheck, given: LambdaFunctionArgs["code"]) {
  if (given === undefined || given === null) check.problem("code is missing: give a folder");
  if (typeof given !== "string") return given;
  try {
    return packageFolder(given);
  } catch (error) {
    check.problem(`code: ${(error as Error).message}`);
    return undefined;
  }
}

/** The grants' variables and the caller's own, which must not say two things of one name. */
function environment(check: ArgumentCheck, args: LambdaFunctionArgs) {
  const own = check.noSecrets(
    "environment",
    args.environment,
    "put it into a SecretStore and pass its grantRead() in grants",
  );
  const granted = environmentOf(check, args.grants ?? []);
  for (const variable of Object.keys({ ...granted, ...own })) {
    const wrong =
      environmentVariableName(variable) ??
      (reservedVariable.test(variable) ? "Lambda keeps names that begin so for itself" : undefined);
    if (wrong !== undefined) check.problem(`environment has a variable "${variable}": ${wrong}`);
    if (Object.hasOwn(granted, variable) && Object.hasOwn(own, variable)) {
      check.problem(
        `environment sets "${variable}", which a grant sets too: leave it to the grant`,
      );
    }
  }
  return { ...granted, ...own };
}

function environmentOf(check: ArgumentCheck, grants: readonly Grant[]) {
  try {
    return grantedEnvironment(grants);
  } catch (error) {
    check.problem((error as Error).message);
    return {};
  }
}
