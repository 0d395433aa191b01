import { podSpec } from "./kubernetes";
import type { Rule, StackResource } from "./rule";
import { at, items, later, shown } from "./values";

const scaled = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];
/** The label that tells nodes apart. */
const host = "kubernetes.io/hostname";

const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const disruptionBudget = "kubernetes:policy/v1:PodDisruptionBudget";

/** Rules for how many pods there are, and how many may go. */
export const availabilityRules: readonly Rule[] = [
  {
    name: "workload-replicas",
    description: "With one pod, each update of a node and each crash is an outage",
    url: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
    types: [...scaled, autoscaler],
    cloudOnly: true,
    checkAmong: (resource, all) => {
      // Of what is scaled by an autoscaler that one says how many there are at least.
      if (autoscalersOf(resource, all).length > 0) return [];
      const key = resource.type === autoscaler ? "minReplicas" : "replicas";
      const given = at(resource.props, "spec", key);
      if (given === later || Number(given ?? 1) >= 2) return [];
      return [`spec.${key} is ${shown(given)}: give at least 2`];
    },
  },
  {
    name: "workload-replicas-once",
    description: "Each update would undo what the autoscaler did",
    url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
    types: scaled,
    checkAmong: (workload, all) => {
      const given = at(workload.props, "spec", "replicas");
      if (given === undefined || given === null) return [];
      return autoscalersOf(workload, all).map(
        ({ name }) => `spec.replicas is set, and the autoscaler ${name} sets it too: leave it out`,
      );
    },
  },
  {
    name: "pod-spread",
    description: "Where all pods may be on one node, all of them go with it",
    url: "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity",
    types: scaled,
    check: (workload) => {
      const pod = podSpec(workload);
      const apart = at(pod, "affinity", "podAntiAffinity");
      const [spread, required, preferred] = [
        at(pod, "topologySpreadConstraints"),
        at(apart, "requiredDuringSchedulingIgnoredDuringExecution"),
        at(apart, "preferredDuringSchedulingIgnoredDuringExecution"),
      ];
      if ([spread, required, preferred].includes(later)) return [];
      const terms = items(preferred).map((each) => at(each, "podAffinityTerm"));
      const keys = [...items(spread), ...items(required), ...terms].map((each) =>
        at(each, "topologyKey"),
      );
      if (keys.includes(host)) return [];
      return [`nothing keeps its pods on several nodes: give a podAntiAffinity over ${host}`];
    },
  },
  {
    name: "disruption-budget-drains",
    description: "A budget that lets no pod go keeps its node from ever being updated",
    url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    types: [disruptionBudget],
    checkAmong: (budget, all) => {
      const missing = at(budget.props, "spec", "maxUnavailable");
      const wanted = at(budget.props, "spec", "minAvailable");
      if (missing === 0 || missing === "0%") {
        return [`spec.maxUnavailable is ${shown(missing)}: give at least 1`];
      }
      if (wanted === "100%") return ['spec.minAvailable is "100%": give maxUnavailable: 1'];
      if (typeof wanted !== "number") return [];
      return all
        .filter((workload) => scaled.includes(workload.type) && selects(budget, workload))
        .map((workload) => ({ workload, least: leastPods(workload, all) }))
        .filter(({ least }) => least !== undefined && wanted >= least)
        .map(
          ({ workload, least }) =>
            `spec.minAvailable is ${wanted}, and ${workload.name} may have ${least} pods: ` +
            "give maxUnavailable: 1",
        );
    },
  },
];

/** The autoscalers that say how many pods a workload has. */
function autoscalersOf(
  workload: StackResource,
  all: readonly StackResource[],
): readonly StackResource[] {
  const kind = workload.type.split(":").at(-1);
  return all.filter((other) => {
    if (other.type !== autoscaler) return false;
    const target = at(other.props, "spec", "scaleTargetRef");
    return (
      at(target, "kind") === kind &&
      at(target, "name") === at(workload.props, "metadata", "name") &&
      at(other.props, "metadata", "namespace") === at(workload.props, "metadata", "namespace")
    );
  });
}

/** Whether a budget is about the pods of a workload. */
function selects(budget: StackResource, workload: StackResource): boolean {
  const labels = Object.entries(Object(at(budget.props, "spec", "selector", "matchLabels")));
  const namespace = (each: StackResource) => at(each.props, "metadata", "namespace");
  return (
    labels.length > 0 &&
    namespace(budget) === namespace(workload) &&
    labels.every(
      ([label, value]) =>
        at(workload.props, "spec", "template", "metadata", "labels", label) === value,
    )
  );
}

/** How many pods a workload has at least; undefined when that is known later. */
function leastPods(workload: StackResource, all: readonly StackResource[]): number | undefined {
  const [scaler] = autoscalersOf(workload, all);
  const least =
    scaler === undefined
      ? at(workload.props, "spec", "replicas")
      : at(scaler.props, "spec", "minReplicas");
  return least === later ? undefined : Number(least ?? 1);
}
