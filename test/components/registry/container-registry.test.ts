import * as pulumi from "@pulumi/pulumi";
import {
  ContainerRegistry,
  type ContainerRegistryArgs,
} from "../../../components/registry/container-registry";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { policyOf } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:registry:ContainerRegistry";
const repository = "aws:ecr/repository:Repository";
const lifecycle = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const repositoryPolicy = "aws:ecr/repositoryPolicy:RepositoryPolicy";

const repositoryName = "web-1234567";
const arn = "arn:aws:ecr:eu-central-1:123456789012:repository/web-1234567";
const server = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const reader = "arn:aws:iam::210987654321:role/reader";
const builder = "arn:aws:iam::210987654321:role/builder";

const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const push = [
  ...pull,
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/** The lifecycle policy that expires by these numbers. */
const expiring = (tagged: number, untaggedDays: number) => ({
  rules: [
    {
      rulePriority: 1,
      description: `Expire images without a tag after ${untaggedDays} days`,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: untaggedDays,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: `Keep the last ${tagged} tagged images`,
      selection: {
        tagStatus: "tagged",
        tagPatternList: ["*"],
        countType: "imageCountMoreThan",
        countNumber: tagged,
      },
      action: { type: "expire" },
    },
  ],
});

describe("ContainerRegistry", () => {
  test("default has fixed tags, scans, encrypts, expires, and is open to nobody else", async () => {
    const recording = await record(() => {
      const registry = new ContainerRegistry("web");
      return { url: registry.url, arn: registry.arn, repository: registry.repository.name };
    });

    expect(recording.resources).toHaveLength(3);
    expect(recording.one(type, "web").inputs).toEqual({});
    expect(recording.childrenOf(type, "web")).toEqual([
      `${lifecycle} web-lifecycle`,
      `${repository} web`,
    ]);
    expect(recording.one(repository, "web").inputs).toEqual({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: false,
    });
    expect(parsed(recording.one(lifecycle, "web-lifecycle"), "policy")).toEqual({
      repository: repositoryName,
      policy: expiring(50, 14),
    });
    expect(recording.outputs).toEqual({
      url: `${server}/${repositoryName}`,
      arn,
      repository: repositoryName,
    });
  });

  test("custom takes a name, a key, other numbers, and leave to be deleted with its images", async () => {
    const recording = await record(() => {
      new ContainerRegistry("web", {
        repositoryName: pulumi.output("shop/web"),
        mutableTags: true,
        kmsKeyArn: pulumi.output(key),
        keepTaggedImages: 1,
        expireUntaggedAfterDays: 2,
        forceDelete: true,
      });
    });

    expect(recording.resources).toHaveLength(3);
    expect(recording.one(repository, "web").inputs).toEqual({
      name: "shop/web",
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key }],
      forceDelete: true,
    });
    expect(parsed(recording.one(lifecycle, "web-lifecycle"), "policy")).toEqual({
      repository: "shop/web",
      policy: expiring(1, 2),
    });
  });

  test("custom lets some tags be pushed again", async () => {
    const recording = await record(() => {
      new ContainerRegistry("web", { mutableTags: ["latest", "branch-*"] });
      new ContainerRegistry("worker", { mutableTags: [] });
    });

    expect(recording.one(repository, "web").inputs).toEqual({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [
        { filter: "latest", filterType: "WILDCARD" },
        { filter: "branch-*", filterType: "WILDCARD" },
      ],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: false,
    });
    expect(recording.one(repository, "worker").inputs["imageTagMutability"]).toBe("IMMUTABLE");
  });

  test("custom has a policy where somebody outside may pull", async () => {
    const recording = await record(() => {
      new ContainerRegistry("web", { pullAccounts: [pulumi.output("210987654321")] });
    });

    expect(recording.resources).toHaveLength(4);
    expect(recording.childrenOf(type, "web")).toEqual([
      `${lifecycle} web-lifecycle`,
      `${repository} web`,
      `${repositoryPolicy} web-policy`,
    ]);
    expect(parsed(recording.one(repositoryPolicy, "web-policy"), "policy")).toEqual({
      repository: repositoryName,
      policy: policyOf({
        Sid: "Pull",
        Effect: "Allow",
        Principal: { AWS: ["210987654321"] },
        Action: pull,
      }),
    });
  });

  test("grants pulling from this repository, and the login", async () => {
    const { outputs } = await record(() => new ContainerRegistry("web").grantPull());
    expect(outputs).toEqual({
      statements: [
        { actions: pull, resources: [arn] },
        { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      ],
      environment: {},
    });
  });

  test("grants pushing to this repository, and the login", async () => {
    const { outputs } = await record(() => new ContainerRegistry("web").grantPush());
    expect(outputs).toEqual({
      statements: [
        { actions: push, resources: [arn] },
        { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      ],
      environment: {},
    });
  });

  test("hands out credentials whose password is a secret", async () => {
    let secret: Promise<boolean> | undefined;
    const { outputs } = await record(() => {
      const credentials = new ContainerRegistry("web").credentials();
      secret = pulumi.isSecret(pulumi.output(credentials.password));
      return { ...credentials };
    });
    expect(outputs).toEqual({ server, username: "AWS", password: "mock-registry-password" });
    expect(await secret).toBe(true);
  });

  test("fails when anything is outside what ECR takes, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new ContainerRegistry("web", {
          repositoryName: "Shop/Web",
          kmsKeyArn: "alias/web",
          keepTaggedImages: 0,
          expireUntaggedAfterDays: 1.5,
          pullPrincipals: [reader, "*"],
          pushPrincipals: ["210987654321"],
          mutableTags: ["*", "a*b*c*", "v 1", "a", "b", "c"],
          protectedTags: ["**"],
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "web",
        'repositoryName is "Shop/Web": give lower-case letters and digits, with single . _ - or / between them',
        'kmsKeyArn is "alias/web": give the ARN of a resource of kms, like arn:aws:kms:...',
        "mutableTags has 6 patterns: ECR takes 5 at the most",
        'mutableTags[0] is "*": give less than every tag, or true in place of the list',
        'mutableTags[1] is "a*b*c*": give at most 2 * in it, as many as ECR takes',
        'mutableTags[2] is "v 1": give 1 to 128 letters, digits and . _ -, with * for any text between them',
        "keepTaggedImages is 0: give a whole number from 1 to 10000 images",
        "expireUntaggedAfterDays is 1.5: give a whole number from 1 to 10000 days",
        'protectedTags[0] is "**": give less than every tag, or no later rule would expire anything; keepTaggedImages is for all',
        'pullPrincipals[1] is "*": give the ARN of a resource of iam, like arn:aws:iam:...',
        'pushPrincipals[0] is "210987654321": give the ARN of a resource of iam, like arn:aws:iam:...',
      ),
    );
  });

  test("fails for what is of another kind, all at once", async () => {
    const args = {
      forceDelete: "false",
      mutableTags: [1, null],
      keepTaggedImages: "5",
      expireUntaggedAfterDays: pulumi.output(14),
      protectedTags: "prod-*",
      lifecycleRules: [{ tagPatterns: "branch-*", expireAfterDays: "30" }],
      pullPrincipals: [{ arn: reader }],
      pullAccounts: "210987654321",
    } as unknown as ContainerRegistryArgs;
    expect(await refusal(() => new ContainerRegistry("web", args))).toEqual(
      refusalOf(
        type,
        "web",
        "mutableTags[0] is 1: give 1 to 128 letters, digits and . _ -, with * for any text between them",
        "mutableTags[1] is missing: give it",
        'keepTaggedImages is "5": give a whole number from 1 to 10000 images',
        "expireUntaggedAfterDays is known only later: give a plain value",
        "protectedTags is text: give a list",
        "lifecycleRules[0].tagPatterns is text: give a list",
        "lifecycleRules[0].tagPatterns is empty: give the patterns of the tags that it is about",
        'lifecycleRules[0].expireAfterDays is "30": give a whole number from 1 to 10000 days',
        `pullPrincipals[0] is {"arn":"${reader}"}: give the ARN of a resource of iam, like arn:aws:iam:...`,
        "pullAccounts is text: give a list",
        'forceDelete is "false": give true or false',
      ),
    );
  });

  test("fails when mutableTags is a single name", async () => {
    const args = { mutableTags: "latest" } as unknown as ContainerRegistryArgs;
    expect(await refusal(() => new ContainerRegistry("web", args))).toEqual(
      refusalOf(type, "web", "mutableTags is neither true nor false nor a list: give one of them"),
    );
  });

  test.each(["a", "a".repeat(257)])("fails when the name has a wrong length: %#", async (name) => {
    const refused = await refusal(() => new ContainerRegistry("web", { repositoryName: name }));
    expect(refused.message).toMatch(/: give 2 to 256 characters$/);
    expect(refused.resources).toEqual([]);
  });

  test.each(["-web", "web-", "web//a", "web..a", "we b", "/web"])(
    "fails when the name is %p",
    async (name) => {
      const refused = await refusal(() => new ContainerRegistry("web", { repositoryName: name }));
      expect(refused.message).toBe(
        unusable(
          type,
          "web",
          `repositoryName is "${name}": give lower-case letters and digits, with single . _ - or / between them`,
        ),
      );
    },
  );

  test.each<[ContainerRegistryArgs, string]>([
    [
      { repositoryName: pulumi.output("Web") },
      'repositoryName is "Web": give lower-case letters and digits, with single . _ - or / between them',
    ],
    [
      { kmsKeyArn: pulumi.output("a") },
      'kmsKeyArn is "a": give the ARN of a resource of kms, like arn:aws:kms:...',
    ],
    [
      { pullPrincipals: [pulumi.output("*")] },
      'pullPrincipals[0] is "*": give the ARN of a resource of iam, like arn:aws:iam:...',
    ],
    [
      { pushPrincipals: [builder, pulumi.output("*")] },
      'pushPrincipals[1] is "*": give the ARN of a resource of iam, like arn:aws:iam:...',
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    expect(await laterFailure(() => new ContainerRegistry("web", args))).toBe(
      unusable(type, "web", problem),
    );
  });
});
