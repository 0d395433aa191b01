import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { isLater, kindOf, shown } from "../values";

type Text = pulumi.Input<string>;

/** A condition on a value, where it need not be equal. */
export type Condition =
  | { readonly prefix: Text }
  | { readonly suffix: Text }
  | { readonly "equals-ignore-case": Text }
  | { readonly wildcard: Text }
  | { readonly cidr: Text }
  | { readonly exists: boolean }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly "anything-but": Text | number | readonly (Text | number)[] | Condition };

/**
 * Which events are meant: for each field the values that it may have, or conditions on it. All
 * fields must match, of each field one of its values; `$or` takes patterns of which one is enough.
 *
 * @example { type: ["order"], detail: { total: [{ numeric: [">", 100] }] } }
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export interface EventPattern {
  readonly [field: string]:
    | EventPattern
    | readonly (Text | number | boolean | null | Condition)[]
    | readonly EventPattern[];
}

/** What a service knows of the language of patterns. */
export interface PatternRules {
  /** Who reads the pattern, for the error. */
  readonly service: string;
  /** The conditions it knows. */
  readonly conditions: readonly string[];
  /** The most characters of JSON that it takes. */
  readonly maxLength: number;
}

const everywhere = [
  "prefix",
  "suffix",
  "equals-ignore-case",
  "anything-but",
  "numeric",
  "exists",
] as const;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
export const lambdaFilters: PatternRules = {
  service: "Lambda",
  conditions: everywhere,
  maxLength: 4_096,
};
/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export const eventBridgePatterns: PatternRules = {
  service: "EventBridge",
  conditions: [...everywhere, "wildcard", "cidr"],
  maxLength: 2_048,
};
/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html */
export const snsFilterPolicies: PatternRules = {
  service: "SNS",
  conditions: [...everywhere, "cidr"],
  maxLength: 262_144,
};

/**
 * Checks a pattern, and writes it as JSON. A wrong one would not fail: it would never match.
 * @returns the JSON to use from here on
 */
export function checkPattern(
  check: ArgumentCheck,
  argument: string,
  pattern: EventPattern,
  rules: PatternRules,
): pulumi.Input<string> {
  checkFields(check, argument, pattern, rules);
  const stringify = holdsLater(pattern) ? pulumi.jsonStringify : JSON.stringify;
  const text: pulumi.Input<string> = stringify(isObject(pattern) ? pattern : {}, withoutComponents);
  return check.input(argument, text, (json) =>
    json.length <= rules.maxLength
      ? undefined
      : `give at most ${rules.maxLength} characters of JSON, which is what ${rules.service} takes`,
  );
}

function checkFields(
  check: ArgumentCheck,
  path: string,
  fields: unknown,
  rules: PatternRules,
): void {
  if (!isObject(fields)) {
    check.problem(`${path} is ${written(fields)}: give an object, like { type: ["order"] }`);
    return;
  }
  if (Object.keys(fields).length === 0) {
    check.problem(`${path} is empty: name a field at least, like { type: ["order"] }`);
  }
  for (const [name, value] of Object.entries(fields)) {
    const field = `${path}.${name}`;
    if (Array.isArray(value) && value.length === 0) {
      check.problem(`${field} is an empty list, which nothing matches: give a value at least`);
    } else if (name === "$or" && Array.isArray(value)) {
      value.forEach((each, i) => {
        checkFields(check, `${field}[${i}]`, each, rules);
      });
    } else if (Array.isArray(value)) {
      value.forEach((each, i) => {
        checkValue(check, `${field}[${i}]`, each, rules);
      });
    } else if (isObject(value) && name !== "$or") {
      checkFields(check, field, value, rules);
    } else {
      check.problem(`${field} is ${written(value)}: give a list of what it may be`);
    }
  }
}

/** One of the values that a field may have: plain, or an object of one condition. */
function checkValue(check: ArgumentCheck, path: string, value: unknown, rules: PatternRules): void {
  if (value === null || isLater(value) || /^(string|number|boolean)$/.test(typeof value)) return;
  const [condition, ...more] = isObject(value) ? Object.keys(value) : [];
  if (condition === undefined || more.length > 0 || !rules.conditions.includes(condition)) {
    check.problem(
      `${path} is ${written(value)}: give a value, or one condition that ${rules.service} knows ` +
        `(${rules.conditions.join(", ")})`,
    );
  } else if (condition === "numeric" && !isRange((value as { numeric: unknown }).numeric)) {
    check.problem(`${path}.numeric is no range: give one, like [">=", 0, "<", 100]`);
  } else if (condition === "exists" && typeof (value as { exists: unknown }).exists !== "boolean") {
    check.problem(
      `${path}.exists is ${written((value as { exists: unknown }).exists)}: give true or false`,
    );
  } else if (ofText.includes(condition)) {
    const text = (value as Readonly<Record<string, unknown>>)[condition];
    if (typeof text === "string" || isLater(text)) return;
    check.problem(`${path}.${condition} is ${written(text)}: give text`);
  }
}

const ofText = ["prefix", "suffix", "equals-ignore-case", "wildcard", "cidr"];

/** One comparison or two, each with its number; of two, the lower one first. */
function isRange(value: unknown): boolean {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 4)) return false;
  if (value.length === 4 && value[1] >= value[3]) return false;
  return value.every((each, i) =>
    i % 2 === 0 ? ["=", "<", "<=", ">", ">="].includes(each) : typeof each === "number",
  );
}

function holdsLater(value: unknown): boolean {
  if (isLater(value)) return true;
  return (Array.isArray(value) || isObject(value)) && Object.values(value).some(holdsLater);
}

/** What is refused has no JSON: components go in circles. */
function withoutComponents(_: string, value: unknown): unknown {
  return kindOf(value).startsWith("of the class") ? null : value;
}

function isObject(value: unknown): value is object {
  return kindOf(value) === "an object";
}

/** Without what is known only later, which could be a secret. */
function written(value: unknown): string {
  return holdsLater(value) ? "known only later" : shown(value);
}
