import * as aws from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import type { Grant } from "../iam/grant";
import { trueOrFalse } from "../rules";
import type { RegistryCredentials } from "./container-image-args";
import { type LifecycleArgs, lifecycleArguments, lifecyclePolicy } from "./lifecycle";
import { checkLifecycle } from "./lifecycle-check";
import {
  accessArguments,
  accessPolicy,
  checkAccess,
  pullActions,
  pushActions,
  type RepositoryAccessArgs,
  registryGrant,
} from "./repository-access";
import { generatedName, repositoryName } from "./repository-name";
import {
  checkSettings,
  type RepositorySettingsArgs,
  settingsArguments,
} from "./repository-settings";

const type = "groundwork:registry:ContainerRegistry";

/** Arguments of {@link ContainerRegistry}. */
export interface ContainerRegistryArgs
  extends RepositorySettingsArgs,
    LifecycleArgs,
    RepositoryAccessArgs {
  /**
   * The repository's name in the registry. Lower-case letters, digits and `. _ - /`.
   * @default a name generated from the component's, so that two stacks in one account never clash
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
   */
  readonly repositoryName?: pulumi.Input<string>;
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
 * Children: `name` (the repository), `name-lifecycle`, and `name-policy` when anybody from outside
 * may pull or push.
 *
 * @example
 * const registry = new ContainerRegistry("web");
 * const image = new ContainerImage("web", {
 *   context: "apps/web",
 *   repositoryUrl: registry.url,
 *   credentials: registry.credentials(),
 * });
 *
 * @example
 * // What prod runs stays, whatever is built after it, and prod's account may pull it.
 * new ContainerRegistry("web", {
 *   protectedTags: ["prod-*"],
 *   lifecycleRules: [{ tagPatterns: ["branch-*"], expireAfterDays: 30 }],
 *   mutableTags: ["branch-*"],
 *   pullAccounts: ["123456789012"],
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
   * @throws {InvalidArgumentsError} for anything outside what ECR takes, and for lifecycle rules
   * that never decide about an image
   */
  constructor(
    name: string,
    args: ContainerRegistryArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    // They hold no images. Where those are protected, rules still change, which replaces them, and
    // who may no longer pull is still let out.
    const unprotected = { ...parent, protect: false };

    this.repository = new aws.Repository(
      name,
      {
        name: checked.repositoryName,
        ...checked.settings,
        imageScanningConfiguration: { scanOnPush: true },
        forceDelete: checked.forceDelete,
      },
      parent,
    );
    new aws.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: this.repository.name, policy: lifecyclePolicy(checked.lifecycle) },
      unprotected,
    );
    const policy = accessPolicy(checked.access);
    if (policy !== undefined) {
      new aws.RepositoryPolicy(
        `${name}-policy`,
        { repository: this.repository.name, policy },
        unprotected,
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
    return registryGrant(actions, this.arn);
  }
}

function check(name: string, args: ContainerRegistryArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<ContainerRegistryArgs>(args, {
    repositoryName: true,
    ...settingsArguments,
    ...lifecycleArguments,
    ...accessArguments,
    forceDelete: true,
  });
  if (args.repositoryName === undefined) check.input("name", name, generatedName);
  const checked = {
    repositoryName: check.noSecret(
      "repositoryName",
      check.input("repositoryName", args.repositoryName, repositoryName()),
      "give a plain one, since it is part of the URL and the ARN",
    ),
    settings: checkSettings(check, args),
    lifecycle: checkLifecycle(check, args),
    access: checkAccess(check, args),
    forceDelete: check.input("forceDelete", args.forceDelete ?? false, trueOrFalse),
  };
  check.throwIfAny();
  return checked;
}
