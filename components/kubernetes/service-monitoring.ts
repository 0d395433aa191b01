import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { all, dnsLabel, matching } from "../rules";
import { alertRules } from "./alert-rules";
import type { ClusterFeatures, Prometheus } from "./cluster";
import { atMost } from "./names";
import { ingressPolicy, podPort } from "./network";
import { checkWorkload, commonLabels, type Workload } from "./workload";

const type = "groundwork:kubernetes:ServiceMonitoring";

/** Arguments of {@link ServiceMonitoring}. */
export interface ServiceMonitoringArgs {
  /** What is watched, like a {@link Microservice}. */
  readonly service: Workload;
  /** What the cluster has; it must have a Prometheus. */
  readonly cluster: ClusterFeatures;
  /**
   * Where the metrics are.
   * @default "/metrics"
   */
  readonly path?: string;
  /**
   * The container's port that the metrics are on.
   * @default the service's own
   */
  readonly port?: number;
  /**
   * The share of requests that is to succeed, from 0.5 to below 1.
   * @default 0.999
   */
  readonly availability?: number;
  /**
   * How long the slowest of a hundred requests may take, up to 10: above that the metric's own
   * buckets end.
   * @default 1
   */
  readonly latencySeconds?: number;
}

/**
 * Has Prometheus scrape a service's pods and, with the Prometheus operator, alerts on availability,
 * latency, saturation, restarts and stuck rollouts. Of all pods in the cluster exactly Prometheus'
 * are let in.
 *
 * The alerts read `http_requests_total` and `http_request_duration_seconds` with the label
 * `status`, as the sample service counts them.
 *
 * Children: `name-metrics` (a headless Service of the metrics) and `name-network`; with the operator
 * also `name` (the ServiceMonitor) and `name-alerts` (the PrometheusRule).
 *
 * @example
 * new ServiceMonitoring("web", { service: web, cluster, latencySeconds: 0.5 });
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */
export class ServiceMonitoring extends pulumi.ComponentResource {
  /**
   * @throws {InvalidArgumentsError} when the cluster has no Prometheus, and for paths, ports and
   * thresholds that can't be
   */
  constructor(name: string, args: ServiceMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { path, port, prometheus, ...thresholds } = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { service } = args;
    const namespace = service.namespaceName;
    const labels = { ...commonLabels(service.name), "app.kubernetes.io/component": "metrics" };
    const metadata = { namespace, labels };
    const byOperator = prometheus.discovery === "operator";

    // Of its own, so that the pods are found once, whatever other Services they have.
    new core.Service(
      `${name}-metrics`,
      {
        metadata: {
          ...metadata,
          name: `${name}-metrics`,
          annotations: byOperator ? {} : scrapeAnnotations(path, port),
        },
        spec: {
          clusterIP: "None",
          selector: service.labels,
          ports: [{ name: "metrics", port, targetPort: port }],
        },
      },
      parent,
    );
    new networking.NetworkPolicy(
      `${name}-network`,
      {
        metadata: { ...metadata, name: `${name}-metrics` },
        spec: ingressPolicy(service.labels, [prometheus.pods], port),
      },
      parent,
    );
    if (byOperator) {
      const picked = { ...metadata, name, labels: { ...labels, ...prometheus.labels } };
      new CustomResource(
        name,
        {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "ServiceMonitor",
          metadata: picked,
          spec: {
            jobLabel: "app.kubernetes.io/name",
            selector: { matchLabels: labels },
            endpoints: [{ port: "metrics", path }],
          },
        },
        parent,
      );
      new CustomResource(
        `${name}-alerts`,
        {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "PrometheusRule",
          metadata: picked,
          spec: {
            groups: [
              {
                name: service.name,
                rules: namespace.apply((known) =>
                  alertRules({ name: service.name, namespace: known }, thresholds),
                ),
              },
            ],
          },
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}

/**
 * What the usual scrape configuration of a Prometheus without the operator looks for.
 * @see https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus#scraping-pod-metrics-via-annotations
 */
function scrapeAnnotations(path: string, port: number): Readonly<Record<string, string>> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/path": path,
    "prometheus.io/port": String(port),
  };
}

function check(name: string, args: ServiceMonitoringArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<ServiceMonitoringArgs>(args, {
    service: true,
    cluster: true,
    path: true,
    port: true,
    availability: true,
    latencySeconds: true,
  });
  checkWorkload(check, "service", args.service);
  check.shaped("cluster", args.cluster, [], "what the cluster has, like clusterFeatures(...)");
  // "-metrics" is added, and a Service's name may have 63 characters.
  check.required("name", name, all(dnsLabel, atMost(55)));
  const checked = {
    path: args.path ?? "/metrics",
    port: args.port ?? args.service.port,
    availability: args.availability ?? 0.999,
    latencySeconds: args.latencySeconds ?? 1,
    prometheus: args.cluster.prometheus as Prometheus,
  };
  check.plain("path", checked.path, matching(/^\/[^\s?#]*$/, "an absolute path, like /metrics"));
  check.plain("port", checked.port, podPort);
  check.plain("availability", checked.availability, (share: number) =>
    typeof share === "number" && share >= 0.5 && share < 1
      ? undefined
      : "give a share from 0.5 to below 1, like 0.999",
  );
  check.plain("latencySeconds", checked.latencySeconds, (seconds: number) =>
    typeof seconds === "number" && seconds > 0 && seconds <= 10
      ? undefined
      : "give seconds above 0, up to 10",
  );
  if (checked.prometheus === undefined) {
    check.problem(
      "the cluster has nothing that scrapes metrics: install Prometheus, and say so in " +
        "cluster.prometheus",
    );
  }
  check.throwIfAny();
  return checked;
}
