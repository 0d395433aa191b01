import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { oneOf } from "../rules";
import { kindOf } from "../values";
import { checkPattern, type EventPattern, snsFilterPolicies } from "./event-pattern";

/** Which messages of a topic a subscriber gets. */
export interface FilterPolicyArgs {
  /**
   * Which messages are delivered: for each field what it may be. 5 fields at the most, and 150
   * combinations of what they may be.
   * @default all of them
   * @example filterPolicy: { type: ["order", "refund"] }
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
   */
  readonly filterPolicy?: EventPattern;
  /**
   * Whether `filterPolicy` looks at the message's attributes, or at the message, which then is JSON.
   * @default "MessageAttributes"
   */
  readonly filterPolicyScope?: "MessageAttributes" | "MessageBody";
}

/**
 * Checks which messages a subscriber gets.
 * @returns what the subscription takes
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function checkFilterPolicy(
  check: ArgumentCheck,
  { filterPolicy, filterPolicyScope }: FilterPolicyArgs,
): { filterPolicy?: pulumi.Input<string>; filterPolicyScope?: string } {
  check.input("filterPolicyScope", filterPolicyScope, oneOf("MessageAttributes", "MessageBody"));
  if (filterPolicy === undefined) {
    if (filterPolicyScope !== undefined) {
      check.problem("filterPolicyScope is given without a filterPolicy: give that too");
    }
    return {};
  }
  const lists = listsOf(filterPolicy);
  if (lists.length > 5) {
    check.problem(`filterPolicy has ${lists.length} fields: SNS takes 5 at the most`);
  }
  const combinations = lists.reduce((product, list) => product * list.length, 1);
  if (combinations > 150) {
    check.problem(
      `filterPolicy has ${combinations} combinations of values: SNS takes 150 at the most`,
    );
  }
  return {
    filterPolicy: checkPattern(check, "filterPolicy", filterPolicy, snsFilterPolicies),
    filterPolicyScope: filterPolicyScope ?? "MessageAttributes",
  };
}

/** The lists of what each field may be. */
function listsOf(pattern: unknown): readonly (readonly unknown[])[] {
  if (kindOf(pattern) !== "an object") return [];
  return Object.entries(pattern as object).flatMap(([field, value]) => {
    if (field === "$or" && Array.isArray(value)) return value.flatMap(listsOf);
    return Array.isArray(value) ? [value] : listsOf(value);
  });
}
