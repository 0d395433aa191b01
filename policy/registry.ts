import { attached } from "./attached";
import { allowing } from "./documents";
import type { Rule } from "./rule";
import { at, isOrMayBe, shown } from "./values";

const types = ["aws:ecr/repository:Repository"];

/** Rules for container registries. */
export const registryRules: readonly Rule[] = [
  {
    name: "ecr-immutable-tags",
    description: "A tag that can be pushed again means another image tomorrow than what was tested",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    types,
    check: ({ props }) => {
      const given = at(props, "imageTagMutability");
      if (isOrMayBe(given, "IMMUTABLE")) return [];
      return [
        `imageTagMutability is ${shown(given)}: give "IMMUTABLE", ` +
          "with ContainerRegistry by leaving out mutableTags",
      ];
    },
  },
  {
    name: "ecr-scan-on-push",
    description: "Known vulnerabilities of an image are found when it is pushed, or not at all",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    types,
    check: ({ props }) => {
      const given = at(props, "imageScanningConfiguration", "scanOnPush");
      if (isOrMayBe(given, true)) return [];
      return [`imageScanningConfiguration.scanOnPush is ${shown(given)}: give true`];
    },
  },
  {
    name: "ecr-encryption",
    description:
      "How a repository is encrypted can't be changed later without replacing it, so it is stated",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
    types,
    check: ({ props }) => {
      const given = at(props, "encryptionConfigurations", 0, "encryptionType");
      if (isOrMayBe(given, "AES256", "KMS", "KMS_DSSE")) return [];
      return [
        `encryptionConfigurations[0].encryptionType is ${shown(given)}: ` +
          'give "AES256", or "KMS" with a kmsKey',
      ];
    },
  },
  {
    name: "ecr-no-public-access",
    description: "A policy that allows everybody lets any AWS account pull or push images",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    types: ["aws:ecr/repositoryPolicy:RepositoryPolicy"],
    check: ({ props }) =>
      allowing(at(props, "policy"))
        .filter(({ principals }) => principals.includes("*"))
        .map(
          ({ actions }) =>
            `policy allows everybody ("*") ${actions.join(", ")}: name accounts or roles by ARN`,
        ),
  },
  {
    name: "ecr-lifecycle",
    description: "Images that nobody runs any more cost storage until something expires them",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    types,
    checkAmong: (repository, all) => {
      const policies = attached(repository, lifecyclePolicies, all);
      if (policies.length > 0) return [];
      return ["it has no lifecycle policy: add an aws.ecr.LifecyclePolicy for it"];
    },
  },
];

const lifecyclePolicies = {
  types: ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
  property: "repository",
  keys: ["name"],
};
