/** How long images with certain tags stay: either by their number or by their age. */
export interface LifecycleRule {
  /**
   * Which images it is about: those that have a tag for each of these patterns. `*` stands for any
   * text, at most four times in one pattern.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
   */
  readonly tagPatterns: readonly string[];
  /**
   * How many of them to keep. Older ones expire.
   * @default by age alone
   */
  readonly keepImages?: number;
  /**
   * How many days after its push such an image expires.
   * @default by number alone
   */
  readonly expireAfterDays?: number;
}

/**
 * How long images stay in a repository. The first rule that an image's tags fit decides about it,
 * in this order: `protectedTags`, `expireUntaggedAfterDays`, `lifecycleRules`, `keepTaggedImages`.
 */
export interface LifecycleArgs {
  /**
   * Patterns of tags whose images never expire, whatever the other rules say: what is deployed
   * somewhere, like `prod-*`. They count among the images that the other rules keep.
   * @default none
   */
  readonly protectedTags?: readonly string[];
  /**
   * Rules of their own for images with certain tags.
   * @default none
   */
  readonly lifecycleRules?: readonly LifecycleRule[];
  /**
   * How many tagged images to keep. Older ones expire.
   * @default 50
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   */
  readonly keepTaggedImages?: number;
  /**
   * After how many days an image without a tag expires.
   * @default 14
   */
  readonly expireUntaggedAfterDays?: number;
}

/** The names of {@link LifecycleArgs}, for `check.known`. */
export const lifecycleArguments = {
  protectedTags: true,
  lifecycleRules: true,
  keepTaggedImages: true,
  expireUntaggedAfterDays: true,
} as const;

/** More than a repository can hold, so that a rule with it expires nothing. */
const everyImage = 100_000;

/**
 * ECR's lifecycle policy: priorities by order, no two alike. ECR allows one rule for untagged
 * images, and wants one for `any` last; the last here takes every tag instead, and never needs it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function lifecyclePolicy(args: Required<LifecycleArgs>): string {
  const { protectedTags, lifecycleRules, keepTaggedImages, expireUntaggedAfterDays } = args;
  const rules = [
    // A pattern has a rule of its own: an image must fit all that stand in one.
    ...protectedTags.map((tag) => ({
      description: `Keep images tagged ${tag}`,
      selection: { ...tagged([tag]), ...beyond(everyImage) },
    })),
    {
      description: `Expire images without a tag after ${expireUntaggedAfterDays} days`,
      selection: { tagStatus: "untagged", ...olderThan(expireUntaggedAfterDays) },
    },
    ...lifecycleRules.map(lifecycleRule),
    {
      description: `Keep the last ${keepTaggedImages} tagged images`,
      selection: { ...tagged(["*"]), ...beyond(keepTaggedImages) },
    },
  ];
  return JSON.stringify({
    rules: rules.map((rule, i) => ({ rulePriority: i + 1, ...rule, action: { type: "expire" } })),
  });
}

function lifecycleRule({ tagPatterns, keepImages, expireAfterDays = 0 }: LifecycleRule) {
  const tags = tagPatterns.join(" and ");
  return keepImages === undefined
    ? {
        description: `Expire images tagged ${tags} after ${expireAfterDays} days`,
        selection: { ...tagged(tagPatterns), ...olderThan(expireAfterDays) },
      }
    : {
        description: `Keep the last ${keepImages} images tagged ${tags}`,
        selection: { ...tagged(tagPatterns), ...beyond(keepImages) },
      };
}

const tagged = (tagPatternList: readonly string[]) => ({ tagStatus: "tagged", tagPatternList });
const beyond = (countNumber: number) => ({ countType: "imageCountMoreThan", countNumber });
const olderThan = (countNumber: number) => ({
  countType: "sinceImagePushed",
  countUnit: "days",
  countNumber,
});
