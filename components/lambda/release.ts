import * as codedeploy from "@pulumi/aws/codedeploy";
import * as iam from "@pulumi/aws/iam";
import type * as lambda from "@pulumi/aws/lambda";
import type { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement, trustPolicy } from "../iam/grant";
import { createAlarm } from "../monitoring/alarm";
import { codeDeploy } from "./code-deploy";
import type { GradualRollout } from "./function-rollout";
import { shiftTraffic } from "./traffic-shift";

/** What is released, and how. */
interface ReleaseArgs {
  readonly function: lambda.Function;
  /** The alias whose calls go over to new versions. */
  readonly aliasName: string;
  readonly rollout: GradualRollout;
  /** ARNs of what is told when a new version is taken back. */
  readonly actions: readonly pulumi.Input<string>[];
}

/**
 * Has CodeDeploy move an alias from version to version: before Pulumi would update the alias, a hook
 * starts the deployment and waits for its end. What then is left for Pulumi is to note it.
 *
 * Makes `name-release` (the application), `name-release-config`, `name-release-group`,
 * `name-release-role`, `name-release-policy`, `name-release-errors-alarm`, and
 * `name-before-traffic` and `name-after-traffic` (what these functions may do).
 *
 * @returns the options with which the alias is made
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-rolling-deployments.html
 */
export function createRelease(
  name: string,
  args: ReleaseArgs,
  parent: pulumi.ComponentResource,
): pulumi.CustomResourceOptions {
  const { rollout, aliasName } = args;
  const opts = { parent };
  const { name: functionName, arn: functionArn, version } = args.function;

  const alarm = createAlarm(
    `${name}-release-errors-alarm`,
    {
      description: pulumi.interpolate`Calls of version ${version} of ${functionName} fail: while it is being released, it is taken back`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      // Of the new version alone: one that mends the errors of another must not be refused for them.
      dimensions: {
        FunctionName: functionName,
        Resource: pulumi.interpolate`${functionName}:${aliasName}`,
        ExecutedVersion: version,
      },
      statistic: "Sum",
      threshold: 0,
      actions: args.actions,
    },
    // An alarm that is changed keeps its state, with which the next version would be refused at once.
    { ...opts, replaceOnChanges: ["dimensions"] },
  );
  const application = new codedeploy.Application(
    `${name}-release`,
    { computePlatform: "Lambda" },
    opts,
  );
  const config = new codedeploy.DeploymentConfig(
    `${name}-release-config`,
    { computePlatform: "Lambda", trafficRoutingConfig: trafficRouting(rollout) },
    opts,
  );
  const role = new iam.Role(
    `${name}-release-role`,
    { assumeRolePolicy: trustPolicy("codedeploy.amazonaws.com") },
    opts,
  );
  const asked = {
    "before-traffic": rollout.beforeTraffic,
    "after-traffic": rollout.afterTraffic,
  };
  const askedFunctions = [rollout.beforeTraffic, rollout.afterTraffic].flatMap(
    (each) => each ?? [],
  );
  const policy = new iam.RolePolicy(
    `${name}-release-policy`,
    {
      role: role.name,
      policy: policyDocument(
        whatItTakes(
          functionArn,
          alarm.arn,
          askedFunctions.map((each) => each.function.arn),
        ),
      ),
    },
    opts,
  );
  const group = new codedeploy.DeploymentGroup(
    `${name}-release-group`,
    {
      appName: application.name,
      deploymentGroupName: aliasName,
      deploymentConfigName: config.deploymentConfigName,
      serviceRoleArn: role.arn,
      deploymentStyle: {
        deploymentType: "BLUE_GREEN",
        deploymentOption: "WITH_TRAFFIC_CONTROL",
      },
      alarmConfiguration: { enabled: true, alarms: [alarm.name, ...rollout.alarms] },
      autoRollbackConfiguration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
    },
    // CodeDeploy looks at once whether it may do what it is to do.
    { ...opts, dependsOn: policy },
  );
  const answers = Object.entries(asked).flatMap(([role, called]) =>
    called === undefined
      ? []
      : new iam.RolePolicy(
          `${name}-${role}`,
          { role: called.role.name, policy: policyDocument(whatIsAsked(functionArn, group.arn)) },
          opts,
        ),
  );

  const target = pulumi.output({
    functionArn,
    application: application.name,
    deploymentGroup: group.deploymentGroupName,
    alias: aliasName,
    beforeTraffic: rollout.beforeTraffic?.functionName,
    afterTraffic: rollout.afterTraffic?.functionName,
  });
  const access = accessOf(parent.getProvider("aws::") as Provider | undefined);
  const hook = new pulumi.ResourceHook(`${name}-release`, async ({ newInputs, oldInputs }) => {
    if (newInputs?.["functionVersion"] === oldInputs?.["functionVersion"]) return;
    await shiftTraffic(
      {
        functionName: await known(functionName),
        version: newInputs?.["functionVersion"],
        deadlineSeconds: rollout.deadlineSeconds,
        say: (message) => void pulumi.log.info(message, parent),
        sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
      },
      await codeDeploy(await known(target), await known(access)),
    );
  });
  return { dependsOn: [group, ...answers], hooks: { beforeUpdate: [hook] } };
}

/** The value of an Output that is known by now, since what has it is made already. */
function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((done) => {
    output.apply((value) => done(value));
  });
}

/** The credentials that a provider was given by itself, as far as it tells. */
function accessOf(provider: Provider | undefined) {
  return pulumi.output({
    profile: provider?.profile,
    accessKey: provider?.accessKey,
    secretKey: provider?.secretKey,
    token: provider?.token,
  });
}

function trafficRouting({ strategy, percentage, intervalMinutes: interval }: GradualRollout) {
  switch (strategy) {
    case "Canary":
      return { type: "TimeBasedCanary", timeBasedCanary: { percentage, interval } };
    case "Linear":
      return { type: "TimeBasedLinear", timeBasedLinear: { percentage, interval } };
    case "AllAtOnce":
      return { type: "AllAtOnce" };
  }
}

/**
 * What CodeDeploy needs to move an alias; less than AWSCodeDeployRoleForLambdaLimited.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html
 */
function whatItTakes(
  functionArn: pulumi.Output<string>,
  alarmArn: pulumi.Output<string>,
  asked: readonly pulumi.Output<string>[],
): readonly Statement[] {
  return [
    {
      actions: ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
      resources: [functionArn, pulumi.interpolate`${functionArn}:*`],
    },
    // Of the whole account: whoever asks for alarms by name asks among all.
    { actions: ["cloudwatch:DescribeAlarms"], resources: [allAlarms(alarmArn)] },
    ...(asked.length === 0 ? [] : [{ actions: ["lambda:InvokeFunction"], resources: asked }]),
  ];
}

/** The ARN of all alarms where one is. */
const allAlarms = (alarmArn: pulumi.Output<string>) =>
  alarmArn.apply((arn) => arn.replace(/:alarm:.*$/, ":alarm:*"));

/** What a function needs that is asked whether a version is good. */
function whatIsAsked(
  functionArn: pulumi.Output<string>,
  groupArn: pulumi.Output<string>,
): readonly Statement[] {
  return [
    {
      actions: ["codedeploy:GetDeployment", "codedeploy:PutLifecycleEventHookExecutionStatus"],
      resources: [groupArn],
    },
    { actions: ["lambda:InvokeFunction"], resources: [pulumi.interpolate`${functionArn}:*`] },
  ];
}
