import { alertRules } from "../../../components/kubernetes/alert-rules";

const rules = alertRules(
  { name: "web", namespace: "shop" },
  { availability: 0.999, latencySeconds: 0.5 },
);
const job = 'namespace="shop",job="web"';
const container = 'namespace="shop",container="web"';
const failing = (window: string) =>
  `sum(rate(http_requests_total{${job},status=~"5.."}[${window}])) / sum(rate(http_requests_total{${job}}[${window}]))`;

test.each<[string, string, string, string]>([
  ["ServiceDown", "critical", "5m", `absent(up{${job}} == 1)`],
  [
    "ServiceShardDown",
    "critical",
    "5m",
    'kube_statefulset_status_replicas_ready{namespace="shop",statefulset="web"} < kube_statefulset_replicas{namespace="shop",statefulset="web"}',
  ],
  [
    "ServiceErrorsHigh",
    "critical",
    "2m",
    `${failing("1h")} > 0.0144 and ${failing("5m")} > 0.0144`,
  ],
  [
    "ServiceErrorsElevated",
    "warning",
    "15m",
    `${failing("6h")} > 0.006 and ${failing("30m")} > 0.006`,
  ],
  [
    "ServiceSlow",
    "warning",
    "10m",
    `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{${job}}[5m]))) > 0.5`,
  ],
  [
    "ServiceThrottled",
    "warning",
    "15m",
    `sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{${container}}[5m])) / sum by (pod) (rate(container_cpu_cfs_periods_total{${container}}[5m])) > 0.25`,
  ],
  [
    "ServiceMemoryHigh",
    "warning",
    "10m",
    `max by (pod) (container_memory_working_set_bytes{${container}}) / max by (pod) (kube_pod_container_resource_limits{${container},resource="memory"}) > 0.9`,
  ],
  [
    "ServiceAtMaximumReplicas",
    "warning",
    "15m",
    'kube_horizontalpodautoscaler_status_desired_replicas{namespace="shop",horizontalpodautoscaler="web"} >= kube_horizontalpodautoscaler_spec_max_replicas{namespace="shop",horizontalpodautoscaler="web"}',
  ],
  [
    "ServiceRestarting",
    "warning",
    "0m",
    `sum by (pod) (increase(kube_pod_container_status_restarts_total{${container}}[15m])) > 2`,
  ],
  [
    "ServiceRolloutStuck",
    "warning",
    "15m",
    [
      'kube_deployment_status_replicas_updated{namespace="shop",deployment="web"} < kube_deployment_spec_replicas{namespace="shop",deployment="web"}',
      'kube_statefulset_status_replicas_updated{namespace="shop",statefulset="web"} < kube_statefulset_replicas{namespace="shop",statefulset="web"}',
      'kube_deployment_status_replicas_available{namespace="shop",deployment="web"} < kube_deployment_spec_replicas{namespace="shop",deployment="web"}',
      'kube_statefulset_status_replicas_ready{namespace="shop",statefulset="web"} < kube_statefulset_replicas{namespace="shop",statefulset="web"}',
    ].join(" or "),
  ],
])("%s is %s after %s", (alert, severity, period, expr) => {
  expect(rules.find((each) => each.alert === alert)).toMatchObject({
    expr,
    for: period,
    labels: { severity, service: "web", namespace: "shop" },
  });
});

test("there are no others, and each says which service it is about and what is wrong", () => {
  expect(rules.map(({ annotations }) => annotations.summary)).toEqual([
    "web in shop: no pod answers",
    "web in shop: a shard does not answer, and nobody else has its data",
    "web in shop: so many requests fail that the month's budget is gone in two days",
    "web in shop: so many requests fail that the month's budget is gone in five days",
    "web in shop: one of a hundred requests takes more than 0.5 s",
    "web in shop: pods wait for processor time: raise limits.cpu, or the number of pods",
    "web in shop: pods are close to their limit of memory, where they are killed",
    "web in shop: it has as many pods as it may, and would take more",
    "web in shop: containers start again and again",
    "web in shop: a change of its pods does not come to its end, or pods are missing",
  ]);
});
