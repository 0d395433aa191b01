// Apart from the components, so that who reads config need not wait for the Pulumi SDK.

/** The choices of {@link ClusterSettings.trafficController}. */
export const trafficControllers = ["none", "ingress-nginx", "envoy-gateway", "istio"] as const;

/** The choices of {@link ClusterSettings.prometheus}. */
export const prometheusDiscoveries = ["none", "annotations", "operator"] as const;

/** What a cluster has, in words of a stack's config; an empty text stands for none. */
export interface ClusterSettings {
  readonly trafficController: string;
  /** The Gateway as `namespace/name`. */
  readonly gateway: string;
  readonly certificateIssuer: string;
  readonly prometheus: string;
  /** Helm release of kube-prometheus-stack, by which its operator picks what it looks at. */
  readonly prometheusRelease: string;
}
