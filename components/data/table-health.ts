import type * as pulumi from "@pulumi/pulumi";
import { type Health, metricsOf } from "../monitoring/health";

/**
 * How a table is: what is read and written, what of it is refused, and how long it takes.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function tableHealth(
  name: string,
  tableName: pulumi.Input<string>,
  alarms: Health["alarms"],
): Health {
  const metric = metricsOf("AWS/DynamoDB", { TableName: tableName });
  const latency = (operation: string) =>
    metric("SuccessfulRequestLatency", "Average", operation, { Operation: operation });
  return {
    title: `Table ${name}`,
    graphs: [
      {
        title: "Consumed capacity, units",
        metrics: [
          metric("ConsumedReadCapacityUnits", "Sum", "read"),
          metric("ConsumedWriteCapacityUnits", "Sum", "written"),
        ],
      },
      {
        title: "Throttled requests",
        metrics: [
          metric("ReadThrottleEvents", "Sum", "reads"),
          metric("WriteThrottleEvents", "Sum", "writes"),
        ],
      },
      {
        title: "Latency, ms",
        metrics: ["GetItem", "Query", "PutItem", "UpdateItem"].map(latency),
      },
    ],
    alarms,
  };
}
