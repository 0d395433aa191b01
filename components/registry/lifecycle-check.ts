import type { ArgumentCheck } from "../arguments";
import { wholeNumber } from "../rules";
import { type LifecycleArgs, type LifecycleRule, lifecyclePolicy } from "./lifecycle";
import { tagPattern } from "./tag-pattern";

/**
 * Checks a component's lifecycle arguments.
 * @returns ECR's lifecycle policy; it is good for use when the check has no problems
 */
export function checkLifecycle(check: ArgumentCheck, args: LifecycleArgs): string {
  const { protectedTags = [], lifecycleRules = [] } = args;
  const { keepTaggedImages = 50, expireUntaggedAfterDays = 14 } = args;
  check.input("keepTaggedImages", keepTaggedImages, wholeNumber(1, 10_000, "images"));
  check.input("expireUntaggedAfterDays", expireUntaggedAfterDays, wholeNumber(1, 10_000, "days"));
  protectedTags.forEach((tag, i) => {
    check.input(`protectedTags[${i}]`, tag, lifecycleTag);
  });
  lifecycleRules.forEach((rule, i) => {
    checkRule(check, `lifecycleRules[${i}]`, rule);
  });
  checkReach(check, [
    ...protectedTags.map((tag, i) => ({ path: `protectedTags[${i}]`, tagPatterns: [tag] })),
    ...lifecycleRules.map(({ tagPatterns }, i) => ({ path: `lifecycleRules[${i}]`, tagPatterns })),
  ]);
  const rules = protectedTags.length + lifecycleRules.length;
  if (rules > 48) {
    check.problem(
      `protectedTags and lifecycleRules have ${rules} entries: ECR takes 50 rules, 2 of which are made of the other arguments`,
    );
  }
  return lifecyclePolicy({
    protectedTags,
    lifecycleRules,
    keepTaggedImages,
    expireUntaggedAfterDays,
  });
}

function checkRule(check: ArgumentCheck, path: string, rule: LifecycleRule): void {
  const { tagPatterns, keepImages, expireAfterDays } = rule;
  check.known<LifecycleRule>(
    rule,
    { tagPatterns: true, keepImages: true, expireAfterDays: true },
    `${path}.`,
  );
  if (tagPatterns.length === 0) {
    check.problem(`${path}.tagPatterns is empty: give the patterns of the tags that it is about`);
  }
  tagPatterns.forEach((pattern, i) => {
    check.input(`${path}.tagPatterns[${i}]`, pattern, lifecycleTag);
  });
  check.input(`${path}.keepImages`, keepImages, wholeNumber(1, 10_000, "images"));
  check.input(`${path}.expireAfterDays`, expireAfterDays, wholeNumber(1, 10_000, "days"));
  if ((keepImages === undefined) === (expireAfterDays === undefined)) {
    check.problem(
      `${path} has ${keepImages === undefined ? "neither" : "both"} keepImages ${
        keepImages === undefined ? "nor" : "and"
      } expireAfterDays: give one of them, since ECR counts or dates by one rule, and not both`,
    );
  }
}

/** Refuses rules that decide about nothing, since one before them fits whatever they fit. */
function checkReach(
  check: ArgumentCheck,
  rules: readonly { readonly path: string; readonly tagPatterns: readonly string[] }[],
): void {
  rules.forEach(({ path, tagPatterns }, i) => {
    const before = rules
      .slice(0, i)
      .find((other) => other.tagPatterns.every((pattern) => tagPatterns.includes(pattern)));
    if (before !== undefined && before.tagPatterns.length > 0) {
      check.problem(
        `${path} never decides: ${before.path} comes before it and fits all of its images; put the narrower one first, or leave it out`,
      );
    }
  });
}

const lifecyclePattern = tagPattern(4);
const lifecycleTag = (pattern: string) =>
  /^\*+$/.test(pattern)
    ? "give less than every tag, or no later rule would expire anything; keepTaggedImages is for all"
    : lifecyclePattern(pattern);
