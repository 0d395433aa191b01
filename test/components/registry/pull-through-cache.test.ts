import * as pulumi from "@pulumi/pulumi";
import {
  PullThroughCache,
  type PullThroughCacheArgs,
} from "../../../components/registry/pull-through-cache";
import { record } from "../../../components/testing";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:registry:PullThroughCache";
const rule = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule";
const template = "groundwork:registry:RepositoryTemplate";
const creation = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate";
const credentialArn =
  "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ecr-pullthroughcache/docker-hub-AbCdEf";

describe("PullThroughCache", () => {
  test("default caches by the component's name, in repositories that expire images", async () => {
    const recording = await record(() => ({
      url: new PullThroughCache("quay", { upstream: "quay.io" }).url,
    }));

    expect(recording.resources).toHaveLength(4);
    expect(recording.childrenOf(type, "quay")).toEqual([
      `${rule} quay`,
      `${template} quay-template`,
    ]);
    const made = recording.one(rule, "quay");
    expect(made.inputs).toEqual({ ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" });
    expect(made.dependencies).toEqual([`${creation} quay-template`]);
    expect(recording.one(creation, "quay-template").inputs).toMatchObject({
      prefix: "quay",
      appliedFors: ["PULL_THROUGH_CACHE"],
      imageTagMutability: "MUTABLE",
      lifecyclePolicy: expect.stringContaining('"description":"Keep the last 50 tagged images"'),
    });
    expect(recording.outputs).toEqual({
      url: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/quay",
    });
  });

  test("custom takes a prefix, credentials, and how long images stay", async () => {
    const recording = await record(() => {
      new PullThroughCache("hub", {
        upstream: "docker.io",
        prefix: "mirrors/docker-hub",
        credentialArn: pulumi.output(credentialArn),
        keepTaggedImages: 5,
      });
    });

    expect(recording.one(rule, "hub").inputs).toEqual({
      ecrRepositoryPrefix: "mirrors/docker-hub",
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn,
    });
    expect(recording.one(creation, "hub-template").inputs).toMatchObject({
      prefix: "mirrors/docker-hub",
      lifecyclePolicy: expect.stringContaining('"description":"Keep the last 5 tagged images"'),
    });
  });

  test.each(["ghcr.io", "registry.gitlab.com", "shopimages.azurecr.io"])(
    "custom caches %s with credentials",
    async (upstream) => {
      const recording = await record(() => {
        new PullThroughCache("cache", { upstream, credentialArn });
      });
      expect(recording.one(rule, "cache").inputs["upstreamRegistryUrl"]).toBe(upstream);
    },
  );

  test.each(["public.ecr.aws", "registry.k8s.io"])(
    "custom caches %s without credentials",
    async (upstream) => {
      const recording = await record(() => {
        new PullThroughCache("cache", { upstream });
      });
      expect(recording.one(rule, "cache").inputs["upstreamRegistryUrl"]).toBe(upstream);
    },
  );

  test("grants pulling, the first time included, and the login", async () => {
    const { outputs } = await record(() =>
      new PullThroughCache("quay", { upstream: "quay.io" }).grantPull(),
    );
    expect(outputs).toEqual({
      statements: [
        {
          actions: [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchImportUpstreamImage",
            "ecr:CreateRepository",
          ],
          resources: ["arn:aws:ecr:eu-central-1:123456789012:repository/quay/*"],
        },
        { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      ],
      environment: {},
    });
  });

  test.each<[PullThroughCacheArgs, ...string[]]>([
    [
      { upstream: "docker.com", prefix: "Docker", keepTaggedImages: 0 },
      'prefix is "Docker": give lower-case letters and digits, with single . _ - or / between them',
      'upstream is "docker.com": give one of docker.io, ghcr.io, registry.gitlab.com, public.ecr.aws, quay.io, registry.k8s.io, or NAME.azurecr.io',
      "keepTaggedImages is 0: give a whole number from 1 to 10000 images",
    ],
    [
      { upstream: "docker.io" },
      "credentialArn is missing: docker.io asks who pulls; give the ARN of a secret with its username and accessToken",
    ],
    [
      { upstream: "quay.io", credentialArn },
      "credentialArn is given, and quay.io takes none: leave it out",
    ],
    [
      {
        upstream: "docker.io",
        credentialArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:docker-hub-AbCdEf",
      },
      'credentialArn is "arn:aws:secretsmanager:eu-central-1:123456789012:secret:docker-hub-AbCdEf": give the ARN of a secret whose name begins with ecr-pullthroughcache/',
    ],
    [
      { upstream: "quay.io", prefix: "a".repeat(31) },
      `prefix is "${"a".repeat(31)}": give 2 to 30 characters`,
    ],
  ])("fails when anything is outside what ECR takes: %#", async (args, ...problems) => {
    expect(await refusal(() => new PullThroughCache("cache", args))).toEqual(
      refusalOf(type, "cache", ...problems),
    );
  });

  test("rejects later what turns out not to fit", async () => {
    const args = { upstream: "docker.io", credentialArn: pulumi.output("hub") };
    expect(await laterFailure(() => new PullThroughCache("cache", args))).toBe(
      unusable(
        type,
        "cache",
        'credentialArn is "hub": give the ARN of a secret whose name begins with ecr-pullthroughcache/',
      ),
    );
  });
});
