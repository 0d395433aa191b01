import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { matching } from "../rules";

/** When an alarm goes off, and whom it tells. */
export interface AlarmArgs {
  /** What has happened and what to do, for whoever gets the message. */
  readonly description: pulumi.Input<string>;
  /** The namespace of the metric, like `AWS/SQS`. */
  readonly namespace: string;
  /** The metric's name. */
  readonly metricName: string;
  /** What the metric is about. */
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * One more dimension, over whose values the metric is added up: 10 at the most.
   * @default none: the metric is taken as it is
   */
  readonly sumOver?: { readonly dimension: string; readonly values: readonly string[] };
  /** How the values of a minute become one. */
  readonly statistic: "Sum" | "Maximum";
  /** The alarm goes off when the value of one minute is above it. */
  readonly threshold: pulumi.Input<number>;
  /** ARNs of what is told when the alarm goes off, and when it is over. */
  readonly actions: readonly pulumi.Input<string>[];
}

/**
 * An alarm that goes off after the first minute above its threshold. No data is no trouble: a
 * function that nobody calls reports nothing.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
export function createAlarm(
  name: string,
  args: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
): cloudwatch.MetricAlarm {
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      ...watched(args),
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: args.threshold,
      treatMissingData: "notBreaching",
      alarmActions: [...args.actions],
      okActions: [...args.actions],
    },
    // It holds no data, and may go also where what it watches is protected.
    { ...opts, protect: false },
  );
}

/**
 * What an alarm watches: a metric, or the sum of several.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
 */
function watched({ namespace, metricName, dimensions, statistic, sumOver }: AlarmArgs) {
  const metric = { namespace, metricName, period: 60 };
  if (sumOver === undefined) return { ...metric, dimensions, statistic };
  return {
    metricQueries: [
      { id: "sum", expression: "SUM(METRICS())", label: metricName, returnData: true },
      ...sumOver.values.map((value, i) => ({
        id: `m${i}`,
        metric: {
          ...metric,
          dimensions: { ...dimensions, [sumOver.dimension]: value },
          stat: statistic,
        },
      })),
    ],
  };
}

/**
 * Checks a component's `alarmActions`.
 * @returns the actions to use from here on; none where none were given
 */
export function checkAlarmActions(
  check: ArgumentCheck,
  actions: readonly pulumi.Input<string>[] | undefined,
): readonly pulumi.Input<string>[] {
  const given = check.list("alarmActions", actions);
  if (given.length > 5) {
    check.problem(`alarmActions has ${given.length} ARNs: CloudWatch takes 5 at the most`);
  }
  return given.map((action, i) => check.required(`alarmActions[${i}]`, action, actionArn));
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const actionArn = matching(
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+$/,
  "an ARN, like that of an AlarmTopic",
);
