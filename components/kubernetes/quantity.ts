import type { ArgumentCheck } from "../arguments";
import { matching, type Rule } from "../rules";

/** Compute resources of a container, in Kubernetes' quantities. */
export interface Resources {
  /** Processor time, like `250m` for a quarter of a core. */
  readonly cpu: string;
  /** Memory, like `128Mi`. */
  readonly memory: string;
  /** Disk that lasts as long as the pod: logs, image layers written to, `emptyDir` volumes. */
  readonly "ephemeral-storage": string;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantity = /^(\d+(?:\.\d+)?)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
const decimal = ["k", "M", "G", "T", "P", "E"];
const binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** A quantity that may be zero, as limits of a whole namespace may. */
export const anyQuantity: Rule<string> = matching(quantity, 'a quantity, like "20" or "40Gi"');

/**
 * A Kubernetes quantity as a number: `250m` is 0.25, `128Mi` is 134217728.
 * @returns undefined for text that is no quantity, or that is not above zero
 */
export function parseQuantity(text: string): number | undefined {
  if (typeof text !== "string") return undefined;
  const [, digits, suffix] = quantity.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits) * multiplier(suffix);
  return value > 0 ? value : undefined;
}

function multiplier(suffix: string | undefined): number {
  if (suffix === undefined) return 1;
  if (suffix === "m") return 1e-3;
  return binary.includes(suffix)
    ? 1024 ** (binary.indexOf(suffix) + 1)
    : 1000 ** (decimal.indexOf(suffix) + 1);
}

/** Processor time of a container: `512Mi` of it is a slip, and so is less than Kubernetes counts. */
const cpuTime: Rule<string> = (text) => {
  const cores = parseQuantity(text);
  if (cores === undefined) return "give a quantity above zero, like 250m for a quarter of a core";
  return cores >= 0.001 && cores <= 1_000 ? undefined : "give 1m to 1000 cores, like 250m";
};

/**
 * A quantity of bytes. `256m` of them is a quarter of a byte, which Kubernetes takes.
 * @param example one that makes sense
 */
export function bytes(example: string): Rule<string> {
  return (text) => {
    const size = parseQuantity(text);
    if (size === undefined) return `give a quantity above zero, like ${example}`;
    if (size >= 1024 ** 2) return undefined;
    return `that is ${size} bytes: give at least 1Mi, like ${example}`;
  };
}

/** Each of the resources, with what a container has of it when nothing is said. */
const defaults: Resources = { cpu: "250m", memory: "256Mi", "ephemeral-storage": "256Mi" };

/** What a container is promised, and what it may not exceed. */
export interface RequestsAndLimits {
  readonly requests: Resources;
  readonly limits: Resources;
}

/**
 * Completes what is said of a container's resources. Of requests and limits the one that is not
 * said is like the other: a container that is promised all it may take is the last one to be
 * evicted. Notes every quantity that Kubernetes can't read, and every request above its limit.
 *
 * @param path what stands before the arguments' names in problems, like `sidecars[0].`
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/#guaranteed
 */
export function checkResources(
  check: ArgumentCheck,
  path: string,
  { requests = {}, limits = {} }: { [Kind in keyof RequestsAndLimits]?: Partial<Resources> },
): RequestsAndLimits {
  const names = Object.keys(defaults) as (keyof Resources)[];
  const known = { cpu: true, memory: true, "ephemeral-storage": true } as const;
  check.known<Partial<Resources>>(requests, known, `${path}requests.`);
  check.known<Partial<Resources>>(limits, known, `${path}limits.`);
  for (const resource of names) {
    const rule = resource === "cpu" ? cpuTime : bytes("128Mi");
    const [request, limit] = [requests[resource], limits[resource]];
    check.plain(`${path}requests.${resource}`, request, rule);
    check.plain(`${path}limits.${resource}`, limit, rule);
    const [promised, most] = [parseQuantity(request ?? ""), parseQuantity(limit ?? "")];
    if (promised !== undefined && most !== undefined && promised > most) {
      check.problem(
        `${path}requests.${resource} is ${request}, above ${path}limits.${resource} of ` +
          `${limit}: no pod can have what it is promised; raise the limit or lower the request`,
      );
    }
  }
  return {
    requests: { ...defaults, ...limits, ...requests },
    limits: { ...defaults, ...requests, ...limits },
  };
}
