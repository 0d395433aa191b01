import * as aws from "@pulumi/aws/ecr";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import type { Grant } from "../iam/grant";
import { matching } from "../rules";
import { type LifecycleArgs, lifecycleArguments } from "./lifecycle";
import { checkLifecycle } from "./lifecycle-check";
import { pullActions, registryGrant } from "./repository-access";
import { repositoryName } from "./repository-name";
import { RepositoryTemplate } from "./repository-template";
import { credentialsFor, upstreamRegistry, upstreamUrl } from "./upstream";

const type = "groundwork:registry:PullThroughCache";

/** Arguments of {@link PullThroughCache}. */
export interface PullThroughCacheArgs extends LifecycleArgs {
  /**
   * The registry whose images are cached, as it stands in their references: `docker.io`, `ghcr.io`,
   * `quay.io`, `registry.k8s.io`, `registry.gitlab.com`, `public.ecr.aws` or `NAME.azurecr.io`.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
   */
  readonly upstream: string;
  /**
   * How the names of the cached repositories begin: 2 to 30 characters, like `docker-hub`.
   * @default the component's name
   */
  readonly prefix?: string;
  /**
   * ARN of the Secrets Manager secret with `username` and `accessToken` for the upstream registry.
   * Its name has to begin with `ecr-pullthroughcache/`. Docker Hub, GitHub, GitLab and Azure ask for
   * one, the others take none.
   * @default none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
   */
  readonly credentialArn?: pulumi.Input<string>;
}

/**
 * Images of another registry by way of ours: ECR fetches one when it is first pulled, and looks
 * every 24 hours whether its tag has moved. So what is deployed does not depend on the other
 * registry being there, nor on how often it may be asked.
 *
 * Their repositories let tags be pushed again, since they move with those upstream: deploy by digest.
 *
 * Children: `name` (the rule), and `name-template` (a `RepositoryTemplate` for the repositories).
 *
 * @example
 * const dockerHub = new PullThroughCache("docker-hub", {
 *   upstream: "docker.io",
 *   credentialArn: "arn:aws:secretsmanager:...:secret:ecr-pullthroughcache/docker-hub-AbCdEf",
 * });
 * const image = pulumi.interpolate`${dockerHub.url}/library/nginx@sha256:...`;
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export class PullThroughCache extends pulumi.ComponentResource {
  /** What stands in a reference instead of the upstream registry. */
  readonly url: pulumi.Output<string>;

  private readonly repositoriesArn: pulumi.Output<string>;

  /** @throws {InvalidArgumentsError} for anything outside what ECR takes */
  constructor(name: string, args: PullThroughCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    // Before the rule: a repository is made at the first pull, and stays as it was made.
    const template = new RepositoryTemplate(
      `${name}-template`,
      {
        prefix: checked.prefix,
        appliedFor: ["PULL_THROUGH_CACHE"],
        mutableTags: true,
        ...checked.lifecycle,
      },
      parent,
    );
    const rule = new aws.PullThroughCacheRule(
      name,
      {
        ecrRepositoryPrefix: checked.prefix,
        upstreamRegistryUrl: upstreamUrl(args.upstream),
        credentialArn: checked.credentialArn,
      },
      { ...parent, dependsOn: template },
    );

    const { partition, dnsSuffix } = getPartitionOutput({}, parent);
    const { region } = getRegionOutput({}, parent);
    const account = rule.registryId;
    this.url = pulumi.interpolate`${account}.dkr.ecr.${region}.${dnsSuffix}/${checked.prefix}`;
    this.repositoriesArn = pulumi.interpolate`arn:${partition}:ecr:${region}:${account}:repository/${checked.prefix}/*`;
    this.registerOutputs({ url: this.url });
  }

  /** What it takes to pull images by way of the cache, those included that nobody has pulled yet. */
  grantPull(): Grant {
    const actions = [...pullActions, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];
    return registryGrant(actions, this.repositoriesArn);
  }
}

function check(name: string, args: PullThroughCacheArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<PullThroughCacheArgs>(args, {
    upstream: true,
    prefix: true,
    credentialArn: true,
    ...lifecycleArguments,
  });
  const prefix = args.prefix ?? name;
  check.plain(args.prefix === undefined ? "name" : "prefix", prefix, repositoryName(30));
  check.required("upstream", args.upstream, upstreamRegistry, { plain: true });
  const needed = credentialsFor(args.upstream);
  if (needed === true && args.credentialArn === undefined) {
    check.problem(
      `credentialArn is missing: ${args.upstream} asks who pulls; give the ARN of a secret with its username and accessToken`,
    );
  }
  if (needed === false && args.credentialArn !== undefined) {
    check.problem(`credentialArn is given, and ${args.upstream} takes none: leave it out`);
  }
  const checked = {
    prefix,
    lifecycle: checkLifecycle(check, args),
    credentialArn: check.input("credentialArn", args.credentialArn, credential),
  };
  check.throwIfAny();
  return checked;
}

const credential = matching(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:ecr-pullthroughcache\/[A-Za-z0-9/_+=.@-]+$/,
  "the ARN of a secret whose name begins with ecr-pullthroughcache/",
);
