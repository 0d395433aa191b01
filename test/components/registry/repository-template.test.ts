import * as pulumi from "@pulumi/pulumi";
import {
  RepositoryTemplate,
  type RepositoryTemplateArgs,
} from "../../../components/registry/repository-template";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { policyOf } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:registry:RepositoryTemplate";
const template = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const role = "arn:aws:iam::123456789012:role/templates";

const countsOf = (policy: unknown) =>
  (policy as { rules: { selection: { countNumber: number } }[] }).rules.map(
    ({ selection }) => selection.countNumber,
  );

describe("RepositoryTemplate", () => {
  test("default makes repositories like a ContainerRegistry", async () => {
    const recording = await record(() => ({
      prefix: new RepositoryTemplate("replicas", { prefix: "ROOT", appliedFor: ["REPLICATION"] })
        .template.prefix,
    }));

    expect(recording.resources).toHaveLength(2);
    expect(recording.childrenOf(type, "replicas")).toEqual([`${template} replicas`]);
    const { lifecyclePolicy, ...inputs } = parsed(
      recording.one(template, "replicas"),
      "lifecyclePolicy",
    );
    expect(inputs).toEqual({
      prefix: "ROOT",
      appliedFors: ["REPLICATION"],
      description: "Repositories as ContainerRegistry makes them",
      imageTagMutability: "IMMUTABLE",
      encryptionConfigurations: [{ encryptionType: "AES256" }],
    });
    expect(countsOf(lifecyclePolicy)).toEqual([14, 50]);
    expect(recording.outputs).toEqual({ prefix: "ROOT" });
  });

  test("custom takes what a ContainerRegistry does, and a role for its key", async () => {
    const recording = await record(() => {
      new RepositoryTemplate("shop", {
        prefix: pulumi.output("shop/images"),
        appliedFor: ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE"],
        mutableTags: ["latest"],
        keepTaggedImages: 5,
        expireUntaggedAfterDays: 1,
        pullAccounts: ["210987654321"],
        kmsKeyArn: key,
        roleArn: pulumi.output(role),
      });
    });

    const { lifecyclePolicy, ...inputs } = parsed(
      recording.one(template, "shop"),
      "lifecyclePolicy",
      "repositoryPolicy",
    );
    expect(inputs).toEqual({
      prefix: "shop/images",
      appliedFors: ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE"],
      description: "Repositories as ContainerRegistry makes them",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filter: "latest", filterType: "WILDCARD" }],
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key }],
      customRoleArn: role,
      repositoryPolicy: policyOf({
        Sid: "Pull",
        Effect: "Allow",
        Principal: { AWS: ["210987654321"] },
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ],
      }),
    });
    expect(countsOf(lifecyclePolicy)).toEqual([1, 5]);
  });

  test("fails when anything is outside what ECR takes", async () => {
    const args = {
      prefix: "shop/",
      appliedFor: ["PULL"],
      roleArn: "templates",
      keepTaggedImages: 0,
    } as unknown as RepositoryTemplateArgs;
    expect(await refusal(() => new RepositoryTemplate("shop", args))).toEqual(
      refusalOf(
        type,
        "shop",
        'appliedFor[0] is "PULL": give one of PULL_THROUGH_CACHE, REPLICATION, CREATE_ON_PUSH',
        "roleArn is given without kmsKeyArn: ECR takes both or neither",
        'prefix is "shop/": give lower-case letters and digits, with single . _ - or / between them; or ROOT for all other repositories',
        "keepTaggedImages is 0: give a whole number from 1 to 10000 images",
        'roleArn is "templates": give the ARN of a resource of iam, like arn:aws:iam:...',
      ),
    );
  });

  test("fails for no occasion, no prefix, and a key without a role", async () => {
    const args = { appliedFor: [], kmsKeyArn: key } as unknown as RepositoryTemplateArgs;
    expect(await refusal(() => new RepositoryTemplate("shop", args))).toEqual(
      refusalOf(
        type,
        "shop",
        "appliedFor is empty: give at least one of PULL_THROUGH_CACHE, REPLICATION, CREATE_ON_PUSH",
        "kmsKeyArn is given without roleArn: ECR takes both or neither",
        "prefix is missing: give it",
      ),
    );
  });

  test("rejects later what turns out not to fit", async () => {
    const program = () =>
      new RepositoryTemplate("shop", { prefix: pulumi.output("a"), appliedFor: ["REPLICATION"] });
    expect(await laterFailure(program)).toBe(
      unusable(
        type,
        "shop",
        'prefix is "a": give 2 to 256 characters; or ROOT for all other repositories',
      ),
    );
  });
});
