import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import {
  environmentName,
  type Grant,
  keyStatements,
  policyDocument,
  trustPolicy,
} from "../iam/grant";
import type { Health } from "../monitoring/health";
import { asyncStatements } from "./async-invocation";
import { createFunctionAlarms } from "./function-alarms";
import { mountStatement } from "./function-file-system";
import { functionHealth } from "./function-health";
import { connectToVpc, networkInterfaceStatements } from "./function-vpc";
import { createInvocationSettings } from "./invocation-settings";
import { checkArguments, type LambdaFunctionArgs } from "./lambda-function-args";
import { createRelease } from "./release";

const type = "groundwork:lambda:LambdaFunction";

/** What X-Ray is told; IAM can't limit it to a resource. */
const tracingStatement = {
  actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  resources: ["*"],
};

/**
 * A function in AWS Lambda with everything it owns: a role that allows what its grants say and no
 * more, a log group with an end to it, and an alias `live` that always leads to the last published
 * version. Callers and event sources use the alias, so that a version can be taken back.
 *
 * Children: `name` (the function), `name-role`, `name-policy`, `name-logs`, `name-live`; where there
 * is somebody to tell, `name-errors-alarm`, `name-throttles-alarm`, `name-dropped-events-alarm` and
 * `name-duration-alarm`; and where new versions come gradually, those of {@link createRelease}.
 * Where the arguments ask for them: `name-security-group` with the rules `name-https` and
 * `name-nfs`, `name-provisioned`, `name-async` and `name-recursion`.
 *
 * @example
 * const archive = new LambdaFunction("archive", {
 *   code: "apps/archive/src",
 *   handler: "handler.handler",
 *   runtime: "python3.13",
 *   grants: [bucket.grantPut()],
 * });
 * const report = new LambdaFunction("report", { image: reportImage, memoryMiB: 2048 });
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

  private readonly name: string;
  private readonly alarms: Health["alarms"];
  private readonly environmentName: string;
  private readonly ownSecurityGroup: ec2.SecurityGroup | undefined;

  /**
   * @throws {InvalidArgumentsError} for code that is missing, can't be built or is too large, and
   * for arguments outside what Lambda takes or that contradict each other
   */
  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkArguments(type, name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { grants, vpc, fileSystem } = checked;
    const hasVariables = Object.keys(checked.environment).length > 0;

    this.logGroup = new cloudwatch.LogGroup(
      `${name}-logs`,
      { ...checked.log.group, kmsKeyId: checked.kmsKeyArn },
      parent,
    );
    this.role = new iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: trustPolicy("lambda.amazonaws.com"),
        permissionsBoundary: checked.permissionsBoundaryArn,
      },
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
          ...(vpc === undefined ? [] : networkInterfaceStatements(this.logGroup.arn)),
          ...(fileSystem === undefined ? [] : [mountStatement(fileSystem)]),
          ...(checked.tracing === "Active" ? [tracingStatement] : []),
          ...asyncStatements(checked.asyncInvocation),
        ]),
      },
      parent,
    );
    const network = vpc && connectToVpc(name, vpc, fileSystem !== undefined, parent);
    this.ownSecurityGroup = network?.securityGroup;
    this.function = new lambda.Function(
      name,
      {
        description: checked.description,
        ...checked.source,
        architectures: [checked.architecture],
        memorySize: checked.memoryMiB,
        timeout: checked.timeoutSeconds,
        ephemeralStorage: { size: checked.ephemeralStorageMiB },
        // Lambda keeps no empty environment, nor its key: each update would set them again.
        ...(hasVariables && {
          environment: { variables: checked.environment },
          kmsKeyArn: checked.kmsKeyArn,
        }),
        reservedConcurrentExecutions: checked.reservedConcurrency,
        role: this.role.arn,
        loggingConfig: { ...checked.log.config, logGroup: this.logGroup.name },
        tracingConfig: { mode: checked.tracing },
        vpcConfig: network?.config,
        fileSystemConfig: fileSystem && {
          arn: fileSystem.accessPointArn,
          localMountPath: fileSystem.localMountPath,
        },
        publish: true,
      },
      // Its first call needs what the policy allows.
      { ...parent, dependsOn: policy },
    );
    const { alarmActions: actions } = checked;
    const { gradual, version } = checked.rollout;
    const release =
      gradual &&
      createRelease(
        name,
        { function: this.function, aliasName: "live", rollout: gradual, actions },
        this,
      );
    this.alias = new lambda.Alias(
      `${name}-live`,
      {
        name: "live",
        functionName: this.function.name,
        functionVersion: version ?? this.function.version,
      },
      // What is held serves at once.
      { ...parent, ...release, ...(version !== undefined && { hooks: {} }) },
    );
    createInvocationSettings(name, this, checked, parent);
    const { timeoutSeconds } = checked;
    const alarms =
      actions.length === 0
        ? []
        : createFunctionAlarms(name, { function: this.function, timeoutSeconds, actions }, parent);

    this.functionName = this.function.name;
    this.arn = this.alias.arn;
    this.timeoutSeconds = pulumi.output(checked.timeoutSeconds);
    this.name = name;
    this.alarms = alarms.map((alarm) => alarm.arn);
    this.environmentName = environmentName(name, "FUNCTION_ARN");
    this.registerOutputs({ functionName: this.functionName, arn: this.arn });
  }

  /**
   * Its own security group, for rules about what it may reach.
   * @throws {Error} where it has none: `vpc` names no `vpcId`
   */
  get securityGroup(): ec2.SecurityGroup {
    if (this.ownSecurityGroup !== undefined) return this.ownSecurityGroup;
    throw new pulumi.RunError("The function has no security group of its own: give it vpc.vpcId.");
  }

  /** How the function is, for a {@link Dashboard}. */
  health(): Health {
    return functionHealth(this.name, this.functionName, this.alarms);
  }

  /** What it takes to call the function. Environment: `NAME_FUNCTION_ARN`, the alias's ARN. */
  grantInvoke(): Grant {
    return {
      statements: [{ actions: ["lambda:InvokeFunction"], resources: [this.arn] }],
      environment: { [this.environmentName]: this.arn },
    };
  }
}
