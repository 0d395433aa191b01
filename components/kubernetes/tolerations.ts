import type { types } from "@pulumi/kubernetes";
import type { ArgumentCheck } from "../arguments";
import { oneOf, type Rule, wholeNumber } from "../rules";
import { isLater } from "../values";

type Toleration = types.input.core.v1.Toleration;

/**
 * Checks which taints are put up with, as Kubernetes does.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export function checkTolerations(
  check: ArgumentCheck,
  tolerations: readonly Toleration[] | undefined,
): readonly Toleration[] {
  const given = check.list("tolerations", tolerations);
  for (const [i, each] of given.entries()) {
    const path = `tolerations[${i}].`;
    check.known<Toleration>(
      each,
      { key: true, operator: true, value: true, effect: true, tolerationSeconds: true },
      path,
    );
    const known = <T>(argument: keyof Toleration, rule: Rule<T>) => {
      const value: unknown = each[argument];
      // What is known only later, Kubernetes checks.
      if (!isLater(value)) check.input(`${path}${argument}`, value as T | undefined, rule);
    };
    known("operator", oneOf("Equal", "Exists"));
    known("effect", oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"));
    known("tolerationSeconds", wholeNumber(0, 2 ** 31 - 1));
    if (each.operator === "Exists" && each.value !== undefined) {
      check.problem(`${path}value is given, and Exists is of any value: leave one out`);
    }
    if (each.key === undefined && each.operator !== "Exists") {
      check.problem(`${path}key is missing: give it, or operator: "Exists" for every taint`);
    }
    if (each.tolerationSeconds !== undefined && each.effect !== "NoExecute") {
      check.problem(`${path}tolerationSeconds is given: give it with effect: "NoExecute" alone`);
    }
  }
  return given;
}
