import { Microservice } from "../../components/kubernetes/microservice";
import { ShardedService } from "../../components/kubernetes/sharded-service";
import { availabilityRules } from "../../policy/availability";
import { later } from "../../policy/values";
import { changed, findings, made, testRules } from "./support";

const image = `registry.example.com/web@sha256:${"0".repeat(64)}`;
const web = ["kubernetes:apps/v1:Deployment", "web"] as const;
const webBudget = ["kubernetes:policy/v1:PodDisruptionBudget", "web-disruption"] as const;
const stock = ["kubernetes:apps/v1:Deployment", "stock"] as const;
const stockBudget = ["kubernetes:policy/v1:PodDisruptionBudget", "stock-disruption"] as const;
const scaler = ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "stock-scaling"] as const;
const pod = "spec.template.spec";
const host = "kubernetes.io/hostname";

const data = ["kubernetes:apps/v1:StatefulSet", "data"] as const;

/** Some that have a number of pods, and one that scales. */
const program = () => {
  new Microservice("web", { namespace: "shop", image });
  new Microservice("stock", { namespace: "shop", image, scaling: { min: 3, max: 9 } });
  new ShardedService("data", { namespace: "shop", image, shards: 3, storage: "1Gi" });
};

const wanting =
  (budget: typeof webBudget | typeof stockBudget, minAvailable: unknown) =>
  (all: Awaited<ReturnType<typeof made>>) =>
    changed(
      changed(all, budget, "spec.maxUnavailable", undefined),
      budget,
      "spec.minAvailable",
      minAvailable,
    );

testRules(availabilityRules, program, [
  [
    "there is one pod",
    (all) => changed(all, web, "spec.replicas", 1),
    "workload-replicas web: spec.replicas is 1: give at least 2",
  ],
  [
    "there is one shard",
    (all) => changed(all, data, "spec.replicas", 1),
    "workload-replicas data: spec.replicas is 1: give at least 2",
  ],
  [
    "nobody says how many pods there are",
    (all) => changed(all, scaler, "spec.scaleTargetRef.name", "web"),
    "workload-replicas-once web: spec.replicas is set, and the autoscaler stock-scaling sets it too: leave it out",
    "workload-replicas stock: spec.replicas is not set: give at least 2",
  ],
  [
    "an autoscaler may leave one pod",
    (all) => changed(all, scaler, "spec.minReplicas", undefined),
    "workload-replicas stock-scaling: spec.minReplicas is not set: give at least 2",
  ],
  [
    "each update sets back what the autoscaler did",
    (all) => changed(all, stock, "spec.replicas", 3),
    "workload-replicas-once stock: spec.replicas is set, and the autoscaler stock-scaling sets it too: leave it out",
  ],
  [
    "all pods may be on one node",
    (all) =>
      changed(
        changed(all, web, `${pod}.affinity`, undefined),
        web,
        `${pod}.topologySpreadConstraints.1`,
        undefined,
      ),
    `pod-spread web: nothing keeps its pods on several nodes: give a podAntiAffinity over ${host}`,
  ],
  [
    "no pod may be missing",
    (all) => changed(all, webBudget, "spec.maxUnavailable", 0),
    "disruption-budget-drains web-disruption: spec.maxUnavailable is 0: give at least 1",
  ],
  [
    "all pods have to be there",
    wanting(webBudget, "100%"),
    'disruption-budget-drains web-disruption: spec.minAvailable is "100%": give maxUnavailable: 1',
  ],
  [
    "as many pods have to be there as there are",
    wanting(webBudget, 2),
    "disruption-budget-drains web-disruption: spec.minAvailable is 2, and web may have 2 pods: give maxUnavailable: 1",
  ],
  [
    "more pods have to be there than the autoscaler may leave",
    wanting(stockBudget, 4),
    "disruption-budget-drains stock-disruption: spec.minAvailable is 4, and stock may have 3 pods: give maxUnavailable: 1",
  ],
]);

test("pods may have to be there as long as one may be missing", async () => {
  const all = await made(program);
  for (const change of [
    wanting(webBudget, 1),
    wanting(stockBudget, 2),
    wanting(webBudget, "50%"),
  ]) {
    expect(findings(availabilityRules, change(all))).toEqual([]);
  }
});

test("what is known later is not complained of", async () => {
  const all = await made(program);
  for (const path of ["spec", "spec.replicas", "spec.template", `${pod}.affinity`]) {
    expect(findings(availabilityRules, changed(all, web, path, later))).toEqual([]);
  }
  const unknown = changed(wanting(stockBudget, 2)(all), scaler, "spec.minReplicas", later);
  expect(findings(availabilityRules, unknown)).toEqual([]);
});
