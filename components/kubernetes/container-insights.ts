import type * as pulumi from "@pulumi/pulumi";
import type { Health, Metric } from "../monitoring/health";
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
  const inNamespace = { ClusterName: clusterName, Namespace: workload.namespaceName };
  const metric = (
    by: "PodName" | "Service",
    name: string,
    statistic: Metric["statistic"],
    label: string,
  ): Metric => ({
    namespace: "ContainerInsights",
    name,
    // "PodName" is the name of the pods' workload.
    dimensions: { ...inNamespace, [by]: workload.name },
    statistic,
    label,
  });
  return {
    title: `Service ${workload.name}`,
    graphs: [
      {
        title: "Running pods",
        metrics: [metric("Service", "service_number_of_running_pods", "Average", "running")],
      },
      {
        title: "Restarts of containers",
        metrics: [metric("PodName", "pod_number_of_container_restarts", "Maximum", "restarts")],
      },
      {
        title: "CPU, % of its limit",
        metrics: [
          metric("PodName", "pod_cpu_utilization_over_pod_limit", "Average", "average"),
          metric("PodName", "pod_cpu_utilization_over_pod_limit", "Maximum", "highest"),
        ],
      },
      {
        title: "Memory, % of its limit",
        metrics: [
          metric("PodName", "pod_memory_utilization_over_pod_limit", "Average", "average"),
          metric("PodName", "pod_memory_utilization_over_pod_limit", "Maximum", "highest"),
        ],
      },
    ],
    alarms: [],
  };
}
