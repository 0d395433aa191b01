import type { ClusterSettings } from "./cluster-settings";
import type { Peer } from "./network";
import { podsIn } from "./network";

/** What carries traffic from outside to the services of a cluster. */
export type TrafficController = IngressController | GatewayController;

/**
 * ingress-nginx, which reads Ingresses. Its own project has ended; clusters that have it still do,
 * new ones better take a controller of the Gateway API.
 * @see https://kubernetes.github.io/ingress-nginx/
 */
export interface IngressController {
  readonly kind: "ingress-nginx";
  /** Name of its IngressClass. */
  readonly ingressClass: string;
  /** Its pods, which are let in to what is published. */
  readonly pods: Peer;
}

/**
 * A controller of the Gateway API.
 * @see https://gateway.envoyproxy.io
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/
 */
export interface GatewayController {
  readonly kind: "envoy-gateway" | "istio";
  /**
   * The Gateway that services are published on. It has two listeners: `https`, with the
   * certificates of the host names, and `http`, whose requests are redirected.
   */
  readonly gateway: { readonly namespace: string; readonly name: string };
  /** The pods that carry the Gateway's traffic, which are let in to what is published. */
  readonly pods: Peer;
}

/** A Prometheus that looks for what to scrape in the cluster. */
export interface Prometheus {
  /**
   * How it is told: `operator` by ServiceMonitors and PrometheusRules, `annotations` by
   * `prometheus.io/scrape` and the like.
   * @see https://prometheus-operator.dev
   */
  readonly discovery: "operator" | "annotations";
  /**
   * The labels by which the operator picks its ServiceMonitors and PrometheusRules.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Its pods, which are let in to what is scraped. */
  readonly pods: Peer;
}

/** What a cluster has besides Kubernetes itself. */
export interface ClusterFeatures {
  /**
   * What carries traffic from outside.
   * @default nothing: no service can be published
   */
  readonly trafficController?: TrafficController;
  /**
   * cert-manager's ClusterIssuer of the certificates for Ingresses.
   * @default none: each Ingress names a Secret with its certificate
   * @see https://cert-manager.io/docs/usage/ingress/
   */
  readonly certificateIssuer?: string;
  /**
   * What scrapes metrics.
   * @default nothing
   */
  readonly prometheus?: Prometheus;
}

/**
 * The features of a cluster whose controller and Prometheus were installed as their Helm charts do
 * by default. For others write {@link ClusterFeatures} yourself.
 */
export function clusterFeatures(settings: ClusterSettings): ClusterFeatures {
  const { certificateIssuer, prometheus, prometheusRelease: release } = settings;
  const trafficController = controllerOf(settings);
  return {
    ...(trafficController && { trafficController }),
    ...(certificateIssuer !== "" && { certificateIssuer }),
    ...((prometheus === "operator" || prometheus === "annotations") && {
      prometheus: {
        discovery: prometheus,
        ...(release !== "" && { labels: { release } }),
        pods: podsIn("monitoring", { "app.kubernetes.io/name": "prometheus" }),
      },
    }),
  };
}

function controllerOf({
  trafficController: kind,
  gateway,
}: ClusterSettings): TrafficController | undefined {
  if (kind === "ingress-nginx") {
    const pods = podsIn("ingress-nginx", {
      "app.kubernetes.io/name": "ingress-nginx",
      "app.kubernetes.io/component": "controller",
    });
    return { kind, ingressClass: "nginx", pods };
  }
  if (kind !== "envoy-gateway" && kind !== "istio") return undefined;
  const [namespace = "", name = ""] = gateway.split("/");
  const pods =
    kind === "istio"
      ? // Istio runs a Gateway's pods beside it, Envoy Gateway in its own namespace.
        podsIn(namespace, { "gateway.networking.k8s.io/gateway-name": name })
      : podsIn("envoy-gateway-system", {
          "gateway.envoyproxy.io/owning-gateway-namespace": namespace,
          "gateway.envoyproxy.io/owning-gateway-name": name,
        });
  return { kind, gateway: { namespace, name }, pods };
}
