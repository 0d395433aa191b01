import type * as pulumi from "@pulumi/pulumi";
import { type Health, metricsOf } from "../monitoring/health";

/**
 * How an HTTP API is: how many requests it has, how many fail, and how long they take.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
export function httpApiHealth(
  name: string,
  apiId: pulumi.Input<string>,
  alarms: Health["alarms"],
): Health {
  const metric = metricsOf("AWS/ApiGateway", { ApiId: apiId });
  return {
    title: `HTTP API ${name}`,
    graphs: [
      {
        title: "Requests",
        metrics: [
          metric("Count", "Sum", "all"),
          metric("4xx", "Sum", "answered with 4xx"),
          metric("5xx", "Sum", "answered with 5xx"),
        ],
      },
      {
        title: "Latency, ms",
        metrics: [
          metric("Latency", "p50", "half of them at most"),
          metric("Latency", "p99", "99 % at most"),
        ],
      },
    ],
    alarms,
  };
}
