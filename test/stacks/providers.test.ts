import { Queue } from "@pulumi/aws/sqs";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { record } from "../../components/testing";
import { type Environment, keys } from "../../config";
import { createProviders } from "../../stacks/providers";
import { deployEvery } from "../support/aws";
import { parsed } from "../support/inputs";

const awsProvider = "pulumi:providers:aws";
const kubernetesProvider = "pulumi:providers:kubernetes";

/** An environment on a platform, with the values given. */
const environmentOn = (platform: "local" | "aws", given: Partial<Environment> = {}): Environment =>
  ({
    ...Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.default])),
    name: "it",
    platform,
    region: "eu-west-1",
    awsAccountId: "123456789012",
    awsEndpoint: "http://127.0.0.1:4566",
    eksCluster: "shop",
    kubeconfig: "/run/kubeconfig",
    imageRegistry: undefined,
    ...given,
  }) as Environment;

/** The service that has a resource, as the provider names it. */
function serviceOf(type: string): string | undefined {
  const [, module, name = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  if (module === "cloudwatch") {
    return name.startsWith("event") ? "events" : name.startsWith("log") ? "logs" : module;
  }
  return module === "vpc" ? "ec2" : module;
}

describe("createProviders", () => {
  /** The recording of the providers, and of what is made with the options that hand them down. */
  const create = (
    environment: () => Environment,
    use: (opts: pulumi.ComponentResourceOptions) => void = () => undefined,
  ) =>
    record(() => {
      use(createProviders(environment()));
    });

  test("on the local platform lead to the emulator and to the kubeconfig's cluster", async () => {
    const recording = await create(() => environmentOn("local"));

    const emulator = "http://127.0.0.1:4566";
    expect(recording.resources).toHaveLength(2);
    expect(parsed(recording.one(awsProvider, "aws"), "endpoints")).toEqual({
      region: "eu-west-1",
      accessKey: "test",
      secretKey: "test",
      skipCredentialsValidation: "true",
      skipMetadataApiCheck: "true",
      skipRegionValidation: "true",
      s3UsePathStyle: "true",
      maxRetries: "2",
      endpoints: [
        {
          apigatewayv2: emulator,
          cloudwatch: emulator,
          codedeploy: emulator,
          dynamodb: emulator,
          ec2: emulator,
          ecr: emulator,
          eks: emulator,
          events: emulator,
          iam: emulator,
          kinesis: emulator,
          kms: emulator,
          lambda: emulator,
          logs: emulator,
          s3: emulator,
          scheduler: emulator,
          secretsmanager: emulator,
          sns: emulator,
          sqs: emulator,
          ssm: emulator,
          sts: emulator,
        },
      ],
    });
    expect(recording.one(kubernetesProvider, "kubernetes").inputs).toEqual({
      kubeconfig: "/run/kubeconfig",
      enableConfigMapMutable: "true",
      enablePatchForce: "true",
      enableSecretMutable: "true",
    });
  });

  test("on the local platform lead every component's services to the emulator", async () => {
    const recording = await create(
      () => environmentOn("local"),
      (opts) => void deployEvery("full", { opts }),
    );
    const { endpoints } = parsed(recording.one(awsProvider, "aws"), "endpoints");
    const led = Object.keys(endpoints[0] ?? {});
    const asked = recording.resources.flatMap(({ type }) => serviceOf(type) ?? []);
    expect(asked).toContain("events");
    expect(asked.filter((service) => !led.includes(service))).toEqual([]);
  });

  test("on the local platform take the context that is asked for", async () => {
    const recording = await create(() => environmentOn("local", { kubeContext: "there" }));
    expect(recording.one(kubernetesProvider, "kubernetes").inputs).toEqual({
      kubeconfig: "/run/kubeconfig",
      context: "there",
      enableConfigMapMutable: "true",
      enablePatchForce: "true",
      enableSecretMutable: "true",
    });
  });

  test("on AWS refuse another account, tag everything, and ask AWS for the cluster's token", async () => {
    const recording = await create(() => environmentOn("aws"));

    expect(recording.resources).toHaveLength(2);
    expect(parsed(recording.one(awsProvider, "aws"), "allowedAccountIds", "defaultTags")).toEqual({
      region: "eu-west-1",
      allowedAccountIds: ["123456789012"],
      defaultTags: { tags: { project: "groundwork", environment: "it" } },
      skipCredentialsValidation: "false",
      skipRegionValidation: "true",
    });
    expect(parsed(recording.one(kubernetesProvider, "kubernetes"), "kubeconfig")).toEqual({
      kubeconfig: {
        apiVersion: "v1",
        kind: "Config",
        clusters: [
          {
            name: "shop",
            cluster: {
              server: "https://shop.eks.amazonaws.com",
              "certificate-authority-data": "bW9jaw==",
            },
          },
        ],
        users: [
          {
            name: "shop",
            user: {
              exec: {
                apiVersion: "client.authentication.k8s.io/v1",
                command: "aws",
                args: ["eks", "get-token", "--cluster-name", "shop", "--region", "eu-west-1"],
                interactiveMode: "Never",
              },
            },
          },
        ],
        contexts: [{ name: "shop", context: { cluster: "shop", user: "shop" } }],
        "current-context": "shop",
      },
      enableConfigMapMutable: "true",
      enablePatchForce: "true",
      enableSecretMutable: "true",
    });
  });

  test.each(["local", "aws"] as const)("on %s are handed down to components", async (platform) => {
    const recording = await create(
      () => environmentOn(platform),
      (opts) => {
        const parent = new pulumi.ComponentResource("test:index:Shop", "shop", {}, opts);
        new Queue("orders", {}, { parent });
        new Namespace("shop", {}, { parent });
      },
    );
    expect(recording.one("aws:sqs/queue:Queue", "orders").provider).toBe("aws");
    expect(recording.one("kubernetes:core/v1:Namespace", "shop").provider).toBe("kubernetes");
  });
});
