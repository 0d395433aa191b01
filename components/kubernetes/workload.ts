import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";

/** What others need to know of a workload in order to let it in. */
export interface Caller {
  /** The component's name, which is also that of its objects in the cluster. */
  readonly name: string;
  /** The labels by which its pods are selected. */
  readonly labels: Readonly<Record<string, string>>;
  /** The namespace it lives in. */
  readonly namespaceName: pulumi.Output<string>;
}

/** What others need to know of a workload in order to reach it. */
export interface Workload extends Caller {
  /** The port its container listens on. */
  readonly port: number;
}

/**
 * Checks that a workload was given, and not one of its objects.
 * @throws {InvalidArgumentsError} at once when not: nothing could be done with it
 */
export function checkWorkload(check: ArgumentCheck, argument: string, workload: Workload): void {
  const properties = ["name", "labels", "namespaceName", "port"] as const;
  check.shaped(argument, workload, properties, "what is reached, like a Microservice");
}

/**
 * The labels by which a workload's pods are selected. Kubernetes lets nobody change a selector, so
 * nothing stands here that could change.
 */
export function selectorLabels(name: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": name };
}

/**
 * The labels of everything that belongs to a workload, its pods included.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function commonLabels(name: string): Readonly<Record<string, string>> {
  return {
    ...selectorLabels(name),
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}
