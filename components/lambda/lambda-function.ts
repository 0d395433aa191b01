import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { keyStatements, policyDocument, trustPolicy } from "../iam/grant";
import { createAlarm } from "../monitoring/alarm";
import { checkArguments, type LambdaFunctionArgs } from "./lambda-function-args";

const type = "groundwork:lambda:LambdaFunction";

/**
 * A function in AWS Lambda with everything it owns: a role that allows what its grants say and no
 * more, a log group with an end to it, and an alias `live` that always leads to the last published
 * version. Callers and event sources use the alias, so that a version can be taken back.
 *
 * Children: `name` (the function), `name-role`, `name-policy`, `name-logs`, `name-live`, and
 * `name-errors-alarm` and `name-throttles-alarm` where there is somebody to tell.
 *
 * @example
 * const archive = new LambdaFunction("archive", {
 *   code: "apps/archive/src",
 *   handler: "handler.handler",
 *   runtime: "python3.13",
 *   grants: [bucket.grantPut()],
 * });
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/welcome.html
 */
export class LambdaFunction extends pulumi.ComponentResource {
  /** The function itself. */
  readonly function: lambda.Function;
  /** The alias `live`, which leads to the last published version. */
  readonly alias: lambda.Alias;
  /** The role the function runs as. */
  readonly role: iam.Role;
  /** Where the function's log goes. */
  readonly logGroup: cloudwatch.LogGroup;
  /** The function's name. */
  readonly functionName: pulumi.Output<string>;
  /** ARN of the alias `live`: what callers call. */
  readonly arn: pulumi.Output<string>;
  /** After how many seconds a call is ended. */
  readonly timeoutSeconds: pulumi.Output<number>;

  /**
   * @throws {InvalidArgumentsError} for a missing or too large code folder, and for arguments
   * outside what Lambda takes
   */
  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkArguments(type, name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const grants = args.grants ?? [];

    this.logGroup = new cloudwatch.LogGroup(
      `${name}-logs`,
      { retentionInDays: checked.logRetentionDays, kmsKeyId: checked.kmsKeyArn },
      parent,
    );
    this.role = new iam.Role(
      `${name}-role`,
      { assumeRolePolicy: trustPolicy("lambda.amazonaws.com") },
      parent,
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      {
        role: this.role.name,
        policy: policyDocument([
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${this.logGroup.arn}:*`],
          },
          ...keyStatements(checked.kmsKeyArn, ["kms:Decrypt"]),
          ...grants.flatMap((grant) => grant.statements),
        ]),
      },
      parent,
    );
    this.function = new lambda.Function(
      name,
      {
        description: args.description,
        code: checked.code,
        handler: checked.handler,
        runtime: checked.runtime,
        architectures: [args.architecture ?? "arm64"],
        memorySize: checked.memoryMiB,
        timeout: checked.timeoutSeconds,
        environment: { variables: checked.environment },
        kmsKeyArn: checked.kmsKeyArn,
        reservedConcurrentExecutions: checked.reservedConcurrency,
        role: this.role.arn,
        loggingConfig: { logFormat: "JSON", logGroup: this.logGroup.name },
        publish: true,
      },
      // Its first call needs what the policy allows.
      { ...parent, dependsOn: policy },
    );
    this.alias = new lambda.Alias(
      `${name}-live`,
      {
        name: "live",
        functionName: this.function.name,
        functionVersion: this.function.version,
      },
      parent,
    );
    if (checked.alarmActions.length > 0) this.createAlarms(name, checked.alarmActions);

    this.functionName = this.function.name;
    this.arn = this.alias.arn;
    this.timeoutSeconds = pulumi.output(checked.timeoutSeconds);
    this.registerOutputs({ functionName: this.functionName, arn: this.arn });
  }

  /** An alarm for each way in which calls are lost. */
  private createAlarms(name: string, actions: readonly pulumi.Input<string>[]): void {
    const lost = {
      Errors: "fail: its log says why",
      Throttles: "are refused: raise its concurrency",
    };
    for (const [metricName, what] of Object.entries(lost)) {
      createAlarm(
        `${name}-${metricName.toLowerCase()}-alarm`,
        {
          description: pulumi.interpolate`Calls of ${this.function.name} ${what}`,
          namespace: "AWS/Lambda",
          metricName,
          dimensions: { FunctionName: this.function.name },
          statistic: "Sum",
          threshold: 0,
          actions,
        },
        { parent: this },
      );
    }
  }
}
