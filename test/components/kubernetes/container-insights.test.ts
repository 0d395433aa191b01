import * as pulumi from "@pulumi/pulumi";
import { containerInsights } from "../../../components/kubernetes/container-insights";
import { Dashboard } from "../../../components/monitoring/dashboard";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";

test("shows pods, restarts and what they take of their limits", async () => {
  const web = { name: "web", labels: {}, namespaceName: pulumi.output("shop") };
  const recording = await record(() => {
    new Dashboard("overview", { health: [containerInsights(web, "production")] });
  });

  const { dashboardBody } = parsed(
    recording.one("aws:cloudwatch/dashboard:Dashboard", "overview"),
    "dashboardBody",
  );
  const where = ["ClusterName", "production", "Namespace", "shop"];
  const line = (name: string, by: string, stat: string, label: string) => [
    "ContainerInsights",
    name,
    ...where,
    by,
    "web",
    { stat, label },
  ];
  expect(
    dashboardBody.widgets.map((widget: { properties: object }) => {
      const { title, markdown, metrics } = widget.properties as Record<string, unknown>;
      return [title ?? markdown, metrics];
    }),
  ).toEqual([
    ["## Service web", undefined],
    ["Running pods", [line("service_number_of_running_pods", "Service", "Average", "running")]],
    [
      "Restarts of containers",
      [line("pod_number_of_container_restarts", "PodName", "Maximum", "restarts")],
    ],
    [
      "CPU, % of its limit",
      [
        line("pod_cpu_utilization_over_pod_limit", "PodName", "Average", "average"),
        line("pod_cpu_utilization_over_pod_limit", "PodName", "Maximum", "highest"),
      ],
    ],
    [
      "Memory, % of its limit",
      [
        line("pod_memory_utilization_over_pod_limit", "PodName", "Average", "average"),
        line("pod_memory_utilization_over_pod_limit", "PodName", "Maximum", "highest"),
      ],
    ],
  ]);
});
