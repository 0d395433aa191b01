import type { types } from "@pulumi/kubernetes";
import { drainSeconds } from "./pod-args";

/** How a pod of a service is reached, and asked how it is. */
export interface Http {
  readonly port: number;
  readonly startupSeconds: number;
  readonly livenessPath: string;
  readonly readinessPath: string;
}

/** How a pod that nobody sends requests to is asked how it is. */
export interface Health {
  readonly startupSeconds: number;
  readonly livenessCommand: readonly string[];
  readonly readinessCommand: readonly string[];
}

/** How a container serves: its port, its probes, and how it is drained. */
export function serving({ port, startupSeconds, livenessPath, readinessPath }: Http) {
  const answers = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 2 });
  return {
    ports: [{ name: "http", containerPort: port }],
    startupProbe: { ...answers(livenessPath), ...untilStarted(startupSeconds, 2) },
    // Ready quickly leaves the load balancer; alive is patient, since it restarts.
    readinessProbe: { ...answers(readinessPath), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...answers(livenessPath), periodSeconds: 10, failureThreshold: 6 },
    lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
  } satisfies Partial<types.input.core.v1.Container>;
}

/** How a container works that nobody sends requests to, so that it need not be drained. */
export function working({ startupSeconds, livenessCommand, readinessCommand }: Health) {
  // Each time a process is started, which takes longer than an answer: less often, more patience.
  const succeeds = (command: readonly string[]) => ({
    exec: { command: [...command] },
    timeoutSeconds: 5,
  });
  return {
    startupProbe: { ...succeeds(livenessCommand), ...untilStarted(startupSeconds, 5) },
    readinessProbe: { ...succeeds(readinessCommand), periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { ...succeeds(livenessCommand), periodSeconds: 20, failureThreshold: 3 },
  } satisfies Partial<types.input.core.v1.Container>;
}

/** Until it has gone well once, the other two probes don't begin. */
function untilStarted(startupSeconds: number, periodSeconds: number) {
  return { periodSeconds, failureThreshold: Math.ceil(startupSeconds / periodSeconds) };
}
