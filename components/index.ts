/** The public list of groundwork's components, and of what goes between them. */

export { InvalidArgumentsError } from "./arguments";
export { ParameterStore, type ParameterStoreArgs } from "./configuration/parameter-store";
export { SecretStore, type SecretStoreArgs } from "./configuration/secret-store";
export { Bucket, type BucketArgs } from "./data/bucket";
export { BucketReplication, type BucketReplicationArgs } from "./data/bucket-replication";
export { Table } from "./data/table";
export type {
  GlobalIndex,
  KeyAttribute,
  LocalIndex,
  Projection,
  Replica,
  TableArgs,
} from "./data/table-args";
export type { Cors } from "./http/cors";
export { HttpApi } from "./http/http-api";
export type {
  ApiDomain,
  Authorization,
  HttpApiArgs,
  HttpRoute,
  Jwt,
  Throttling,
} from "./http/http-api-args";
export type { RouteKey } from "./http/route-key";
export { type Grant, grantedEnvironment, policyDocument, type Statement } from "./iam/grant";
export type { ServiceSource } from "./iam/service-source";
export type { Access } from "./kubernetes/access";
export {
  type ClusterFeatures,
  clusterFeatures,
  type GatewayController,
  type IngressController,
  type Prometheus,
  type TrafficController,
} from "./kubernetes/cluster";
export type { ClusterSettings } from "./kubernetes/cluster-settings";
export type { Files } from "./kubernetes/configuration-files";
export type { Container } from "./kubernetes/container";
export { containerInsights } from "./kubernetes/container-insights";
export { CronJob, type CronJobArgs } from "./kubernetes/cron-job";
export type { ExternalSecrets } from "./kubernetes/external-secret";
export { Job, type JobArgs } from "./kubernetes/job";
export type { LeaderElection } from "./kubernetes/leader-election";
export type { HashOn } from "./kubernetes/load-balancing";
export { Microservice } from "./kubernetes/microservice";
export type { MicroserviceArgs } from "./kubernetes/microservice-args";
export { Namespace, type NamespaceArgs } from "./kubernetes/namespace";
export { PodIdentity, type PodIdentityArgs } from "./kubernetes/pod-identity";
export type { Resources } from "./kubernetes/quantity";
export { Route } from "./kubernetes/route";
export type { Certificate, RouteArgs } from "./kubernetes/route-args";
export type { ResourceScaling, Scaling } from "./kubernetes/scaling";
export { ServiceMonitoring, type ServiceMonitoringArgs } from "./kubernetes/service-monitoring";
export { ShardedService } from "./kubernetes/sharded-service";
export type { ShardedServiceArgs } from "./kubernetes/sharded-service-args";
export { Worker } from "./kubernetes/worker";
export type { WorkerArgs } from "./kubernetes/worker-args";
export type { Workload } from "./kubernetes/workload";
export type { AsyncInvocation, Destination } from "./lambda/async-invocation";
export {
  type BucketNotification,
  BucketNotifications,
  type BucketNotificationsArgs,
} from "./lambda/bucket-notifications";
export { type BundledCodeOptions, bundledCode } from "./lambda/bundled-code";
export type { Architecture, Code, CodeSource } from "./lambda/code";
export { EventRule, type EventRuleArgs } from "./lambda/event-rule";
export type { FunctionFileSystem } from "./lambda/function-file-system";
export type { FunctionRollout } from "./lambda/function-rollout";
export { FunctionUrl, type FunctionUrlArgs } from "./lambda/function-url";
export type { FunctionVpc } from "./lambda/function-vpc";
export { LambdaFunction } from "./lambda/lambda-function";
export type {
  CodeFunctionArgs,
  ImageFunctionArgs,
  LambdaFunctionArgs,
} from "./lambda/lambda-function-args";
export { Layer, type LayerArgs } from "./lambda/layer";
export {
  type PythonCodeOptions,
  type PythonPackagesOptions,
  pythonCode,
  pythonPackages,
} from "./lambda/python-code";
export {
  type ProvisionedPollers,
  QueueSubscription,
  type QueueSubscriptionArgs,
} from "./lambda/queue-subscription";
export type { RetryArgs } from "./lambda/retry";
export { Schedule, type ScheduleArgs } from "./lambda/schedule";
export { StreamSubscription, type StreamSubscriptionArgs } from "./lambda/stream-subscription";
export { TopicSubscription, type TopicSubscriptionArgs } from "./lambda/topic-subscription";
export { EventBus, type EventBusArgs } from "./messaging/event-bus";
export type { Condition, EventPattern } from "./messaging/event-pattern";
export { Queue } from "./messaging/queue";
export type { QueueArgs } from "./messaging/queue-args";
export { Stream, type StreamArgs } from "./messaging/stream";
export { Topic, type TopicArgs } from "./messaging/topic";
export { TopicDelivery, type TopicDeliveryArgs } from "./messaging/topic-delivery";
export { AlarmTopic, type AlarmTopicArgs } from "./monitoring/alarm-topic";
export { Dashboard, type DashboardArgs } from "./monitoring/dashboard";
export type { Graph, Health, Metric } from "./monitoring/health";
export { ContainerImage } from "./registry/container-image";
export type { ContainerImageArgs, RegistryCredentials } from "./registry/container-image-args";
export { containerRegistries } from "./registry/container-registries";
export { ContainerRegistry, type ContainerRegistryArgs } from "./registry/container-registry";
export type { LifecycleRule } from "./registry/lifecycle";
export { PullThroughCache, type PullThroughCacheArgs } from "./registry/pull-through-cache";
export {
  RegistryReplication,
  type RegistryReplicationArgs,
  type ReplicationDestination,
  type ReplicationRule,
} from "./registry/registry-replication";
export { RegistryScanning, type RegistryScanningArgs } from "./registry/registry-scanning";
export { RepositoryTemplate, type RepositoryTemplateArgs } from "./registry/repository-template";
