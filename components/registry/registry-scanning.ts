import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as aws from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { checkAlarmActions, createAlarm } from "../monitoring/alarm";
import { all, componentName, logRetentionDays, matching, oneOf } from "../rules";
import {
  findingsLogPolicy,
  findingsPattern,
  type ScanType,
  type Severity,
  scanTypes,
  severities,
} from "./scan-findings";

const type = "groundwork:registry:RegistryScanning";

/** Arguments of {@link RegistryScanning}. */
export interface RegistryScanningArgs {
  /**
   * What scans. `ENHANCED` is Amazon Inspector, which also knows the packages of languages and looks
   * again when a vulnerability becomes known; it costs by image. `BASIC` knows the packages of
   * operating systems, looks when an image is pushed, and costs nothing.
   * @default "ENHANCED"
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
   */
  readonly scanType?: ScanType;
  /**
   * Which repositories are scanned, by name, with `*` for any text. With `ENHANCED` they are scanned
   * when an image is pushed and whenever something new becomes known.
   * @default ["*"], all of the account's in the region
   */
  readonly repositories?: readonly string[];
  /**
   * From which severity on a finding is worth an alarm.
   * @default "HIGH"
   */
  readonly severity?: Severity;
  /**
   * Who hears of findings: ARNs, like that of an `AlarmTopic`. At most 5.
   * @default nobody: the findings are in the log, and in ECR
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  /**
   * For how many days the log of findings is kept.
   * @default 365
   */
  readonly logRetentionDays?: pulumi.Input<number>;
}

/**
 * How the registry of an account in a region scans images, and who hears of what it finds. There is
 * one such configuration for all repositories: make this once for each account and region, not in
 * each stack. Destroying it leaves basic scanning.
 *
 * Findings go through an EventBridge rule into a log, which says what was found in which image. The
 * alarm only says that there is something new: one message, not one for each finding.
 *
 * Children: `name` (the configuration), `name-findings` (the rule), `name-log`, `name-log-policy`,
 * `name-to-log`, and `name-alarm` where somebody is told.
 *
 * @example
 * new RegistryScanning("scanning", { alarmActions: [alarms.arn] });
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html
 */
export class RegistryScanning extends pulumi.ComponentResource {
  /** Where the findings are. */
  readonly logGroup: cloudwatch.LogGroup;

  /** @throws {InvalidArgumentsError} for anything outside what ECR and CloudWatch take */
  constructor(
    name: string,
    args: RegistryScanningArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { scanType } = checked;

    new aws.RegistryScanningConfiguration(
      name,
      {
        scanType,
        rules: [
          {
            scanFrequency: scanType === "ENHANCED" ? "CONTINUOUS_SCAN" : "SCAN_ON_PUSH",
            repositoryFilters: checked.repositories.map((filter) => ({
              filter,
              filterType: "WILDCARD",
            })),
          },
        ],
      },
      parent,
    );
    const rule = new cloudwatch.EventRule(
      `${name}-findings`,
      {
        description: `Images with a vulnerability of severity ${checked.severity} or above`,
        eventPattern: JSON.stringify(findingsPattern(scanType, checked.severity)),
      },
      parent,
    );
    this.logGroup = new cloudwatch.LogGroup(
      `${name}-log`,
      { retentionInDays: checked.logRetentionDays },
      parent,
    );
    const policy = new cloudwatch.LogResourcePolicy(
      `${name}-log-policy`,
      {
        policyName: this.logGroup.name,
        policyDocument: findingsLogPolicy(this.logGroup.arn, rule.arn),
      },
      parent,
    );
    new cloudwatch.EventTarget(
      `${name}-to-log`,
      { rule: rule.name, arn: this.logGroup.arn },
      { ...parent, dependsOn: policy },
    );
    if (checked.alarmActions.length > 0) {
      createAlarm(
        `${name}-alarm`,
        {
          description: pulumi.interpolate`A scan found vulnerabilities of severity ${checked.severity} or above: the log group ${this.logGroup.name} says in which images. Build them anew with the fixes, or suppress what does not matter`,
          namespace: "AWS/Events",
          metricName: "TriggeredRules",
          dimensions: { RuleName: rule.name },
          statistic: "Sum",
          threshold: 0,
          actions: checked.alarmActions,
        },
        parent,
      );
    }

    this.registerOutputs({ logGroupName: this.logGroup.name });
  }
}

function check(name: string, args: RegistryScanningArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<RegistryScanningArgs>(args, {
    scanType: true,
    repositories: true,
    severity: true,
    alarmActions: true,
    logRetentionDays: true,
  });
  // "-findings" and Pulumi's 8 characters are added; EventBridge takes 64.
  check.input("name", name, componentName(47));
  const scanType = check.plain("scanType", args.scanType ?? "ENHANCED", oneOf(...scanTypes));
  const severity = check.plain("severity", args.severity ?? "HIGH", oneOf(...severities));
  const repositories = check.listOf("repositories", args.repositories ?? ["*"], repositoryFilter);
  if (repositories.length === 0 || repositories.length > 100) {
    check.problem(`repositories has ${repositories.length} names: give 1 to 100, like "*" for all`);
  }
  const checked = {
    scanType,
    repositories,
    severity,
    alarmActions: checkAlarmActions(check, args.alarmActions),
    logRetentionDays: check.input(
      "logRetentionDays",
      args.logRetentionDays ?? 365,
      logRetentionDays,
    ),
  };
  check.throwIfAny();
  return checked;
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ScanningRepositoryFilter.html */
const repositoryFilter = all(
  matching(/^.{1,256}$/, "1 to 256 characters"),
  matching(
    /^[a-z0-9*]+([._/-][a-z0-9*]+)*$/,
    "a repository's name, lower-case, with * for any text in it",
  ),
);
