import type { ArgumentCheck } from "../arguments";
import { matching, type Rule } from "../rules";
import type { Resources } from "./pod";

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

/** Notes every quantity that Kubernetes can't read, and every request above its limit. */
export function checkResources(check: ArgumentCheck, requests: Resources, limits: Resources): void {
  for (const resource of ["cpu", "memory", "ephemeral-storage"] as const) {
    const unit = resource === "cpu" ? "like 250m for a quarter of a core" : "like 128Mi";
    const rule = (text: string) =>
      parseQuantity(text) === undefined ? `give a quantity above zero, ${unit}` : undefined;
    check.input(`requests.${resource}`, requests[resource], rule);
    check.input(`limits.${resource}`, limits[resource], rule);
    const request = parseQuantity(requests[resource]);
    const limit = parseQuantity(limits[resource]);
    if (request !== undefined && limit !== undefined && request > limit) {
      check.problem(
        `requests.${resource} is ${requests[resource]}, above limits.${resource} of ` +
          `${limits[resource]}: no pod can have what it is promised; raise the limit or lower the request`,
      );
    }
  }
}
