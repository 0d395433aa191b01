import { Provider } from "@pulumi/aws/provider";
import { Config } from "@pulumi/pulumi";
import {
  AlarmTopic,
  ContainerRegistry,
  containerRegistries,
  RegistryReplication,
  RegistryScanning,
} from "../../components";

// What registry.test.ts deploys: a repository that changes, others beside it, and what is said once
// for all of a region's.
const endpoint = process.env["AWS_ENDPOINT_URL"] ?? "";
const services = ["cloudwatch", "ecr", "eventbridge", "iam", "kms", "logs", "sns", "sts"];
const opts = {
  providers: [
    new Provider("aws", {
      region: "eu-central-1",
      accessKey: "test",
      secretKey: "test",
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      maxRetries: 2,
      endpoints: [Object.fromEntries(services.map((service) => [service, endpoint]))],
    }),
  ],
};

const config = new Config("changing");
new ContainerRegistry(
  "shop",
  {
    repositoryName: "registry-test/shop",
    protectedTags: ["deployed-*"],
    lifecycleRules: [
      { tagPatterns: ["branch-*"], expireAfterDays: 30 },
      { tagPatterns: ["release-*"], keepImages: config.requireNumber("releases") },
    ],
    pullAccounts: config.requireObject<string[]>("accounts"),
    pullOrganizations: ["o-a1b2c3d4e5"],
    pullFunctions: ["arn:aws:lambda:eu-central-1:123456789012:function:shop-*"],
    forceDelete: true,
  },
  { ...opts, protect: config.requireBoolean("protect") },
);
containerRegistries(["web", "worker"], { forceDelete: true }, opts);

const alarms = new AlarmTopic("alarms", {}, opts);
new RegistryScanning("scanning", { alarmActions: [alarms.arn] }, opts);
new RegistryReplication(
  "replication",
  {
    rules: [{ destinations: [{ region: config.require("replica") }] }],
    acceptFrom: ["210987654321"],
  },
  opts,
);
