import * as aws from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import type { Grant } from "../iam/grant";
import { all, arn, matching, wholeNumber } from "../rules";
import type { RegistryCredentials } from "./container-image";

const type = "groundwork:registry:ContainerRegistry";

/** Arguments of {@link ContainerRegistry}. */
export interface ContainerRegistryArgs {
  /**
   * The repository's name in the registry. Lower-case letters, digits and `. _ - /`.
   * @default a name generated from the component's, so that two stacks in one account never clash
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
   */
  readonly repositoryName?: pulumi.Input<string>;
  /**
   * Whether a tag, once pushed, may be pushed again with another image. Leave it off: with fixed
   * tags, what was tested is what is deployed.
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
   */
  readonly mutableTags?: boolean;
  /**
   * ARN of the KMS key that encrypts the images. Can't be changed later: another key replaces the
   * repository.
   * @default AES-256 with a key that ECR keeps
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
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
  /**
   * IAM principals outside this stack that may pull, by ARN: a role, a user, or an account as
   * `arn:aws:iam::123456789012:root`.
   * @default none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
   */
  readonly pullPrincipals?: readonly pulumi.Input<string>[];
  /**
   * IAM principals outside this stack that may push, and pull.
   * @default none
   */
  readonly pushPrincipals?: readonly pulumi.Input<string>[];
  /**
   * Whether destroying the stack deletes the repository with the images in it.
   * @default false: a repository that still holds images is not deleted
   */
  readonly forceDelete?: pulumi.Input<boolean>;
}

/**
 * A private container registry repository in Amazon ECR: immutable tags, every pushed image
 * scanned, encrypted at rest, old images expired.
 *
 * Children: `name` (the repository), `name-lifecycle`, and `name-policy` when principals are given.
 *
 * @example
 * const registry = new ContainerRegistry("web");
 * const image = new ContainerImage("web", {
 *   context: "apps/web",
 *   repositoryUrl: registry.url,
 *   credentials: registry.credentials(),
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
 */
export class ContainerRegistry extends pulumi.ComponentResource {
  /** The repository itself. */
  readonly repository: aws.Repository;
  /** Where images are pushed to and pulled from: `account.dkr.ecr.region.amazonaws.com/name`. */
  readonly url: pulumi.Output<string>;
  /** The repository's ARN. */
  readonly arn: pulumi.Output<string>;

  /**
   * @throws {InvalidArgumentsError} for a name, key, principal or number outside what ECR takes
   */
  constructor(
    name: string,
    args: ContainerRegistryArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.repository = new aws.Repository(
      name,
      {
        name: checked.repositoryName,
        imageTagMutability: args.mutableTags ? "MUTABLE" : "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [
          checked.kmsKeyArn === undefined
            ? { encryptionType: "AES256" }
            : { encryptionType: "KMS", kmsKey: checked.kmsKeyArn },
        ],
        forceDelete: args.forceDelete ?? false,
      },
      parent,
    );
    new aws.LifecyclePolicy(
      `${name}-lifecycle`,
      {
        repository: this.repository.name,
        policy: lifecyclePolicy(checked.keepTaggedImages, checked.expireUntaggedAfterDays),
      },
      parent,
    );
    if (checked.pullPrincipals.length + checked.pushPrincipals.length > 0) {
      new aws.RepositoryPolicy(
        `${name}-policy`,
        {
          repository: this.repository.name,
          policy: repositoryPolicy(checked.pullPrincipals, checked.pushPrincipals),
        },
        parent,
      );
    }

    this.url = this.repository.repositoryUrl;
    this.arn = this.repository.arn;
    this.registerOutputs({ url: this.url, arn: this.arn });
  }

  /** What it takes to pull images from this repository. */
  grantPull(): Grant {
    return this.grant(pullActions);
  }

  /** What it takes to push images to this repository, and to pull them. */
  grantPush(): Grant {
    return this.grant([...pullActions, ...pushActions]);
  }

  /**
   * Who may push here for the next hours, for {@link ContainerImage}: whoever runs the program.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
   */
  credentials(): RegistryCredentials {
    const token = aws.getAuthorizationTokenOutput(
      { registryId: this.repository.registryId },
      { parent: this },
    );
    return {
      server: this.repository.repositoryUrl.apply((url) => url.split("/")[0] ?? url),
      username: token.userName,
      password: pulumi.secret(token.password),
    };
  }

  private grant(actions: readonly string[]): Grant {
    return {
      statements: [
        { actions, resources: [this.arn] },
        // The login is to the account's whole registry: IAM knows no narrower resource for it.
        { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      ],
      environment: {},
    };
  }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const pullActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
];
const pushActions = [
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/**
 * The lifecycle policy: untagged images go after some days, tagged ones when there are too many.
 * ECR wants the rule for any tag last, so the number of images has the higher priority number.
 */
export function lifecyclePolicy(keepTaggedImages: number, expireUntaggedAfterDays: number): string {
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Expire images without a tag after ${expireUntaggedAfterDays} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: expireUntaggedAfterDays,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: `Keep the last ${keepTaggedImages} tagged images`,
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["*"],
          countType: "imageCountMoreThan",
          countNumber: keepTaggedImages,
        },
        action: { type: "expire" },
      },
    ],
  });
}

function repositoryPolicy(
  pullPrincipals: readonly pulumi.Input<string>[],
  pushPrincipals: readonly pulumi.Input<string>[],
): pulumi.Output<string> {
  const statement = (
    sid: string,
    principals: readonly pulumi.Input<string>[],
    actions: readonly string[],
  ) =>
    principals.length === 0
      ? []
      : [{ Sid: sid, Effect: "Allow", Principal: { AWS: principals }, Action: actions }];
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...statement("Pull", pullPrincipals, pullActions),
      ...statement("Push", pushPrincipals, [...pullActions, ...pushActions]),
    ],
  });
}

function check(name: string, args: ContainerRegistryArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<ContainerRegistryArgs>(args, {
    repositoryName: true,
    mutableTags: true,
    kmsKeyArn: true,
    keepTaggedImages: true,
    expireUntaggedAfterDays: true,
    pullPrincipals: true,
    pushPrincipals: true,
    forceDelete: true,
  });
  if (args.repositoryName === undefined) check.input("name", name, generatedName);
  const principals = (argument: string, given: readonly pulumi.Input<string>[] = []) =>
    given.map((principal, i) => check.input(`${argument}[${i}]`, principal, arn("iam")));
  const keepTaggedImages = args.keepTaggedImages ?? 50;
  const expireUntaggedAfterDays = args.expireUntaggedAfterDays ?? 14;
  check.input("keepTaggedImages", keepTaggedImages, wholeNumber(1, 10_000, "images"));
  check.input("expireUntaggedAfterDays", expireUntaggedAfterDays, wholeNumber(1, 10_000, "days"));
  const checked = {
    repositoryName: check.noSecret(
      "repositoryName",
      check.input("repositoryName", args.repositoryName, repositoryName),
      "give a plain one, since it is part of the URL and the ARN",
    ),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    pullPrincipals: principals("pullPrincipals", args.pullPrincipals),
    pushPrincipals: principals("pushPrincipals", args.pushPrincipals),
    keepTaggedImages,
    expireUntaggedAfterDays,
  };
  check.throwIfAny();
  return checked;
}

const namePattern = /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/;

const repositoryName = all(
  matching(/^.{2,256}$/, "2 to 256 characters"),
  matching(namePattern, "lower-case letters and digits, with single . _ - or / between them"),
);

/** The component's name, of which Pulumi makes the repository's: in lower case, and 8 longer. */
const generatedName = all(
  matching(/^.{1,247}$/, "1 to 247 characters, or a repositoryName"),
  matching(
    new RegExp(namePattern, "i"),
    "letters and digits, with single . _ - or / between them, or a repositoryName",
  ),
);
