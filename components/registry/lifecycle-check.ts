import type { ArgumentCheck } from "../arguments";
import { all, matching, wholeNumber } from "../rules";
import type { LifecycleArgs, LifecycleRule } from "./lifecycle";
import { tagPattern } from "./tag-pattern";

/**
 * Checks a component's lifecycle arguments.
 * @returns those to use from here on, with their defaults
 */
export function checkLifecycle(check: ArgumentCheck, args: LifecycleArgs): Required<LifecycleArgs> {
  const keepTaggedImages = check.plain(
    "keepTaggedImages",
    args.keepTaggedImages ?? 50,
    wholeNumber(1, 10_000, "images"),
  );
  const expireUntaggedAfterDays = check.plain(
    "expireUntaggedAfterDays",
    args.expireUntaggedAfterDays ?? 14,
    wholeNumber(1, 10_000, "days"),
  );
  const protectedTags = check.listOf("protectedTags", args.protectedTags, lifecycleTag);
  const lifecycleRules = check
    .list("lifecycleRules", args.lifecycleRules)
    .map((rule, i) => checkRule(check, `lifecycleRules[${i}]`, rule));
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
  return { protectedTags, lifecycleRules, keepTaggedImages, expireUntaggedAfterDays };
}

function checkRule(check: ArgumentCheck, path: string, rule: LifecycleRule): LifecycleRule {
  check.known<LifecycleRule>(
    rule,
    { tagPatterns: true, keepImages: true, expireAfterDays: true },
    `${path}.`,
  );
  const { keepImages, expireAfterDays } = rule;
  const tagPatterns = check.listOf(`${path}.tagPatterns`, rule.tagPatterns, lifecycleTag);
  if (tagPatterns.length === 0) {
    check.problem(`${path}.tagPatterns is empty: give the patterns of the tags that it is about`);
  }
  check.plain(`${path}.keepImages`, keepImages, wholeNumber(1, 10_000, "images"));
  check.plain(`${path}.expireAfterDays`, expireAfterDays, wholeNumber(1, 10_000, "days"));
  if ((keepImages === undefined) === (expireAfterDays === undefined)) {
    check.problem(
      `${path} has ${keepImages === undefined ? "neither" : "both"} keepImages ${
        keepImages === undefined ? "nor" : "and"
      } expireAfterDays: give one of them, since ECR counts or dates by one rule, and not both`,
    );
  }
  return { ...rule, tagPatterns };
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

const lifecycleTag = all(
  tagPattern(4),
  matching(
    /[^*]/,
    "less than every tag, or no later rule would expire anything; keepTaggedImages is for all",
  ),
);
