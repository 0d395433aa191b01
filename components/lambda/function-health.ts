import type * as pulumi from "@pulumi/pulumi";
import { type Health, metricsOf } from "../monitoring/health";

/**
 * How a function is: whether its calls succeed, how long they take, and how many run at once.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function functionHealth(
  name: string,
  functionName: pulumi.Input<string>,
  alarms: Health["alarms"],
): Health {
  const metric = metricsOf("AWS/Lambda", { FunctionName: functionName });
  return {
    title: `Function ${name}`,
    graphs: [
      {
        title: "Calls",
        metrics: [
          metric("Invocations", "Sum", "calls"),
          metric("Errors", "Sum", "failed"),
          metric("Throttles", "Sum", "refused"),
        ],
      },
      {
        title: "Duration, ms",
        metrics: [
          metric("Duration", "p50", "half of them at most"),
          metric("Duration", "p99", "99 % at most"),
          metric("Duration", "Maximum", "the longest"),
        ],
      },
      {
        title: "Calls at once",
        metrics: [metric("ConcurrentExecutions", "Maximum", "running")],
      },
    ],
    alarms,
  };
}
