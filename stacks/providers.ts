import { getClusterOutput } from "@pulumi/aws/eks";
import { Provider as AwsProvider } from "@pulumi/aws/provider";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config";

/** The providers that everything in a stack is made through. */
interface Providers {
  readonly aws: AwsProvider;
  readonly kubernetes: KubernetesProvider;
}

/**
 * The options by which components get their providers. Of this type, they can't be given to a
 * provider's own resource by mistake, which takes a single `provider`.
 */
export type ProviderOptions = Pick<pulumi.ComponentResourceOptions, "providers">;

/**
 * Makes a stack's providers.
 * @returns what leads components to them; the components can't tell where that is
 */
export function createProviders(environment: Environment): ProviderOptions {
  const providers = environment.platform === "local" ? local(environment) : cloud(environment);
  return { providers: Object.values(providers) };
}

/** AWS is an emulator, and the cluster is whatever the kubeconfig leads to. */
function local(environment: Environment): Providers {
  return {
    aws: new AwsProvider("aws", {
      region: environment.region,
      // Emulators take any credentials. These are not a secret, and lead nowhere else.
      accessKey: "test",
      secretKey: "test",
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      s3UsePathStyle: true,
      // What an emulator can't do it answers with a server error, at the tenth time as at the first.
      maxRetries: 2,
      endpoints: [
        Object.fromEntries(emulatedServices.map((service) => [service, environment.awsEndpoint])),
      ],
    }),
    kubernetes: new KubernetesProvider("kubernetes", {
      kubeconfig: environment.kubeconfig,
      context: environment.kubeContext || undefined,
      ...kubernetesBehavior,
    }),
  };
}

/** How the Kubernetes provider changes what is there. */
const kubernetesBehavior = {
  /**
   * The program has the last word on the fields that it sets. Without it, what somebody changed with
   * kubectl makes every later preview fail, and no update can take it back.
   * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
   */
  enablePatchForce: true,
  /**
   * ConfigMaps and Secrets that are not immutable are changed, and not deleted and made again: pods
   * that have files of them could find none in between.
   */
  enableConfigMapMutable: true,
  enableSecretMutable: true,
};

/** The services that the components use. One that is missing here would be asked at AWS itself. */
const emulatedServices = [
  "apigatewayv2",
  "cloudwatch",
  "codedeploy",
  "dynamodb",
  "ec2",
  "ecr",
  "eks",
  "events",
  "iam",
  "kinesis",
  "kms",
  "lambda",
  "logs",
  "s3",
  "scheduler",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "sts",
];

/** AWS with the credentials that the environment brings, and a cluster in EKS. */
function cloud(environment: Environment): Providers {
  const aws = new AwsProvider("aws", {
    region: environment.region,
    // Credentials for another account are refused before anything is changed.
    allowedAccountIds: [environment.awsAccountId],
    defaultTags: { tags: { project: "groundwork", environment: environment.name } },
  });
  const cluster = getClusterOutput({ name: environment.eksCluster }, { provider: aws });
  return {
    aws,
    kubernetes: new KubernetesProvider("kubernetes", {
      kubeconfig: eksKubeconfig(environment, cluster),
      ...kubernetesBehavior,
    }),
  };
}

/**
 * A kubeconfig that holds no credentials: who connects asks AWS for a token at the time.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
 */
function eksKubeconfig(
  { eksCluster, region }: Environment,
  cluster: ReturnType<typeof getClusterOutput>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: eksCluster,
        cluster: {
          server: cluster.endpoint,
          "certificate-authority-data": cluster.certificateAuthorities[0]?.data,
        },
      },
    ],
    users: [
      {
        name: eksCluster,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", eksCluster, "--region", region],
            interactiveMode: "Never",
          },
        },
      },
    ],
    contexts: [{ name: eksCluster, context: { cluster: eksCluster, user: eksCluster } }],
    "current-context": eksCluster,
  });
}
