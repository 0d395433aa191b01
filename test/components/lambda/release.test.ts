import * as pulumi from "@pulumi/pulumi";
import type { FunctionRollout } from "../../../components/lambda/function-rollout";
import { checkFunctionRollout } from "../../../components/lambda/function-rollout";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import { type Recording, record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { parsed } from "../../support/inputs";
import { allowing, policyOf, trusting } from "../../support/policies";
import { laterFailure, problemsOf, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:lambda:LambdaFunction";
const alias = "aws:lambda/alias:Alias";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const group = "aws:codedeploy/deploymentGroup:DeploymentGroup";
const config = "aws:codedeploy/deploymentConfig:DeploymentConfig";
const application = "aws:codedeploy/application:Application";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";

const functionName = "archive-1234567";
const functionArn = `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}`;
const groupArn =
  "arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:archive-release-1234567/live";

const code = makeFolder({ "handler.py": "def handler(event, context): ...\n" });
const required = { code, handler: "handler.handler", runtime: "python3.13" };

const recordArchive = (
  rollout: () => FunctionRollout | undefined,
  alarmActions: readonly string[] = [],
) =>
  record(
    () => void new LambdaFunction("archive", { ...required, alarmActions, rollout: rollout() }),
  );

const routingIn = (recording: Recording) =>
  recording.one(config, "archive-release-config").inputs["trafficRoutingConfig"];

describe("the rollout of a LambdaFunction", () => {
  test("default moves all calls at once, without CodeDeploy", async () => {
    const recording = await recordArchive(() => ({}));
    expect(recording.resources).toHaveLength(6);
    expect(recording.one(alias, "archive-live").hooks).toEqual([]);
  });

  test("custom has CodeDeploy move the calls of the alias, and take them back", async () => {
    const recording = await recordArchive(() => ({ strategy: "Canary" }));

    expect(recording.childrenOf(type, "archive")).toEqual([
      "aws:cloudwatch/logGroup:LogGroup archive-logs",
      `${alarm} archive-release-errors-alarm`,
      `${application} archive-release`,
      `${config} archive-release-config`,
      `${group} archive-release-group`,
      `${role} archive-release-role`,
      `${role} archive-role`,
      `${rolePolicy} archive-policy`,
      `${rolePolicy} archive-release-policy`,
      `${alias} archive-live`,
      "aws:lambda/function:Function archive",
    ]);
    expect(recording.one(application, "archive-release").inputs).toEqual({
      computePlatform: "Lambda",
    });
    expect(recording.one(config, "archive-release-config").inputs).toEqual({
      computePlatform: "Lambda",
      trafficRoutingConfig: {
        type: "TimeBasedCanary",
        timeBasedCanary: { percentage: 10, interval: 5 },
      },
    });
    expect(recording.one(group, "archive-release-group").inputs).toEqual({
      appName: "archive-release-1234567",
      deploymentGroupName: "live",
      deploymentConfigName: "archive-release-config-1234567",
      serviceRoleArn: "arn:aws:iam::123456789012:role/archive-release-role-1234567",
      deploymentStyle: {
        deploymentType: "BLUE_GREEN",
        deploymentOption: "WITH_TRAFFIC_CONTROL",
      },
      alarmConfiguration: { enabled: true, alarms: ["archive-release-errors-alarm-1234567"] },
      autoRollbackConfiguration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
    });
    expect(recording.one(group, "archive-release-group").dependencies).toContain(
      `${rolePolicy} archive-release-policy`,
    );
    const { hooks, dependencies } = recording.one(alias, "archive-live");
    expect(hooks).toEqual(["beforeUpdate archive-release"]);
    expect(dependencies).toContain(`${group} archive-release-group`);
  });

  test("lets CodeDeploy do that, and nothing else", async () => {
    const recording = await recordArchive(() => ({ strategy: "Linear" }));
    expect(parsed(recording.one(role, "archive-release-role"), "assumeRolePolicy")).toEqual({
      assumeRolePolicy: trusting("codedeploy.amazonaws.com", "sts:AssumeRole"),
    });
    expect(parsed(recording.one(rolePolicy, "archive-release-policy"), "policy")).toEqual({
      role: "archive-release-role-1234567",
      policy: policyOf(
        allowing(
          ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
          functionArn,
          `${functionArn}:*`,
        ),
        allowing(
          ["cloudwatch:DescribeAlarms"],
          "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*",
        ),
      ),
    });
  });

  test.each([[[]], [["arn:aws:sns:eu-central-1:123456789012:alarms"]]])(
    "watches the errors of the new version alone, and tells %j",
    async (actions) => {
      const recording = await recordArchive(() => ({ strategy: "Canary" }), actions);
      expect(recording.one(alarm, "archive-release-errors-alarm").inputs).toEqual({
        alarmDescription: `Calls of version 1 of ${functionName} fail: while it is being released, it is taken back`,
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: {
          FunctionName: functionName,
          Resource: `${functionName}:live`,
          ExecutedVersion: "1",
        },
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
        alarmActions: actions,
        okActions: actions,
      });
    },
  );

  test("custom goes over in equal steps, and watches more alarms", async () => {
    const recording = await recordArchive(() => ({
      strategy: "Linear",
      percentage: 25,
      intervalMinutes: 2,
      alarms: [pulumi.output("slow")],
    }));
    expect(routingIn(recording)).toEqual({
      type: "TimeBasedLinear",
      timeBasedLinear: { percentage: 25, interval: 2 },
    });
    expect(recording.one(group, "archive-release-group").inputs["alarmConfiguration"]).toEqual({
      enabled: true,
      alarms: ["archive-release-errors-alarm-1234567", "slow"],
    });
  });

  test("custom asks functions before and after, which may answer and call the version", async () => {
    const recording = await recordArchive(() => ({
      beforeTraffic: new LambdaFunction("probe", required),
      afterTraffic: new LambdaFunction("check", required),
    }));
    expect(routingIn(recording)).toEqual({ type: "AllAtOnce" });
    for (const [name, asked] of [
      ["archive-before-traffic", "probe"],
      ["archive-after-traffic", "check"],
    ] as const) {
      expect(parsed(recording.one(rolePolicy, name), "policy")).toEqual({
        role: `${asked}-role-1234567`,
        policy: policyOf(
          allowing(
            ["codedeploy:GetDeployment", "codedeploy:PutLifecycleEventHookExecutionStatus"],
            groupArn,
          ),
          allowing(["lambda:InvokeFunction"], `${functionArn}:*`),
        ),
      });
      expect(recording.one(alias, "archive-live").dependencies).toContain(`${rolePolicy} ${name}`);
    }
    const { policy } = parsed(recording.one(rolePolicy, "archive-release-policy"), "policy");
    expect((policy as { Statement: unknown[] }).Statement.at(-1)).toEqual(
      allowing(
        ["lambda:InvokeFunction"],
        "arn:aws:lambda:eu-central-1:123456789012:function:probe-1234567",
        "arn:aws:lambda:eu-central-1:123456789012:function:check-1234567",
      ),
    );
  });

  test.each(["AllAtOnce", "Canary"] as const)(
    "custom holds a version at once, with %s",
    async (strategy) => {
      const recording = await recordArchive(() => ({ strategy, version: pulumi.output("7") }));
      const { inputs, hooks } = recording.one(alias, "archive-live");
      expect(inputs["functionVersion"]).toBe("7");
      expect(hooks).toEqual([]);
    },
  );

  test("fails when it could not work, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new LambdaFunction("a".repeat(44), {
          ...required,
          rollout: {
            strategy: "Linear",
            percentage: 1,
            intervalMinutes: 30,
            alarms: ["", ...Array.from({ length: 9 }, (_, i) => `alarm-${i}`)],
            deadlineSeconds: 60,
            version: "live",
            speed: 1,
          } as FunctionRollout,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "a".repeat(44),
        'there is no argument "rollout.speed": give only strategy, percentage, intervalMinutes, alarms, beforeTraffic, afterTraffic, deadlineSeconds, version',
        'rollout.version is "live": give the number of a published version, like 7',
        `name is "${"a".repeat(44)}": give at most 43 letters, digits, hyphens and underscores: names in AWS are made of it`,
        "rollout.alarms has 10 names: CodeDeploy takes 10 alarms, and one is the function's",
        "rollout takes 2970 minutes (99 steps of 30): CodeDeploy takes 2880 at the most",
        "rollout.deadlineSeconds is 60: give more than 178200, which the steps take",
        'rollout.alarms[0] is "": give an alarm\'s name, of 1 to 255 characters',
      ),
    );
  });

  test("rejects later a version that is none", async () => {
    const message = await laterFailure(
      () =>
        new LambdaFunction("archive", {
          ...required,
          rollout: { version: pulumi.output("$LATEST") },
        }),
    );
    expect(message).toBe(
      unusable(
        type,
        "archive",
        'rollout.version is "$LATEST": give the number of a published version, like 7',
      ),
    );
  });
});

describe("checkFunctionRollout", () => {
  test.each<[FunctionRollout, number]>([
    [{ strategy: "Canary" }, 1200],
    [{ strategy: "Canary", intervalMinutes: 1 }, 960],
    [{ strategy: "Linear", percentage: 10, intervalMinutes: 1 }, 1440],
    [{ strategy: "Linear", percentage: 30, intervalMinutes: 1 }, 1080],
    [{ alarms: ["slow"] }, 900],
    [{ alarms: ["slow"], deadlineSeconds: 30 }, 30],
  ])("gives %j the time that it takes, and some", (rollout, seconds) => {
    problemsOf((check) => {
      const { gradual } = checkFunctionRollout(check, "archive", rollout);
      expect(gradual?.deadlineSeconds).toBe(seconds);
    });
  });

  test.each<[FunctionRollout, string]>([
    [
      { strategy: "Blue" as "Canary" },
      'rollout.strategy is "Blue": give one of AllAtOnce, Canary, Linear',
    ],
    [
      { strategy: "Canary", percentage: 100 },
      "rollout.percentage is 100: give a whole number from 1 to 99 percent",
    ],
    [
      { strategy: "Canary", intervalMinutes: 0 },
      "rollout.intervalMinutes is 0: give a whole number from 1 to 2880 minutes",
    ],
    [
      { percentage: 10 },
      "rollout.percentage has no effect when all calls go over at once: give a strategy, Canary or Linear",
    ],
    [
      { deadlineSeconds: 60 },
      "rollout.deadlineSeconds has no effect when all calls go over at once: give a strategy, Canary or Linear",
    ],
    [
      { alarms: ["slow"], deadlineSeconds: 29 },
      "rollout.deadlineSeconds is 29: give a whole number from 30 to 259200 seconds",
    ],
    [
      { alarms: ["arn:aws:cloudwatch:eu-central-1:1:alarm:slow"] },
      'rollout.alarms[0] is "arn:aws:cloudwatch:eu-central-1:1:alarm:slow": give an alarm\'s name, of 1 to 255 characters',
    ],
  ])("refuses %j", (rollout, problem) => {
    expect(problemsOf((check) => checkFunctionRollout(check, "archive", rollout))).toContain(
      problem,
    );
  });
});
