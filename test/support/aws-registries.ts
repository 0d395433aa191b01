import {
  ContainerImage,
  type ContainerImageArgs,
  ContainerRegistry,
  type ContainerRegistryArgs,
  PullThroughCache,
  type PullThroughCacheArgs,
  RegistryReplication,
  type RegistryReplicationArgs,
  RegistryScanning,
  type RegistryScanningArgs,
  RepositoryTemplate,
  type RepositoryTemplateArgs,
} from "../../components";
import type { Deployment } from "./aws";

const account = "210987654321";
const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";

const lifecycle = {
  protectedTags: ["deployed-*"],
  lifecycleRules: [
    { tagPatterns: ["branch-*"], keepImages: 5 },
    { tagPatterns: ["nightly-*"], expireAfterDays: 7 },
  ],
  keepTaggedImages: 10,
  expireUntaggedAfterDays: 3,
};

const access = {
  pullPrincipals: [`arn:aws:iam::${account}:role/nodes`],
  pushPrincipals: [`arn:aws:iam::${account}:role/builds`],
  pullAccounts: [account],
  pullOrganizations: ["o-a1b2c3d4e5"],
  pullFunctions: ["arn:aws:lambda:eu-central-1:123456789012:function:web-*"],
};

/** What is about images, and about the registry as a whole. */
export function createRegistries(deployment: Deployment): void {
  const { opts } = deployment;
  const registry = createRegistry(deployment);
  if (deployment.has("ContainerImage")) createImage(deployment, registry);
  if (deployment.has("RegistryScanning")) {
    new RegistryScanning(
      deployment.name("scanning"),
      deployment.args<RegistryScanningArgs>(
        "RegistryScanning",
        {},
        {
          scanType: "BASIC",
          repositories: ["shop/*"],
          severity: "CRITICAL",
          alarmActions: [topic],
          logRetentionDays: 30,
        },
      ),
      opts,
    );
  }
  if (deployment.has("RegistryReplication")) {
    const rules = [{ destinations: [{ region: "eu-west-1", account }] }];
    new RegistryReplication(
      deployment.name("replication"),
      deployment.args<RegistryReplicationArgs>(
        "RegistryReplication",
        { rules },
        { rules, acceptFrom: [account] },
      ),
      opts,
    );
  }
  if (deployment.has("PullThroughCache")) createCache(deployment);
  if (deployment.has("RepositoryTemplate")) createTemplate(deployment);
}

function createRegistry(deployment: Deployment): ContainerRegistry {
  return new ContainerRegistry(
    deployment.name("web"),
    deployment.args<ContainerRegistryArgs>(
      "ContainerRegistry",
      {},
      {
        repositoryName: "shop/web",
        mutableTags: true,
        kmsKeyArn: deployment.around.kmsKeyArn,
        ...lifecycle,
        ...access,
        forceDelete: true,
      },
    ),
    deployment.opts,
  );
}

function createImage(deployment: Deployment, registry: ContainerRegistry): void {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
  new ContainerImage(
    deployment.name("web"),
    deployment.args<ContainerImageArgs, "reference">(
      "ContainerImage",
      { reference: `example.com/web@${digest}` },
      {
        context: "apps/web",
        dockerfile: "Dockerfile",
        target: "app",
        repositoryUrl: registry.url,
        credentials: { server: "example.com", username: "robot", password: "a password" },
        platforms: ["linux/amd64", "linux/arm64"],
        buildArgs: { VERSION: "1" },
        secrets: { token: "a token" },
        cacheFrom: ["example.com/web:cache"],
        cacheTo: "example.com/web:cache",
      },
    ),
    deployment.opts,
  );
}

function createCache(deployment: Deployment): void {
  const credentialArn =
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf";
  new PullThroughCache(
    deployment.name("cache"),
    deployment.args<PullThroughCacheArgs>(
      "PullThroughCache",
      { upstream: "quay.io" },
      { upstream: "docker.io", prefix: "docker-hub", credentialArn, ...lifecycle },
    ),
    deployment.opts,
  );
}

function createTemplate(deployment: Deployment): void {
  new RepositoryTemplate(
    deployment.name("template"),
    deployment.args<RepositoryTemplateArgs>(
      "RepositoryTemplate",
      { prefix: "ROOT", appliedFor: ["REPLICATION"] },
      {
        prefix: "shop",
        appliedFor: ["PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH"],
        mutableTags: true,
        kmsKeyArn: deployment.around.kmsKeyArn,
        roleArn: "arn:aws:iam::123456789012:role/ecr-templates",
        ...lifecycle,
        ...access,
      },
    ),
    deployment.opts,
  );
}
