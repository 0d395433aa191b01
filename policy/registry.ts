import { attached } from "./attached";
import { allowing } from "./documents";
import type { Rule } from "./rule";
import { at, isOrMayBe, items, json, shown, texts } from "./values";

const types = ["aws:ecr/repository:Repository"];
const accessPolicies = [
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:ecr/registryPolicy:RegistryPolicy",
];

const lifecyclePolicies = {
  types: ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
  property: "repository",
  keys: ["name"],
};

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
      if (given === "IMMUTABLE_WITH_EXCLUSION") {
        return items(at(props, "imageTagMutabilityExclusionFilters"))
          .map((filter) => at(filter, "filter"))
          .filter((filter) => typeof filter === "string" && /^\*+$/.test(filter))
          .map((filter) => `imageTagMutabilityExclusionFilters has ${shown(filter)}: give less`);
      }
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
    types: accessPolicies,
    check: ({ props }) =>
      allowing(at(props, "policy"))
        .filter(
          ({ principals, condition }) => principals.includes("*") && !ofOrganization(condition),
        )
        .map(
          ({ actions }) =>
            `policy allows everybody ("*") ${actions.join(", ")}: name accounts or roles by ARN, or an organization by aws:PrincipalOrgID`,
        ),
  },
  {
    name: "ecr-service-source",
    description: "An AWS service acts for each of its customers, so it is said for whom it may",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    types: accessPolicies,
    check: ({ props }) =>
      allowing(at(props, "policy")).flatMap(({ principals, condition }) =>
        principals
          .filter((principal) => principal.endsWith(".amazonaws.com") && !hasSource(condition))
          .map(
            (principal) =>
              `policy allows ${principal} for any account: add a condition on aws:SourceArn or aws:SourceAccount`,
          ),
      ),
  },
  {
    name: "ecr-registry-scanning",
    description: "What is scanned only when somebody asks for it is not scanned",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    types: ["aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"],
    check: ({ props }) =>
      items(at(props, "rules")).flatMap((rule, i) => {
        const given = at(rule, "scanFrequency");
        if (isOrMayBe(given, "SCAN_ON_PUSH", "CONTINUOUS_SCAN")) return [];
        return [
          `rules[${i}].scanFrequency is ${shown(given)}: give "CONTINUOUS_SCAN" or "SCAN_ON_PUSH"`,
        ];
      }),
  },
  {
    name: "ecr-lifecycle-order",
    description: "ECR takes each priority once, and a rule for any image only behind all others",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
    types: lifecyclePolicies.types,
    check: ({ props }) => {
      const rules = items(at(json(at(props, "policy")), "rules")).map((rule) => ({
        priority: Number(at(rule, "rulePriority")),
        any: at(rule, "selection", "tagStatus") === "any",
      }));
      return rules.flatMap(({ priority, any }, i) => [
        ...(rules.findIndex((rule) => rule.priority === priority) < i
          ? [`policy has two rules of priority ${priority}: give each its own`]
          : []),
        ...(any && rules.some((rule) => rule.priority > priority)
          ? [`policy has the rule for any image at priority ${priority}: give it the highest`]
          : []),
      ]);
    },
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

/** Whether a condition asks for principals of an organization. */
function ofOrganization(condition: unknown): boolean {
  return texts(at(condition, "StringEquals", "aws:PrincipalOrgID")).length > 0;
}

/** Whether a condition asks for whom a service acts, by whatever comparison. */
function hasSource(condition: unknown): boolean {
  return Object.values(Object(condition)).some((compared) =>
    Object.keys(Object(compared)).some((key) => /^aws:Source(Arn|Account)$/i.test(key)),
  );
}
