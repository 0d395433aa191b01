import * as pulumi from "@pulumi/pulumi";
import {
  RegistryScanning,
  type RegistryScanningArgs,
} from "../../../components/registry/registry-scanning";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { policyOf } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:registry:RegistryScanning";
const configuration = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration";
const eventRule = "aws:cloudwatch/eventRule:EventRule";
const eventTarget = "aws:cloudwatch/eventTarget:EventTarget";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const logPolicy = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
const rule = "scanning-findings-1234567";
const log = "scanning-log-1234567";
const logArn = `arn:aws:logs:eu-central-1:123456789012:log-group:${log}`;

describe("RegistryScanning", () => {
  test("default scans everything and again, and keeps what was found in a log", async () => {
    const recording = await record(() => ({
      log: new RegistryScanning("scanning").logGroup.name,
    }));

    expect(recording.resources).toHaveLength(6);
    expect(recording.childrenOf(type, "scanning")).toEqual([
      `${eventRule} scanning-findings`,
      `${eventTarget} scanning-to-log`,
      `${logGroup} scanning-log`,
      `${logPolicy} scanning-log-policy`,
      `${configuration} scanning`,
    ]);
    expect(recording.one(configuration, "scanning").inputs).toEqual({
      scanType: "ENHANCED",
      rules: [
        {
          scanFrequency: "CONTINUOUS_SCAN",
          repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }],
        },
      ],
    });
    expect(parsed(recording.one(eventRule, "scanning-findings"), "eventPattern")).toEqual({
      description: "Images with a vulnerability of severity HIGH or above",
      eventPattern: {
        source: ["aws.inspector2"],
        "detail-type": ["Inspector2 Finding"],
        detail: {
          severity: ["CRITICAL", "HIGH"],
          status: ["ACTIVE"],
          resources: { type: ["AWS_ECR_CONTAINER_IMAGE"] },
        },
      },
    });
    expect(recording.one(logGroup, "scanning-log").inputs).toEqual({ retentionInDays: 365 });
    const writing = {
      Effect: "Allow",
      Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
      Resource: `${logArn}:*`,
    };
    expect(parsed(recording.one(logPolicy, "scanning-log-policy"), "policyDocument")).toEqual({
      policyName: log,
      policyDocument: policyOf(
        { ...writing, Sid: "CreateStreams", Action: "logs:CreateLogStream" },
        {
          ...writing,
          Sid: "WriteFindings",
          Action: "logs:PutLogEvents",
          Condition: {
            ArnEquals: { "aws:SourceArn": `arn:aws:events:eu-central-1:123456789012:rule/${rule}` },
          },
        },
      ),
    });
    const target = recording.one(eventTarget, "scanning-to-log");
    expect(target.inputs).toEqual({ rule, arn: logArn });
    expect(target.dependencies).toContain(`${logPolicy} scanning-log-policy`);
    expect(recording.outputs).toEqual({ log });
  });

  test("custom scans some at push, and tells somebody of the worst alone", async () => {
    const recording = await record(() => {
      new RegistryScanning("scanning", {
        scanType: "BASIC",
        repositories: ["web", "shop/*"],
        severity: "CRITICAL",
        alarmActions: [pulumi.output(topic)],
        logRetentionDays: pulumi.output(30),
      });
    });

    expect(recording.resources).toHaveLength(7);
    expect(recording.one(configuration, "scanning").inputs).toEqual({
      scanType: "BASIC",
      rules: [
        {
          scanFrequency: "SCAN_ON_PUSH",
          repositoryFilters: [
            { filter: "web", filterType: "WILDCARD" },
            { filter: "shop/*", filterType: "WILDCARD" },
          ],
        },
      ],
    });
    expect(recording.one(logGroup, "scanning-log").inputs).toEqual({ retentionInDays: 30 });
    expect(recording.one(alarm, "scanning-alarm").inputs).toEqual({
      alarmDescription: `A scan found vulnerabilities of severity CRITICAL or above: the log group ${log} says in which images. Build them anew with the fixes, or suppress what does not matter`,
      namespace: "AWS/Events",
      metricName: "TriggeredRules",
      dimensions: { RuleName: rule },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [topic],
      okActions: [topic],
    });
  });

  test.each([
    ["CRITICAL", ["CRITICAL"]],
    ["LOW", ["CRITICAL", "HIGH", "MEDIUM", "LOW"]],
  ] as const)("custom counts from %s on in basic scans", async (severity, counted) => {
    const recording = await record(() => {
      new RegistryScanning("scanning", { scanType: "BASIC", severity });
    });
    expect(parsed(recording.one(eventRule, "scanning-findings"), "eventPattern")).toEqual({
      description: `Images with a vulnerability of severity ${severity} or above`,
      eventPattern: {
        source: ["aws.ecr"],
        "detail-type": ["ECR Image Scan"],
        detail: {
          $or: counted.map((each) => ({
            "finding-severity-counts": { [each]: [{ exists: true }] },
          })),
        },
      },
    });
  });

  test("fails when anything is outside what ECR and CloudWatch take", async () => {
    const args = {
      scanType: "DEEP",
      repositories: ["Web", ""],
      severity: "UNTRIAGED",
      alarmActions: ["alarms"],
      logRetentionDays: 42,
    } as unknown as RegistryScanningArgs;
    expect(await refusal(() => new RegistryScanning("scanning", args))).toEqual(
      refusalOf(
        type,
        "scanning",
        'scanType is "DEEP": give one of BASIC, ENHANCED',
        'severity is "UNTRIAGED": give one of CRITICAL, HIGH, MEDIUM, LOW',
        'repositories[0] is "Web": give a repository\'s name, lower-case, with * for any text in it',
        'repositories[1] is "": give 1 to 256 characters',
        'alarmActions[0] is "alarms": give an ARN, like that of an AlarmTopic',
        "logRetentionDays is 42: give one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
      ),
    );
  });

  test.each([0, 101])("fails for %i repositories", async (count) => {
    const repositories = Array<string>(count).fill("web");
    expect(await refusal(() => new RegistryScanning("scanning", { repositories }))).toEqual(
      refusalOf(
        type,
        "scanning",
        `repositories has ${count} names: give 1 to 100, like "*" for all`,
      ),
    );
  });

  test("rejects later what turns out not to fit", async () => {
    const program = () =>
      new RegistryScanning("scanning", { alarmActions: [pulumi.output("alarms")] });
    expect(await laterFailure(program)).toBe(
      unusable(
        type,
        "scanning",
        'alarmActions[0] is "alarms": give an ARN, like that of an AlarmTopic',
      ),
    );
  });
});
