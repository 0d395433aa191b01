import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { createAlarm } from "../monitoring/alarm";

/** What the alarms of a function are about, and whom they tell. */
interface FunctionAlarmsArgs {
  readonly function: lambda.Function;
  /** After how many seconds a call is ended. */
  readonly timeoutSeconds: pulumi.Input<number>;
  /** ARNs of what is told. */
  readonly actions: readonly pulumi.Input<string>[];
}

/**
 * An alarm for each way in which calls are lost, or soon will be.
 *
 * Makes `name-errors-alarm`, `name-throttles-alarm`, `name-dropped-events-alarm` and
 * `name-duration-alarm`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function createFunctionAlarms(
  name: string,
  args: FunctionAlarmsArgs,
  opts: pulumi.CustomResourceOptions,
): readonly cloudwatch.MetricAlarm[] {
  const { name: functionName } = args.function;
  const shared = {
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: functionName },
    actions: args.actions,
  };
  const lost = {
    errors: { metricName: "Errors", what: "fail: its log says why" },
    throttles: { metricName: "Throttles", what: "are refused: raise its concurrency" },
    "dropped-events": {
      metricName: "AsyncEventsDropped",
      what: "that nobody waits for were given up: its log says why",
    },
  };
  const alarms = Object.entries(lost).map(([role, { metricName, what }]) =>
    createAlarm(
      `${name}-${role}-alarm`,
      {
        ...shared,
        description: pulumi.interpolate`Calls of ${functionName} ${what}`,
        metricName,
        statistic: "Sum",
        threshold: 0,
      },
      opts,
    ),
  );
  const duration = createAlarm(
    `${name}-duration-alarm`,
    {
      ...shared,
      description: pulumi.interpolate`Calls of ${functionName} take nearly the ${args.timeoutSeconds} seconds after which they are ended: make it faster, or give it more time`,
      metricName: "Duration",
      statistic: "Maximum",
      // Nine tenths of it, in milliseconds.
      threshold: pulumi.output(args.timeoutSeconds).apply((seconds) => seconds * 900),
    },
    opts,
  );
  return [...alarms, duration];
}
