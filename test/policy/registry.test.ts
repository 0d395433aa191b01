import { ContainerRegistry } from "../../components/registry/container-registry";
import { registryRules } from "../../policy/registry";
import { changed, testRules, without } from "./support";

const web = ["aws:ecr/repository:Repository", "web"] as const;
const policy = ["aws:ecr/repositoryPolicy:RepositoryPolicy", "web-policy"] as const;
const open = { Effect: "Allow", Principal: { AWS: "*" }, Action: ["ecr:BatchGetImage"] };

testRules(
  registryRules,
  () => new ContainerRegistry("web", { pullPrincipals: ["arn:aws:iam::111111111111:root"] }),
  [
    [
      "tags can be pushed again",
      (all) => changed(all, web, "imageTagMutability", "MUTABLE"),
      'ecr-immutable-tags web: imageTagMutability is "MUTABLE": give "IMMUTABLE", with ContainerRegistry by leaving out mutableTags',
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
      'ecr-no-public-access web-policy: policy allows everybody ("*") ecr:BatchGetImage: name accounts or roles by ARN',
    ],
    [
      "images never expire",
      (all) => without(all, "aws:ecr/lifecyclePolicy:LifecyclePolicy"),
      "ecr-lifecycle web: it has no lifecycle policy: add an aws.ecr.LifecyclePolicy for it",
    ],
  ],
);
