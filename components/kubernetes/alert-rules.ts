/** What tells when a service is in trouble. */
export interface AlertThresholds {
  /** The share of requests that is to succeed, like 0.999. */
  readonly availability: number;
  /** How long the slowest of a hundred requests may take. */
  readonly latencySeconds: number;
}

/** Which service the rules are about. */
export interface AlertSubject {
  readonly name: string;
  readonly namespace: string;
}

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: "critical" | "warning";
  readonly summary: string;
}

/**
 * Alerts of a service, as rules of Prometheus. They rest on
 * - the service's own `http_requests_total` and `http_request_duration_seconds`, with the label
 *   `status`;
 * - kube-state-metrics and cAdvisor, as kube-prometheus-stack scrapes them.
 *
 * `critical` needs somebody now, `warning` on the next working day.
 *
 * @see https://github.com/kubernetes/kube-state-metrics/tree/main/docs
 * @see https://prometheus.io/docs/practices/alerting/
 */
export function alertRules(subject: AlertSubject, thresholds: AlertThresholds) {
  const alerts = [
    ...availability(subject, thresholds),
    latency(subject, thresholds),
    ...saturation(subject),
    ...health(subject),
  ];
  return alerts.map(({ alert, expr, for: period, severity, summary }) => ({
    alert,
    expr,
    for: period,
    labels: { severity, service: subject.name, namespace: subject.namespace },
    annotations: { summary: `${subject.name} in ${subject.namespace}: ${summary}` },
  }));
}

/**
 * Burning the month's error budget: by a long window that it is real, by a short one that it goes
 * on. At 14.4 times the rate it is gone in two days, at 6 times in five.
 * @see https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 */
function availability(
  { name, namespace }: AlertSubject,
  { availability }: AlertThresholds,
): readonly Alert[] {
  const job = `namespace="${namespace}",job="${name}"`;
  const shards = `namespace="${namespace}",statefulset="${name}"`;
  const requests = (window: string, more = "") =>
    `sum(rate(http_requests_total{${job}${more}}[${window}]))`;
  const failing = (window: string) => `${requests(window, ',status=~"5.."')} / ${requests(window)}`;
  // 1 - 0.999 is 0.0010000000000000009.
  const budget = (rate: number) => Number((rate * (1 - availability)).toPrecision(6));
  const burning = (long: string, short: string, rate: number) =>
    `${failing(long)} > ${budget(rate)} and ${failing(short)} > ${budget(rate)}`;
  return [
    {
      alert: "ServiceDown",
      expr: `absent(up{${job}} == 1)`,
      for: "5m",
      severity: "critical",
      summary: "no pod answers",
    },
    {
      alert: "ServiceShardDown",
      expr: `kube_statefulset_status_replicas_ready{${shards}} < kube_statefulset_replicas{${shards}}`,
      for: "5m",
      severity: "critical",
      summary: "a shard does not answer, and nobody else has its data",
    },
    {
      alert: "ServiceErrorsHigh",
      expr: burning("1h", "5m", 14.4),
      for: "2m",
      severity: "critical",
      summary: "so many requests fail that the month's budget is gone in two days",
    },
    {
      alert: "ServiceErrorsElevated",
      expr: burning("6h", "30m", 6),
      for: "15m",
      severity: "warning",
      summary: "so many requests fail that the month's budget is gone in five days",
    },
  ];
}

function latency({ name, namespace }: AlertSubject, { latencySeconds }: AlertThresholds): Alert {
  const buckets = `http_request_duration_seconds_bucket{namespace="${namespace}",job="${name}"}`;
  return {
    alert: "ServiceSlow",
    expr: `histogram_quantile(0.99, sum by (le) (rate(${buckets}[5m]))) > ${latencySeconds}`,
    for: "10m",
    severity: "warning",
    summary: `one of a hundred requests takes more than ${latencySeconds} s`,
  };
}

function saturation({ name, namespace }: AlertSubject): readonly Alert[] {
  const container = `namespace="${namespace}",container="${name}"`;
  const periods = (which: string) =>
    `sum by (pod) (rate(container_cpu_cfs_${which}periods_total{${container}}[5m]))`;
  const hpa = `{namespace="${namespace}",horizontalpodautoscaler="${name}"}`;
  return [
    {
      alert: "ServiceThrottled",
      expr: `${periods("throttled_")} / ${periods("")} > 0.25`,
      for: "15m",
      severity: "warning",
      summary: "pods wait for processor time: raise limits.cpu, or the number of pods",
    },
    {
      alert: "ServiceMemoryHigh",
      expr:
        `max by (pod) (container_memory_working_set_bytes{${container}}) / ` +
        `max by (pod) (kube_pod_container_resource_limits{${container},resource="memory"}) > 0.9`,
      for: "10m",
      severity: "warning",
      summary: "pods are close to their limit of memory, where they are killed",
    },
    {
      alert: "ServiceAtMaximumReplicas",
      expr:
        `kube_horizontalpodautoscaler_status_desired_replicas${hpa} >= ` +
        `kube_horizontalpodautoscaler_spec_max_replicas${hpa}`,
      for: "15m",
      severity: "warning",
      summary: "it has as many pods as it may, and would take more",
    },
  ];
}

function health({ name, namespace }: AlertSubject): readonly Alert[] {
  const container = `namespace="${namespace}",container="${name}"`;
  const restarts = `kube_pod_container_status_restarts_total{${container}}`;
  const deployment = `{namespace="${namespace}",deployment="${name}"}`;
  const statefulSet = `{namespace="${namespace}",statefulset="${name}"}`;
  return [
    {
      alert: "ServiceRestarting",
      expr: `sum by (pod) (increase(${restarts}[15m])) > 2`,
      for: "0m",
      severity: "warning",
      summary: "containers start again and again",
    },
    {
      alert: "ServiceRolloutStuck",
      expr:
        `kube_deployment_status_replicas_updated${deployment} < kube_deployment_spec_replicas${deployment}` +
        ` or kube_statefulset_status_replicas_updated${statefulSet} < kube_statefulset_replicas${statefulSet}` +
        ` or kube_deployment_status_replicas_available${deployment} < kube_deployment_spec_replicas${deployment}` +
        ` or kube_statefulset_status_replicas_ready${statefulSet} < kube_statefulset_replicas${statefulSet}`,
      for: "15m",
      severity: "warning",
      summary: "a change of its pods does not come to its end, or pods are missing",
    },
  ];
}
