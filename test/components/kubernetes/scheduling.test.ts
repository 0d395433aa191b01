import { spreadPods } from "../../../components/kubernetes/scheduling";

const labels = { app: "web" };
const labelSelector = { matchLabels: labels };
const evenly = { maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway", labelSelector };
const affinity = {
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector } },
    ],
  },
};

describe("spreadPods", () => {
  test("default spreads over zones and nodes as well as it goes", () => {
    expect(spreadPods({ labels, zones: 1, revisionLabel: "pod-template-hash" })).toEqual({
      affinity,
      topologySpreadConstraints: [
        { topologyKey: "topology.kubernetes.io/zone", ...evenly },
        { topologyKey: "kubernetes.io/hostname", ...evenly },
      ],
    });
  });

  test("custom runs in as many zones as are asked for, or not at all", () => {
    expect(spreadPods({ labels, zones: 3, revisionLabel: "controller-revision-hash" })).toEqual({
      affinity,
      topologySpreadConstraints: [
        {
          topologyKey: "topology.kubernetes.io/zone",
          maxSkew: 1,
          minDomains: 3,
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector,
          matchLabelKeys: ["controller-revision-hash"],
          nodeTaintsPolicy: "Honor",
        },
        { topologyKey: "kubernetes.io/hostname", ...evenly },
      ],
    });
  });
});
