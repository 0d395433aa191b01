import * as pulumi from "@pulumi/pulumi";
import { alertRules } from "../../../components/kubernetes/alert-rules";
import { clusterFeatures } from "../../../components/kubernetes/cluster";
import {
  ServiceMonitoring,
  type ServiceMonitoringArgs,
} from "../../../components/kubernetes/service-monitoring";
import { ShardedService } from "../../../components/kubernetes/sharded-service";
import type { Workload } from "../../../components/kubernetes/workload";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:kubernetes:ServiceMonitoring";
const service = "kubernetes:core/v1:Service";
const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const monitor = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor";
const rule = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

const selector = { "app.kubernetes.io/name": "web" };
const labels = {
  ...selector,
  "app.kubernetes.io/instance": "web",
  "app.kubernetes.io/managed-by": "pulumi",
  "app.kubernetes.io/component": "metrics",
};
const web: Workload = {
  name: "web",
  labels: selector,
  namespaceName: pulumi.output("shop"),
  port: 8080,
};
const cluster = (prometheus: string, prometheusRelease = "") =>
  clusterFeatures({
    trafficController: "none",
    gateway: "",
    certificateIssuer: "",
    prometheus,
    prometheusRelease,
  });
const prometheusPods = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
  podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
};
const subject = { name: "web", namespace: "shop" };

const recordMonitoring = (args: Partial<ServiceMonitoringArgs>) =>
  record(() => {
    new ServiceMonitoring("web", { service: web, cluster: cluster("operator"), ...args });
  });

describe("ServiceMonitoring", () => {
  test("default is scraped and alerted on by the operator, whose Prometheus alone is let in", async () => {
    const recording = await recordMonitoring({});
    expect(recording.resources).toHaveLength(5);
    expect(recording.childrenOf(type, "web").toSorted()).toEqual([
      `${service} web-metrics`,
      `${rule} web-alerts`,
      `${monitor} web`,
      `${policy} web-network`,
    ]);
    expect(recording.one(service, "web-metrics").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web-metrics", namespace: "shop", labels, annotations: {} },
      spec: {
        clusterIP: "None",
        selector,
        ports: [{ name: "metrics", port: 8080, targetPort: 8080 }],
      },
    });
    expect(recording.one(policy, "web-network").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "web-metrics", namespace: "shop", labels },
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [{ from: [prometheusPods], ports: [{ port: 8080, protocol: "TCP" }] }],
      },
    });
    expect(recording.one(monitor, "web").inputs).toEqual({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: "web", namespace: "shop", labels },
      spec: {
        jobLabel: "app.kubernetes.io/name",
        selector: { matchLabels: labels },
        endpoints: [{ port: "metrics", path: "/metrics" }],
      },
    });
    expect(recording.one(rule, "web-alerts").inputs).toEqual({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { name: "web", namespace: "shop", labels },
      spec: {
        groups: [
          {
            name: "web",
            rules: alertRules(subject, { availability: 0.999, latencySeconds: 1 }),
          },
        ],
      },
    });
  });

  test("custom has its own port, path and thresholds, and the labels that the operator picks by", async () => {
    const recording = await recordMonitoring({
      cluster: cluster("operator", "metrics"),
      path: "/internal/metrics",
      port: 9090,
      availability: 0.99,
      latencySeconds: 0.25,
    });
    const picked = { name: "web", namespace: "shop", labels: { ...labels, release: "metrics" } };
    expect(recording.one(monitor, "web").inputs).toMatchObject({
      metadata: picked,
      spec: {
        selector: { matchLabels: labels },
        endpoints: [{ port: "metrics", path: "/internal/metrics" }],
      },
    });
    expect(recording.one(rule, "web-alerts").inputs).toMatchObject({
      metadata: picked,
      spec: {
        groups: [{ rules: alertRules(subject, { availability: 0.99, latencySeconds: 0.25 }) }],
      },
    });
    expect(recording.one(service, "web-metrics").inputs["spec"]).toMatchObject({
      ports: [{ name: "metrics", port: 9090, targetPort: 9090 }],
    });
    expect(recording.one(policy, "web-network").inputs["spec"]).toMatchObject({
      ingress: [{ from: [prometheusPods], ports: [{ port: 9090, protocol: "TCP" }] }],
    });
  });

  test("custom is found by annotations where there is no operator", async () => {
    const recording = await recordMonitoring({ cluster: cluster("annotations"), port: 9090 });
    expect(recording.childrenOf(type, "web")).toEqual([
      `${service} web-metrics`,
      `${policy} web-network`,
    ]);
    expect(recording.one(service, "web-metrics").inputs["metadata"]).toEqual({
      name: "web-metrics",
      namespace: "shop",
      labels,
      annotations: {
        "prometheus.io/scrape": "true",
        "prometheus.io/path": "/metrics",
        "prometheus.io/port": "9090",
      },
    });
  });

  test("fails when nothing scrapes, and for all that can't be, at once", async () => {
    const refused = await refusal(
      () =>
        new ServiceMonitoring("web", {
          service: web,
          cluster: {},
          path: "metrics",
          port: 70_000,
          availability: 1,
          latencySeconds: 11,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "web",
        'path is "metrics": give an absolute path, like /metrics',
        "port is 70000: give a whole number from 1 to 65535",
        "availability is 1: give a share from 0.5 to below 1, like 0.999",
        "latencySeconds is 11: give seconds above 0, up to 10",
        "the cluster has nothing that scrapes metrics: install Prometheus, and say so in cluster.prometheus",
      ),
    );
  });

  test.each<[string, unknown, string]>([
    ["service", undefined, "service is undefined: give what is reached, like a Microservice"],
    ["service", { name: "job" }, "service is an object: give what is reached, like a Microservice"],
    ["cluster", null, "cluster is null: give what the cluster has, like clusterFeatures(...)"],
    [
      "availability",
      "0.99",
      'availability is "0.99": give a share from 0.5 to below 1, like 0.999',
    ],
    ["latencySeconds", "1", 'latencySeconds is "1": give seconds above 0, up to 10'],
  ])("fails for another %s than is meant: %j", async (argument, value, problem) => {
    const args = { service: web, cluster: cluster("operator"), [argument]: value };
    expect(await refusal(() => new ServiceMonitoring("web", args as never))).toEqual(
      refusalOf(type, "web", problem),
    );
  });

  test("custom watches shards, each of them by itself", async () => {
    const recording = await record(() => {
      const image = "example.com/data:1";
      const given = { image, namespace: "shop", port: 9000, shards: 2, storage: "1Gi" };
      const data = new ShardedService("data", given);
      new ServiceMonitoring("data", { service: data, cluster: cluster("operator") });
    });
    const [headless, own] = [
      recording.one(service, "data-metrics").inputs,
      recording.one("kubernetes:apps/v1:StatefulSet", "data").inputs,
    ];
    expect(headless["spec"]).toEqual({
      clusterIP: "None",
      selector: { "app.kubernetes.io/name": "data" },
      ports: [{ name: "metrics", port: 9000, targetPort: 9000 }],
    });
    expect(own["spec"]).toMatchObject({
      selector: { matchLabels: { "app.kubernetes.io/name": "data" } },
    });
    const { spec } = recording.one(rule, "data-alerts").inputs as {
      spec: { groups: readonly { rules: readonly { alert: string; expr: string }[] }[] };
    };
    const shards = 'namespace="shop",statefulset="data"';
    expect(spec.groups[0]?.rules.find((each) => each.alert === "ServiceShardDown")).toEqual({
      alert: "ServiceShardDown",
      expr: `kube_statefulset_status_replicas_ready{${shards}} < kube_statefulset_replicas{${shards}}`,
      for: "5m",
      labels: { severity: "critical", service: "data", namespace: "shop" },
      annotations: {
        summary: "data in shop: a shard does not answer, and nobody else has its data",
      },
    });
    const names = recording.resources
      .map(({ type, inputs }) => [type, inputs["metadata"]] as const)
      .map(([type, metadata]) => `${type} ${(metadata as { name?: string } | undefined)?.name}`)
      .filter((each) => !each.endsWith("undefined"));
    expect(new Set(names).size).toBe(names.length);
  });
});
