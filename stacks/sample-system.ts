import * as pulumi from "@pulumi/pulumi";
import {
  AlarmTopic,
  Bucket,
  ContainerImage,
  ContainerRegistry,
  clusterFeatures,
  containerInsights,
  Dashboard,
  type FunctionRollout,
  grantedEnvironment,
  LambdaFunction,
  type LambdaFunctionArgs,
  Microservice,
  Namespace,
  PodIdentity,
  Queue,
  QueueSubscription,
  Route,
  SecretStore,
  ServiceMonitoring,
} from "../components";
import type { Environment } from "../config";
import { webImage as source } from "./images";
import { awsPort, emulatorAccess, forPods } from "./pod-access";
import { createProviders } from "./providers";

/**
 * The sample system: a web service on Kubernetes takes orders and puts them into a queue, and a
 * function moves them from there into a bucket. Every environment has the same one; they differ by
 * the values in their YAML and by the providers.
 *
 * @returns the stack's outputs, for people and for other stacks
 */
export function deploySampleSystem(environment: Environment) {
  const opts = createProviders(environment);
  const { deletionProtection, webHost } = environment;
  const disposable = !deletionProtection;
  // For what holds data.
  const kept = { ...opts, protect: deletionProtection };

  const alarms = new AlarmTopic("alarms", { email: environment.alarmEmail || undefined }, opts);
  const alarmActions = [alarms.arn];
  const orders = new Queue("orders", { alarmActions }, kept);
  const archiveBucket = new Bucket("archive", { forceDestroy: disposable }, kept);
  const archiveSecrets = new SecretStore(
    "archive",
    {
      secrets: { SEAL_KEY: environment.sealKey },
      recoveryWindowDays: disposable ? 0 : 30,
    },
    kept,
  );
  const archive = new LambdaFunction(
    "archive",
    {
      description: "Puts orders from the queue into the bucket",
      code: "apps/archive/src",
      handler: "handler.handler",
      runtime: "python3.13",
      environment: { LOG_LEVEL: environment.logLevel },
      grants: [archiveBucket.grantPut("orders/"), archiveSecrets.grantRead("SEAL_KEY")],
      logRetentionDays: environment.logRetentionDays,
      alarmActions,
      applicationLogLevel: functionLogLevel(environment),
      rollout: {
        // The key takes no others.
        strategy: environment.functionRollout as FunctionRollout["strategy"],
        version: environment.archiveVersion || undefined,
      },
    },
    opts,
  );
  new QueueSubscription("archive", { queue: orders, function: archive }, opts);

  const registry = new ContainerRegistry(
    "web",
    {
      // Other environments run images from here, however many are built after them.
      protectedTags: ["deployed-*"],
      pullAccounts: environment.pullAccounts.split(/, ?/).filter((account) => account !== ""),
      forceDelete: disposable,
    },
    kept,
  );
  const image = webImage(environment, registry, opts);
  const namespace = new Namespace(
    "groundwork",
    { namespaceName: environment.namespace || `groundwork-${environment.name}` },
    opts,
  );
  const grants = [orders.grantSend()];
  // Before the pods: EKS gives credentials only to pods that are made after the association.
  const identity =
    environment.platform === "aws"
      ? [
          new PodIdentity(
            "web",
            {
              clusterName: environment.eksCluster,
              namespace: namespace.namespaceName,
              serviceAccountName: "web",
              grants,
            },
            opts,
          ),
        ]
      : [];
  const web = new Microservice(
    "web",
    {
      namespace,
      image: image.ref,
      ...podCount(environment),
      zones: environment.zones,
      config: {
        ENVIRONMENT: environment.name,
        GREETING: environment.greeting,
        LOG_LEVEL: environment.logLevel,
        CORS_ORIGINS: environment.corsOrigins,
        SESSION_KEY_FILE: "/etc/web/session-key",
        AWS_REGION: environment.region,
        ...(environment.platform === "local" && emulatorAccess(environment)),
        ...forPods(environment, grantedEnvironment(grants)),
      },
      files: { "/etc/web": { secrets: { "session-key": environment.sessionKey } } },
      // The route lets in whom it comes from. Where there is none, nobody is there to be named, and
      // whoever is in the namespace may order.
      allowFrom: webHost === "" ? [{ podSelector: {} }] : [],
      allowTo: [
        // The queue's API; a NetworkPolicy knows addresses, and AWS has too many to name.
        { ports: [{ port: awsPort(environment), protocol: "TCP" }] },
        ...identity.map((each) => each.egress),
      ],
    },
    { ...opts, dependsOn: identity },
  );

  const cluster = clusterFeatures(environment);
  const route =
    webHost === ""
      ? undefined
      : new Route("web", { service: web, cluster, hosts: [webHost] }, opts);
  if (cluster.prometheus !== undefined) {
    new ServiceMonitoring("web", { service: web, cluster }, opts);
  }

  const dashboard = new Dashboard(
    "overview",
    {
      health: [
        archive.health(),
        orders.health(),
        ...(environment.platform === "aws" ? [containerInsights(web, environment.eksCluster)] : []),
      ],
    },
    opts,
  );

  return {
    webUrl: route?.url ?? web.url,
    webImage: image.ref,
    webNamespace: namespace.namespaceName,
    repositoryUrl: registry.url,
    ordersQueueUrl: orders.url,
    archiveFunctionName: archive.functionName,
    archiveBucketName: archiveBucket.bucketName,
    dashboardName: dashboard.dashboardName,
  };
}

/** From which level on Lambda keeps what the function logs: it has another word for warnings. */
function functionLogLevel({ logLevel }: Environment): LambdaFunctionArgs["applicationLogLevel"] {
  return logLevel === "WARNING" ? "WARN" : (logLevel as LambdaFunctionArgs["applicationLogLevel"]);
}

/** How many pods the web service has: a number, or what it scales between. */
function podCount({ replicas, maxReplicas }: Environment) {
  return maxReplicas === 0 ? { replicas } : { scaling: { min: replicas, max: maxReplicas } };
}

/** The web service's image: built where that can be done and is asked for, else as configured. */
function webImage(
  environment: Environment,
  registry: ContainerRegistry,
  opts: pulumi.ComponentResourceOptions,
): ContainerImage {
  const { name, context } = source;
  if (environment.imageRegistry !== undefined) {
    const repositoryUrl = `${environment.imageRegistry}/${name}`;
    pulumi.log.info(`The image of web is built from ${context} and pushed to ${repositoryUrl}.`);
    return new ContainerImage("web", { context, repositoryUrl }, opts);
  }
  if (environment.builtImage !== undefined) {
    pulumi.log.info(`The image of web is the one that was built before: ${environment.builtImage}`);
    return new ContainerImage("web", { reference: environment.builtImage }, opts);
  }
  if (environment.webImage !== "") {
    pulumi.log.info(`The image of web is taken as configured: ${environment.webImage}`);
    return new ContainerImage("web", { reference: environment.webImage }, opts);
  }
  pulumi.log.info(`The image of web is built from ${context} and pushed to the stack's registry.`);
  return new ContainerImage(
    "web",
    { context, repositoryUrl: registry.url, credentials: registry.credentials() },
    opts,
  );
}
