import type * as pulumi from "@pulumi/pulumi";

/** One line of a {@link Graph}. */
export interface Metric {
  /** The metric's namespace, like `AWS/SQS`. */
  readonly namespace: string;
  /** The metric's name. */
  readonly name: string;
  /** What the metric is about. */
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * How the values of a period become one.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
   */
  readonly statistic: "Average" | "Maximum" | "Sum" | "p50" | "p99";
  /** What the line is called. */
  readonly label: string;
}

/** A graph of metrics that belong together, and are of one unit. */
export interface Graph {
  /** What it shows, with the unit. */
  readonly title: string;
  /** Its lines. */
  readonly metrics: readonly Metric[];
}

/**
 * How to see whether something is well: graphs of its metrics, and its alarms. Components hand it
 * out (`queue.health()`), and a {@link Dashboard} shows it.
 */
export interface Health {
  /** What it is the health of: a component's kind and name. */
  readonly title: string;
  /** The graphs, the most telling first. */
  readonly graphs: readonly Graph[];
  /** ARNs of the alarms that watch it. */
  readonly alarms: readonly pulumi.Input<string>[];
}

/**
 * What makes the metrics of one thing.
 * @param dimensions what the metrics are about
 */
export function metricsOf(namespace: string, dimensions: Metric["dimensions"]) {
  return (
    name: string,
    statistic: Metric["statistic"],
    label: string,
    more: Metric["dimensions"] = {},
  ): Metric => ({ namespace, name, dimensions: { ...dimensions, ...more }, statistic, label });
}
