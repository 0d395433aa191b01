import { clusterFeatures } from "../../../components/kubernetes/cluster";

const none = {
  trafficController: "none",
  gateway: "",
  certificateIssuer: "",
  prometheus: "none",
  prometheusRelease: "",
};
const podsIn = (namespace: string, labels: object) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: labels },
});

describe("the features of a cluster", () => {
  test("default are none", () => {
    expect(clusterFeatures(none)).toEqual({});
  });

  test("custom are an Ingress controller, an issuer, and a Prometheus that reads annotations", () => {
    const features = clusterFeatures({
      ...none,
      trafficController: "ingress-nginx",
      certificateIssuer: "letsencrypt",
      prometheus: "annotations",
    });
    expect(features).toEqual({
      trafficController: {
        kind: "ingress-nginx",
        ingressClass: "nginx",
        pods: podsIn("ingress-nginx", {
          "app.kubernetes.io/name": "ingress-nginx",
          "app.kubernetes.io/component": "controller",
        }),
      },
      certificateIssuer: "letsencrypt",
      prometheus: {
        discovery: "annotations",
        pods: podsIn("monitoring", { "app.kubernetes.io/name": "prometheus" }),
      },
    });
  });

  test("custom are the pods of one Gateway, which Envoy Gateway runs in its own namespace", () => {
    const settings = { ...none, trafficController: "envoy-gateway", gateway: "gateways/public" };
    expect(clusterFeatures(settings)).toEqual({
      trafficController: {
        kind: "envoy-gateway",
        gateway: { namespace: "gateways", name: "public" },
        pods: podsIn("envoy-gateway-system", {
          "gateway.envoyproxy.io/owning-gateway-namespace": "gateways",
          "gateway.envoyproxy.io/owning-gateway-name": "public",
        }),
      },
    });
  });

  test("custom are the pods of one Gateway, which Istio runs beside it", () => {
    const settings = { ...none, trafficController: "istio", gateway: "gateways/public" };
    expect(clusterFeatures(settings)).toEqual({
      trafficController: {
        kind: "istio",
        gateway: { namespace: "gateways", name: "public" },
        pods: podsIn("gateways", { "gateway.networking.k8s.io/gateway-name": "public" }),
      },
    });
  });

  test("custom is an operator that picks what a release of its chart picks", () => {
    const settings = { ...none, prometheus: "operator", prometheusRelease: "metrics" };
    expect(clusterFeatures(settings)).toEqual({
      prometheus: {
        discovery: "operator",
        labels: { release: "metrics" },
        pods: podsIn("monitoring", { "app.kubernetes.io/name": "prometheus" }),
      },
    });
  });
});
