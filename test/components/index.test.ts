import * as components from "../../components";

test("the public list is the components and what goes between them", () => {
  expect(Object.keys(components).sort()).toEqual([
    "AlarmTopic",
    "Bucket",
    "BucketReplication",
    "ContainerImage",
    "ContainerRegistry",
    "CronJob",
    "Dashboard",
    "EventBus",
    "InvalidArgumentsError",
    "Job",
    "LambdaFunction",
    "Microservice",
    "Namespace",
    "ParameterStore",
    "PodIdentity",
    "Queue",
    "QueueSubscription",
    "Route",
    "SecretStore",
    "ServiceMonitoring",
    "ShardedService",
    "Table",
    "Topic",
    "TopicDelivery",
    "clusterFeatures",
    "containerInsights",
    "grantedEnvironment",
    "policyDocument",
  ]);
});
