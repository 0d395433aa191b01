import type { types } from "@pulumi/kubernetes";
import type { ArgumentCheck } from "../arguments";
import { wholeNumber } from "../rules";

/**
 * Between how many pods a workload scales by itself, and by which of the resources that they use.
 * With several targets the one that asks for most pods counts.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 */
export interface ResourceScaling {
  /** How many pods there are at least: 2 or more, so that one may go. */
  readonly min: number;
  /** How many pods there are at most. */
  readonly max: number;
  /**
   * How much of the processor time that they are promised the pods are to use, in percent.
   * @default 70 where no other target is given
   */
  readonly cpuPercent?: number;
  /**
   * How much of the memory that they are promised the pods are to use, in percent. Only for
   * processes that give memory back.
   * @default no target
   */
  readonly memoryPercent?: number;
}

/** Between how many pods a service scales by itself, also by the requests that it gets. */
export interface Scaling extends ResourceScaling {
  /**
   * How many requests each pod is to answer in a second. The cluster must serve the custom metric
   * `http_requests_per_second` of pods, as the Prometheus Adapter does.
   * @default no target
   * @see https://github.com/kubernetes-sigs/prometheus-adapter
   */
  readonly requestsPerPodPerSecond?: number;
}

/** Scales a Deployment: up at once, down slowly, since load that ebbs often comes back. */
export function autoscaler(
  deploymentName: string,
  scaling: Scaling,
): types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deploymentName },
    minReplicas: scaling.min,
    maxReplicas: scaling.max,
    metrics: metrics(scaling),
    behavior: {
      scaleDown: {
        // The most pods that were needed in five minutes; then a tenth of them a minute.
        stabilizationWindowSeconds: 300,
        policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
      },
    },
  };
}

function metrics(scaling: Scaling): types.input.autoscaling.v2.MetricSpec[] {
  const { memoryPercent, requestsPerPodPerSecond } = scaling;
  const others = memoryPercent !== undefined || requestsPerPodPerSecond !== undefined;
  const cpuPercent = scaling.cpuPercent ?? (others ? undefined : 70);
  return [
    ...(cpuPercent === undefined ? [] : [utilization("cpu", cpuPercent)]),
    ...(memoryPercent === undefined ? [] : [utilization("memory", memoryPercent)]),
    ...(requestsPerPodPerSecond === undefined
      ? []
      : [
          {
            type: "Pods",
            pods: {
              metric: { name: "http_requests_per_second" },
              target: { type: "AverageValue", averageValue: String(requestsPerPodPerSecond) },
            },
          },
        ]),
  ];
}

function utilization(name: string, averageUtilization: number) {
  return {
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
  };
}

/**
 * How many pods may be taken away at once on purpose, as when a node is drained. Said as what may
 * be missing, it holds at any number of pods: it never asks for more than there are to be, nor
 * keeps a single pod on its node for ever.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function disruptionBudget(
  labels: Readonly<Record<string, string>>,
  maxUnavailable: number | string,
): types.input.policy.v1.PodDisruptionBudgetSpec {
  return {
    maxUnavailable,
    selector: { matchLabels: { ...labels } },
    // Pods that don't serve are missing already; keeping them would only block the drain.
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  };
}

const resourceTargets = { min: true, max: true, cpuPercent: true, memoryPercent: true } as const;

/** Checks how a service scales. */
export function checkScaling(check: ArgumentCheck, scaling: Scaling): void {
  check.known<Scaling>(scaling, { ...resourceTargets, requestsPerPodPerSecond: true }, "scaling.");
  checkTargets(check, scaling);
  check.plain(
    "scaling.requestsPerPodPerSecond",
    scaling.requestsPerPodPerSecond,
    wholeNumber(1, 1_000_000, "requests"),
  );
}

/** Checks how a workload scales that gets no requests. */
export function checkResourceScaling(check: ArgumentCheck, scaling: ResourceScaling): void {
  check.known<ResourceScaling>(scaling, resourceTargets, "scaling.");
  checkTargets(check, scaling);
}

function checkTargets(check: ArgumentCheck, scaling: ResourceScaling): void {
  check.required("scaling.min", scaling.min, wholeNumber(2, 1_000, "pods"), { plain: true });
  check.required("scaling.max", scaling.max, wholeNumber(2, 1_000, "pods"), { plain: true });
  if (scaling.min >= scaling.max) {
    check.problem(
      `scaling.min is ${scaling.min} and scaling.max ${scaling.max}: give a greater maximum, ` +
        "or replicas instead",
    );
  }
  check.plain("scaling.cpuPercent", scaling.cpuPercent, wholeNumber(1, 100, "percent"));
  check.plain("scaling.memoryPercent", scaling.memoryPercent, wholeNumber(1, 100, "percent"));
}
