import type * as pulumi from "@pulumi/pulumi";
import { type Health, metricsOf } from "../monitoring/health";
import type { Caller } from "./workload";

/**
 * How a workload is, by the metrics that Container Insights collects on EKS. The cluster needs the
 * add-on `amazon-cloudwatch-observability` for it.
 *
 * @param workload a `Microservice` or a `ShardedService`
 * @param clusterName the EKS cluster's name
 * @example new Dashboard("overview", { health: [containerInsights(web, "production")] })
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-EKS.html
 */
export function containerInsights(workload: Caller, clusterName: pulumi.Input<string>): Health {
  const metric = metricsOf("ContainerInsights", {
    ClusterName: clusterName,
    Namespace: workload.namespaceName,
  });
  // "PodName" is the name of the pods' workload.
  const pods = { PodName: workload.name };
  return {
    title: `Service ${workload.name}`,
    graphs: [
      {
        title: "Running pods",
        metrics: [
          metric("service_number_of_running_pods", "Average", "running", {
            Service: workload.name,
          }),
        ],
      },
      {
        title: "Restarts of containers",
        metrics: [metric("pod_number_of_container_restarts", "Maximum", "restarts", pods)],
      },
      {
        title: "CPU, % of its limit",
        metrics: [
          metric("pod_cpu_utilization_over_pod_limit", "Average", "average", pods),
          metric("pod_cpu_utilization_over_pod_limit", "Maximum", "highest", pods),
        ],
      },
      {
        title: "Memory, % of its limit",
        metrics: [
          metric("pod_memory_utilization_over_pod_limit", "Average", "average", pods),
          metric("pod_memory_utilization_over_pod_limit", "Maximum", "highest", pods),
        ],
      },
    ],
    alarms: [],
  };
}
