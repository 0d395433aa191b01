import type { types } from "@pulumi/kubernetes";

/** Where the pods of a service are to run, so that no failure takes all of them. */
export interface Placement {
  /** The labels by which the pods are selected. */
  readonly labels: Readonly<Record<string, string>>;
  /** In how many zones at least they run; with 1, as well as it goes. */
  readonly zones: number;
  /** The label in which pods of one version differ from those of another. */
  readonly revisionLabel: "pod-template-hash" | "controller-revision-hash";
}

/**
 * Spreads pods over zones, in `zones` of them at least, and over nodes.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
export function spreadPods(
  placement: Placement,
): Pick<types.input.core.v1.PodSpec, "affinity" | "topologySpreadConstraints"> {
  const labelSelector = { matchLabels: placement.labels };
  return {
    topologySpreadConstraints: [
      spread("topology.kubernetes.io/zone", placement, placement.zones),
      spread("kubernetes.io/hostname", placement, 1),
    ],
    affinity: {
      podAntiAffinity: {
        // Spreading balances numbers; this keeps also the second pod off the node of the first.
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector },
          },
        ],
      },
    },
  };
}

/** Spreads the pods over what a label of the nodes tells apart, in `minDomains` of it at least. */
function spread(
  topologyKey: string,
  { labels, revisionLabel }: Placement,
  minDomains: number,
): types.input.core.v1.TopologySpreadConstraint {
  const evenly = { topologyKey, maxSkew: 1, labelSelector: { matchLabels: labels } };
  // A cluster that is short of zones or nodes runs the pods all the same.
  if (minDomains === 1) return { ...evenly, whenUnsatisfiable: "ScheduleAnyway" };
  return {
    ...evenly,
    // Kubernetes takes minDomains with this alone.
    whenUnsatisfiable: "DoNotSchedule",
    minDomains,
    // Each version of the pods by itself: were old ones counted too, a rollout could end with all
    // pods in one zone.
    matchLabelKeys: [revisionLabel],
    // Zones whose nodes take none of these pods are no zones for them.
    nodeTaintsPolicy: "Honor",
  };
}
