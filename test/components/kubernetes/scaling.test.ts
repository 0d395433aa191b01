import {
  autoscaler,
  checkResourceScaling,
  checkScaling,
  disruptionBudget,
  type Scaling,
} from "../../../components/kubernetes/scaling";
import { problemsOf } from "../../support/refusals";

const utilization = (name: string, averageUtilization: number) => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization } },
});

describe("autoscaler", () => {
  test("default keeps the processor busy, and scales down slowly", () => {
    expect(autoscaler("web", { min: 2, max: 8 })).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 8,
      metrics: [utilization("cpu", 70)],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
        },
      },
    });
  });

  test("custom scales by all that is named", () => {
    const scaling = { cpuPercent: 50, memoryPercent: 80, requestsPerPodPerSecond: 120 };
    expect(autoscaler("web", { min: 2, max: 8, ...scaling }).metrics).toEqual([
      utilization("cpu", 50),
      utilization("memory", 80),
      {
        type: "Pods",
        pods: {
          metric: { name: "http_requests_per_second" },
          target: { type: "AverageValue", averageValue: "120" },
        },
      },
    ]);
  });

  test("custom leaves the processor alone where something else is named", () => {
    expect(autoscaler("web", { min: 2, max: 8, memoryPercent: 80 }).metrics).toEqual([
      utilization("memory", 80),
    ]);
  });
});

test("disruptionBudget says what may be missing, and lets go of what does not serve", () => {
  expect(disruptionBudget({ app: "web" }, "25%")).toEqual({
    maxUnavailable: "25%",
    selector: { matchLabels: { app: "web" } },
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  });
});

describe("checkScaling", () => {
  const problems = (scaling: Scaling) => problemsOf((check) => checkScaling(check, scaling));

  test("takes every target at its bounds", () => {
    expect(
      problems({
        min: 2,
        max: 1_000,
        cpuPercent: 100,
        memoryPercent: 1,
        requestsPerPodPerSecond: 1_000_000,
      }),
    ).toEqual([]);
  });

  test.each([
    [2, 2],
    [5, 4],
  ])("fails when it may not scale: from %d to %d", (min, max) => {
    expect(problems({ min, max })).toEqual([
      `scaling.min is ${min} and scaling.max ${max}: give a greater maximum, or replicas instead`,
    ]);
  });

  test("fails when anything does not fit, with all of it", () => {
    const scaling = { cpuPercent: 0, memoryPercent: 101, requestsPerPodPerSecond: 0.5, cpu: 70 };
    expect(problems({ min: 1, max: 1_001, ...scaling })).toEqual([
      'there is no argument "scaling.cpu": did you mean cpuPercent?',
      "scaling.min is 1: give a whole number from 2 to 1000 pods",
      "scaling.max is 1001: give a whole number from 2 to 1000 pods",
      "scaling.cpuPercent is 0: give a whole number from 1 to 100 percent",
      "scaling.memoryPercent is 101: give a whole number from 1 to 100 percent",
      "scaling.requestsPerPodPerSecond is 0.5: give a whole number from 1 to 1000000 requests",
    ]);
  });
});

test("checkResourceScaling knows what pods use, and nothing of requests", () => {
  const scaling = { min: 2, max: 2, cpuPercent: 0, memoryPercent: 0, requestsPerPodPerSecond: 5 };
  expect(problemsOf((check) => checkResourceScaling(check, scaling))).toEqual([
    'there is no argument "scaling.requestsPerPodPerSecond": give only min, max, cpuPercent, memoryPercent',
    "scaling.min is 2 and scaling.max 2: give a greater maximum, or replicas instead",
    "scaling.cpuPercent is 0: give a whole number from 1 to 100 percent",
    "scaling.memoryPercent is 0: give a whole number from 1 to 100 percent",
  ]);
});
