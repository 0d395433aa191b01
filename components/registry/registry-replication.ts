import * as aws from "@pulumi/aws/ecr";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { accountId, all, matching, regionName } from "../rules";

const type = "groundwork:registry:RegistryReplication";

/** Where images are copied to. */
export interface ReplicationDestination {
  /** The region. In the same account it has to be another one. */
  readonly region: pulumi.Input<string>;
  /**
   * The account, by its 12 digits. It has to accept with `acceptFrom`.
   * @default the account itself
   */
  readonly account?: pulumi.Input<string>;
}

/** Which images are copied where. */
export interface ReplicationRule {
  /** Where to: 25 different ones at the most in all rules. */
  readonly destinations: readonly ReplicationDestination[];
  /**
   * How the names of the repositories begin whose images are copied; 100 at the most.
   * @default all repositories
   */
  readonly repositoryPrefixes?: readonly pulumi.Input<string>[];
}

/** Arguments of {@link RegistryReplication}: `rules` where images come from, `acceptFrom` where they go. */
export interface RegistryReplicationArgs {
  /**
   * What is copied where; 10 rules at the most. What was pushed before is not copied.
   * @default nothing
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
   */
  readonly rules?: readonly ReplicationRule[];
  /**
   * Accounts that may copy images to here, by their 12 digits. ECR makes the repositories that are
   * missing, by the `RepositoryTemplate` for them, or else with tags that can be pushed again.
   * @default none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
   */
  readonly acceptFrom?: readonly pulumi.Input<string>[];
}

/**
 * Copies images to other regions and accounts when they are pushed, and accepts those that others
 * copy to here. There is one such configuration for all repositories: make this once for each
 * account and region, not in each stack.
 *
 * Children: `name` (the configuration) where there are rules, and `name-policy` (the registry's
 * policy) where there is somebody to accept from.
 *
 * @example
 * // In the account that builds:
 * new RegistryReplication("replication", {
 *   rules: [{ destinations: [{ region: "eu-west-1" }], repositoryPrefixes: ["prod/"] }],
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
export class RegistryReplication extends pulumi.ComponentResource {
  /** @throws {InvalidArgumentsError} for anything outside what ECR takes, and for nothing to do */
  constructor(name: string, args: RegistryReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const ownAccount = getCallerIdentityOutput({}, parent).accountId;

    if (checked.rules.length > 0) {
      const rules = checked.rules.map(({ destinations, repositoryPrefixes }) => ({
        destinations: destinations.map(({ region, account }) => ({
          region,
          registryId: account ?? ownAccount,
        })),
        repositoryFilters: repositoryPrefixes.map((filter) => ({
          filter,
          filterType: "PREFIX_MATCH",
        })),
      }));
      new aws.ReplicationConfiguration(name, { replicationConfiguration: { rules } }, parent);
    }
    if (checked.acceptFrom.length > 0) {
      const { partition } = getPartitionOutput({}, parent);
      const { region } = getRegionOutput({}, parent);
      const repositories = pulumi.interpolate`arn:${partition}:ecr:${region}:${ownAccount}:repository/*`;
      new aws.RegistryPolicy(
        `${name}-policy`,
        { policy: acceptingPolicy(checked.acceptFrom, repositories) },
        parent,
      );
    }

    this.registerOutputs({});
  }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-examples.html */
function acceptingPolicy(
  accounts: readonly pulumi.Input<string>[],
  repositories: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Replicate",
        Effect: "Allow",
        Principal: { AWS: accounts },
        Action: ["ecr:CreateRepository", "ecr:ReplicateImage"],
        Resource: repositories,
      },
    ],
  });
}

function check(name: string, args: RegistryReplicationArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<RegistryReplicationArgs>(args, { rules: true, acceptFrom: true });
  const rules = check.list("rules", args.rules);
  const acceptFrom = check.list("acceptFrom", args.acceptFrom);
  if (rules.length + acceptFrom.length === 0) {
    check.problem("neither rules nor acceptFrom is given: say what is copied, or who may copy");
  }
  if (rules.length > 10) {
    check.problem(`rules has ${rules.length} entries: ECR takes 10 at the most`);
  }
  const checked = {
    rules: rules.map((rule, i) => checkRule(check, `rules[${i}]`, rule)),
    acceptFrom: acceptFrom.map((account, i) =>
      check.required(`acceptFrom[${i}]`, account, accountId),
    ),
  };
  check.throwIfAny();
  return checked;
}

function checkRule(check: ArgumentCheck, path: string, rule: ReplicationRule) {
  check.known<ReplicationRule>(rule, { destinations: true, repositoryPrefixes: true }, `${path}.`);
  const destinations = check.list(`${path}.destinations`, rule.destinations);
  const repositoryPrefixes = check.list(`${path}.repositoryPrefixes`, rule.repositoryPrefixes);
  if (destinations.length === 0 || destinations.length > 25) {
    check.problem(`${path}.destinations has ${destinations.length} entries: give 1 to 25`);
  }
  if (repositoryPrefixes.length > 100) {
    check.problem(
      `${path}.repositoryPrefixes has ${repositoryPrefixes.length} entries: ECR takes 100 at the most`,
    );
  }
  return {
    destinations: destinations.map((destination, i) => {
      const at = `${path}.destinations[${i}]`;
      check.known<ReplicationDestination>(destination, { region: true, account: true }, `${at}.`);
      return {
        region: check.required(`${at}.region`, destination.region, regionName("eu-central-1")),
        account: check.input(`${at}.account`, destination.account, accountId),
      };
    }),
    repositoryPrefixes: repositoryPrefixes.map((prefix, i) =>
      check.required(`${path}.repositoryPrefixes[${i}]`, prefix, repositoryPrefix),
    ),
  };
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryFilter.html */
const repositoryPrefix = all(
  matching(/^.{2,256}$/, "2 to 256 characters"),
  matching(
    /^([a-z0-9]+([._-][a-z0-9]*)*\/)*[a-z0-9]*([._-][a-z0-9]*)*$/,
    "how repositories' names begin, without *",
  ),
);
