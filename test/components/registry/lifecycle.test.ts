import { ArgumentCheck } from "../../../components/arguments";
import { type LifecycleArgs, lifecyclePolicy } from "../../../components/registry/lifecycle";
import { checkLifecycle } from "../../../components/registry/lifecycle-check";
import { problemsOf } from "../../support/refusals";

/** The rules that are made of arguments with nothing wrong in them. */
function rulesOf(args: LifecycleArgs): readonly Readonly<Record<string, unknown>>[] {
  const check = new ArgumentCheck("groundwork:test:Thing", "it");
  const checked = checkLifecycle(check, args);
  check.throwIfAny();
  return JSON.parse(lifecyclePolicy(checked)).rules;
}
const problems = (args: LifecycleArgs) => problemsOf((check) => checkLifecycle(check, args));

const expire = { type: "expire" };
const untagged = (rulePriority: number, countNumber: number) => ({
  rulePriority,
  description: `Expire images without a tag after ${countNumber} days`,
  selection: {
    tagStatus: "untagged",
    countType: "sinceImagePushed",
    countUnit: "days",
    countNumber,
  },
  action: expire,
});
const tagged = (rulePriority: number, countNumber: number) => ({
  rulePriority,
  description: `Keep the last ${countNumber} tagged images`,
  selection: {
    tagStatus: "tagged",
    tagPatternList: ["*"],
    countType: "imageCountMoreThan",
    countNumber,
  },
  action: expire,
});

describe("checkLifecycle", () => {
  test("default expires untagged images by age, and tagged ones by number", () => {
    expect(rulesOf({})).toEqual([untagged(1, 14), tagged(2, 50)]);
  });

  test("custom protects tags before anything expires, and keeps every tag's rule for the end", () => {
    expect(
      rulesOf({
        protectedTags: ["prod-*", "staging"],
        lifecycleRules: [
          { tagPatterns: ["branch-*"], expireAfterDays: 30 },
          { tagPatterns: ["release-*", "*-lts"], keepImages: 7 },
        ],
        keepTaggedImages: 1,
        expireUntaggedAfterDays: 2,
      }),
    ).toEqual([
      {
        rulePriority: 1,
        description: "Keep images tagged prod-*",
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["prod-*"],
          countType: "imageCountMoreThan",
          countNumber: 100_000,
        },
        action: expire,
      },
      {
        rulePriority: 2,
        description: "Keep images tagged staging",
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["staging"],
          countType: "imageCountMoreThan",
          countNumber: 100_000,
        },
        action: expire,
      },
      untagged(3, 2),
      {
        rulePriority: 4,
        description: "Expire images tagged branch-* after 30 days",
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["branch-*"],
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: 30,
        },
        action: expire,
      },
      {
        rulePriority: 5,
        description: "Keep the last 7 images tagged release-* and *-lts",
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["release-*", "*-lts"],
          countType: "imageCountMoreThan",
          countNumber: 7,
        },
        action: expire,
      },
      tagged(6, 1),
    ]);
  });

  const several = [0, 1, 2, 5];
  test.each(several.flatMap((tags) => several.map((rules) => [tags, rules] as const)))(
    "numbers %i protected tags and %i rules, one rule for untagged images and every tag's the last",
    (tags, rules) => {
      const made = rulesOf({
        protectedTags: Array.from({ length: tags }, (_, i) => `deployed-${i}-*`),
        lifecycleRules: Array.from({ length: rules }, (_, i) => ({
          tagPatterns: [`v${i}-*`],
          ...(i % 2 === 0 ? { keepImages: i + 1 } : { expireAfterDays: i }),
        })),
      });
      expect(made.map((rule) => rule["rulePriority"])).toEqual(
        Array.from({ length: tags + rules + 2 }, (_, i) => i + 1),
      );
      const statuses = made.map((rule) => (rule["selection"] as { tagStatus: string }).tagStatus);
      expect(statuses.filter((status) => status !== "tagged")).toEqual(["untagged"]);
      expect(made.at(-1)).toEqual(tagged(tags + rules + 2, 50));
    },
  );

  test("takes as many rules as ECR does, and no more", () => {
    const tags = Array.from({ length: 48 }, (_, i) => `v${i}`);
    const priorities = rulesOf({ protectedTags: tags }).map((rule) => rule["rulePriority"]);
    expect(priorities).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));

    expect(
      problems({
        protectedTags: tags,
        lifecycleRules: [{ tagPatterns: ["branch-*"], keepImages: 1 }],
      }),
    ).toEqual([
      "protectedTags and lifecycleRules have 49 entries: ECR takes 50 rules, 2 of which are made of the other arguments",
    ]);
  });

  test("fails for numbers and patterns that ECR does not take, and says which", () => {
    expect(
      problems({
        protectedTags: ["prod *", "*"],
        lifecycleRules: [
          { tagPatterns: ["*a*b*c*d*"], keepImages: 0 },
          { tagPatterns: ["a".repeat(129), "*"], expireAfterDays: 1.5 },
        ],
        keepTaggedImages: 10_001,
        expireUntaggedAfterDays: 0,
      }),
    ).toEqual([
      "keepTaggedImages is 10001: give a whole number from 1 to 10000 images",
      "expireUntaggedAfterDays is 0: give a whole number from 1 to 10000 days",
      'protectedTags[0] is "prod *": give 1 to 128 letters, digits and . _ -, with * for any text between them',
      'protectedTags[1] is "*": give less than every tag, or no later rule would expire anything; keepTaggedImages is for all',
      'lifecycleRules[0].tagPatterns[0] is "*a*b*c*d*": give at most 4 * in it, as many as ECR takes',
      "lifecycleRules[0].keepImages is 0: give a whole number from 1 to 10000 images",
      `lifecycleRules[1].tagPatterns[0] is "${"a".repeat(76)}...: give 1 to 128 letters, digits and . _ -, with * for any text between them`,
      'lifecycleRules[1].tagPatterns[1] is "*": give less than every tag, or no later rule would expire anything; keepTaggedImages is for all',
      "lifecycleRules[1].expireAfterDays is 1.5: give a whole number from 1 to 10000 days",
      "lifecycleRules[1] never decides: protectedTags[1] comes before it and fits all of its images; put the narrower one first, or leave it out",
    ]);
  });

  test("takes patterns with as many wildcards as ECR does", () => {
    expect(problems({ protectedTags: ["*a*b*c*"] })).toEqual([]);
  });

  test("fails for a rule that says neither or both of number and age, or no tags, or more", () => {
    expect(
      problems({
        lifecycleRules: [
          { tagPatterns: ["a"] },
          { tagPatterns: ["b"], keepImages: 1, expireAfterDays: 1 },
          { tagPatterns: [], keepImages: 1 },
          { tagPatterns: ["c"], keepImages: 1, tagPrefixes: ["c"] } as never,
        ],
      }),
    ).toEqual([
      "lifecycleRules[0] has neither keepImages nor expireAfterDays: give one of them, since ECR counts or dates by one rule, and not both",
      "lifecycleRules[1] has both keepImages and expireAfterDays: give one of them, since ECR counts or dates by one rule, and not both",
      "lifecycleRules[2].tagPatterns is empty: give the patterns of the tags that it is about",
      'there is no argument "lifecycleRules[3].tagPrefixes": give only tagPatterns, keepImages, expireAfterDays',
    ]);
  });

  test("fails for rules behind one that fits all of their images", () => {
    expect(
      problems({
        protectedTags: ["prod-*", "prod-*"],
        lifecycleRules: [
          { tagPatterns: ["a"], keepImages: 1 },
          { tagPatterns: ["b", "a"], expireAfterDays: 1 },
          { tagPatterns: ["b"], expireAfterDays: 1 },
        ],
      }),
    ).toEqual([
      "protectedTags[1] never decides: protectedTags[0] comes before it and fits all of its images; put the narrower one first, or leave it out",
      "lifecycleRules[1] never decides: lifecycleRules[0] comes before it and fits all of its images; put the narrower one first, or leave it out",
    ]);
  });
});
