import * as aws from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { arn, oneOf, type Rule } from "../rules";
import { type LifecycleArgs, lifecycleArguments, lifecyclePolicy } from "./lifecycle";
import { checkLifecycle } from "./lifecycle-check";
import {
  accessArguments,
  accessPolicy,
  checkAccess,
  type RepositoryAccessArgs,
} from "./repository-access";
import { repositoryName } from "./repository-name";
import {
  checkSettings,
  type RepositorySettingsArgs,
  settingsArguments,
} from "./repository-settings";

const type = "groundwork:registry:RepositoryTemplate";

/** Why ECR makes a repository by itself. */
const creations = ["PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH"] as const;

/** Arguments of {@link RepositoryTemplate}. */
export interface RepositoryTemplateArgs
  extends RepositorySettingsArgs,
    LifecycleArgs,
    RepositoryAccessArgs {
  /**
   * How the names of the repositories begin that it is for, up to a `/`; `ROOT` for all that no other
   * template is for.
   */
  readonly prefix: pulumi.Input<string>;
  /** On which occasions ECR makes such repositories: at least one. */
  readonly appliedFor: readonly (typeof creations)[number][];
  /**
   * ARN of the role by which ECR makes repositories with a KMS key. Needed with `kmsKeyArn`.
   * @default none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-iam.html
   */
  readonly roleArn?: pulumi.Input<string>;
}

/**
 * What the repositories are like that ECR makes by itself, for a pull-through cache, for what is
 * replicated to here, or when something is pushed: as a `ContainerRegistry` is. Without one their
 * tags can be pushed again, and their images never expire. Repositories that exist stay as they are.
 *
 * Children: `name` (the template).
 *
 * @example
 * new RepositoryTemplate("replicas", { prefix: "ROOT", appliedFor: ["REPLICATION"] });
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export class RepositoryTemplate extends pulumi.ComponentResource {
  /** The template itself. */
  readonly template: aws.RepositoryCreationTemplate;

  /** @throws {InvalidArgumentsError} for anything outside what ECR takes */
  constructor(name: string, args: RepositoryTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);

    this.template = new aws.RepositoryCreationTemplate(
      name,
      {
        prefix: checked.prefix,
        appliedFors: [...checked.appliedFor],
        description: "Repositories as ContainerRegistry makes them",
        ...checked.settings,
        lifecyclePolicy: lifecyclePolicy(checked.lifecycle),
        repositoryPolicy: accessPolicy(checked.access),
        customRoleArn: checked.roleArn,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

function check(name: string, args: RepositoryTemplateArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<RepositoryTemplateArgs>(args, {
    prefix: true,
    appliedFor: true,
    ...settingsArguments,
    ...lifecycleArguments,
    ...accessArguments,
    roleArn: true,
  });
  const appliedFor = check.listOf("appliedFor", args.appliedFor, oneOf(...creations));
  if (appliedFor.length === 0) {
    check.problem(`appliedFor is empty: give at least one of ${creations.join(", ")}`);
  }
  if ((args.kmsKeyArn === undefined) !== (args.roleArn === undefined)) {
    const [given, missing] = args.kmsKeyArn ? ["kmsKeyArn", "roleArn"] : ["roleArn", "kmsKeyArn"];
    check.problem(`${given} is given without ${missing}: ECR takes both or neither`);
  }
  const checked = {
    appliedFor,
    prefix: check.required("prefix", args.prefix, templatePrefix),
    settings: checkSettings(check, args),
    lifecycle: checkLifecycle(check, args),
    access: checkAccess(check, args),
    roleArn: check.input("roleArn", args.roleArn, arn("iam")),
  };
  check.throwIfAny();
  return checked;
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html */
const templatePrefix: Rule<string> = (prefix) => {
  if (prefix === "ROOT") return undefined;
  const complaint = repositoryName()(prefix);
  return complaint && `${complaint}; or ROOT for all other repositories`;
};
