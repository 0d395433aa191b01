import { ContainerRegistry } from "../../components/registry/container-registry";
import { RegistryReplication } from "../../components/registry/registry-replication";
import { RegistryScanning } from "../../components/registry/registry-scanning";
import { registryRules } from "../../policy/registry";
import { changed, testRules, without } from "./support";

const web = ["aws:ecr/repository:Repository", "web"] as const;
const policy = ["aws:ecr/repositoryPolicy:RepositoryPolicy", "web-policy"] as const;
const scanning = [
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
  "scanning",
] as const;
const lifecycle = ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "web-lifecycle"] as const;
const replication = ["aws:ecr/registryPolicy:RegistryPolicy", "replication-policy"] as const;
const statement = (principal: object) => JSON.stringify({ Statement: [{ ...open, ...principal }] });
const open = { Effect: "Allow", Principal: { AWS: "*" }, Action: ["ecr:BatchGetImage"] };

testRules(registryRules, () => {
  new ContainerRegistry("web", {
    mutableTags: ["latest"],
    pullPrincipals: ["arn:aws:iam::111111111111:root"],
    pullOrganizations: ["o-a1b2c3d4e5"],
    pullFunctions: ["arn:aws:lambda:eu-central-1:111111111111:function:web-*"],
  });
  new RegistryScanning("scanning");
  new RegistryReplication("replication", { acceptFrom: ["111111111111"] });
}, [
  [
    "tags can be pushed again",
    (all) => changed(all, web, "imageTagMutability", "MUTABLE"),
    'ecr-immutable-tags web: imageTagMutability is "MUTABLE": give "IMMUTABLE", with ContainerRegistry by leaving out mutableTags',
  ],
  [
    "every tag is an exception",
    (all) => changed(all, web, "imageTagMutabilityExclusionFilters.0.filter", "*"),
    'ecr-immutable-tags web: imageTagMutabilityExclusionFilters has "*": give less',
  ],
  [
    "images are not scanned",
    (all) => changed(all, web, "imageScanningConfiguration.scanOnPush", false),
    "ecr-scan-on-push web: imageScanningConfiguration.scanOnPush is false: give true",
  ],
  [
    "nothing is said about encryption",
    (all) => changed(all, web, "encryptionConfigurations", undefined),
    'ecr-encryption web: encryptionConfigurations[0].encryptionType is not set: give "AES256", or "KMS" with a kmsKey',
  ],
  [
    "everybody may pull",
    (all) => changed(all, policy, "policy", JSON.stringify({ Statement: [open] })),
    'ecr-no-public-access web-policy: policy allows everybody ("*") ecr:BatchGetImage: name accounts or roles by ARN, or an organization by aws:PrincipalOrgID',
  ],
  [
    "everybody may replicate to here",
    (all) => changed(all, replication, "policy", statement({ Action: "ecr:ReplicateImage" })),
    'ecr-no-public-access replication-policy: policy allows everybody ("*") ecr:ReplicateImage: name accounts or roles by ARN, or an organization by aws:PrincipalOrgID',
  ],
  [
    "a service may pull for anybody",
    (all) =>
      changed(
        all,
        policy,
        "policy",
        statement({ Principal: { Service: ["lambda.amazonaws.com"] } }),
      ),
    "ecr-service-source web-policy: policy allows lambda.amazonaws.com for any account: add a condition on aws:SourceArn or aws:SourceAccount",
  ],
  [
    "the registry scans when somebody asks",
    (all) => changed(all, scanning, "rules.0.scanFrequency", "MANUAL"),
    'ecr-registry-scanning scanning: rules[0].scanFrequency is "MANUAL": give "CONTINUOUS_SCAN" or "SCAN_ON_PUSH"',
  ],
  [
    "lifecycle rules share a priority, or one for any image is not the last",
    (all) =>
      changed(
        all,
        lifecycle,
        "policy",
        JSON.stringify({
          rules: [
            { rulePriority: 1, selection: { tagStatus: "any" } },
            { rulePriority: 2, selection: { tagStatus: "untagged" } },
            { rulePriority: 2, selection: { tagStatus: "tagged" } },
          ],
        }),
      ),
    "ecr-lifecycle-order web-lifecycle: policy has the rule for any image at priority 1: give it the highest",
    "ecr-lifecycle-order web-lifecycle: policy has two rules of priority 2: give each its own",
  ],
  [
    "images never expire",
    (all) => without(all, "aws:ecr/lifecyclePolicy:LifecyclePolicy"),
    "ecr-lifecycle web: it has no lifecycle policy: add an aws.ecr.LifecyclePolicy for it",
  ],
]);
