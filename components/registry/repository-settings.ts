import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { all, arn, matching } from "../rules";
import { tagPattern } from "./tag-pattern";

/** What a repository does with tags, and how it is encrypted. */
export interface RepositorySettingsArgs {
  /**
   * Which tags, once pushed, may be pushed again with another image: true for all, or up to five
   * names and patterns, like `latest` and `branch-*`, with at most two `*` in each. Leave it out
   * for what is deployed: with fixed tags, what was tested is what runs.
   * @default false: every tag is fixed
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
   */
  readonly mutableTags?: boolean | readonly string[];
  /**
   * ARN of the KMS key that encrypts the images. Can't be changed later: another key replaces the
   * repository.
   * @default AES-256 with a key that ECR keeps
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** The names of {@link RepositorySettingsArgs}, for `check.known`. */
export const settingsArguments = { mutableTags: true, kmsKeyArn: true } as const;

/**
 * Checks a component's arguments about tags and encryption.
 * @returns the provider's inputs for them
 */
export function checkSettings(check: ArgumentCheck, args: RepositorySettingsArgs) {
  const { mutableTags = false } = args;
  const kmsKeyArn = check.input("kmsKeyArn", args.kmsKeyArn, arn("kms"));
  return {
    ...tagMutability(check, mutableTags),
    encryptionConfigurations: [
      kmsKeyArn === undefined
        ? { encryptionType: "AES256" }
        : { encryptionType: "KMS", kmsKey: kmsKeyArn },
    ],
  };
}

function tagMutability(check: ArgumentCheck, mutableTags: boolean | readonly string[]) {
  if (typeof mutableTags === "boolean") {
    return { imageTagMutability: mutableTags ? "MUTABLE" : "IMMUTABLE" };
  }
  if (!Array.isArray(mutableTags)) {
    check.problem("mutableTags is neither true nor false nor a list: give one of them");
    return {};
  }
  if (mutableTags.length === 0) return { imageTagMutability: "IMMUTABLE" };
  if (mutableTags.length > 5) {
    check.problem(`mutableTags has ${mutableTags.length} patterns: ECR takes 5 at the most`);
  }
  check.listOf("mutableTags", mutableTags, mutableTag);
  return {
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: mutableTags.map((filter) => ({
      filter,
      filterType: "WILDCARD",
    })),
  };
}

const mutableTag = all(
  tagPattern(2),
  matching(/[^*]/, "less than every tag, or true in place of the list"),
);
