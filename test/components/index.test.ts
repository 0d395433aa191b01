import * as components from "../../components";

test("the public list is the components and what goes between them", () => {
  expect(Object.keys(components).sort()).toEqual([
    "AlarmTopic",
    "Bucket",
    "ContainerImage",
    "ContainerRegistry",
    "CronJob",
    "EventBus",
    "InvalidArgumentsError",
    "Job",
    "LambdaFunction",
    "Microservice",
    "Namespace",
    "PodIdentity",
    "Queue",
    "QueueSubscription",
    "Route",
    "SecretStore",
    "ServiceMonitoring",
    "ShardedService",
    "Table",
    "Topic",
    "clusterFeatures",
    "grantedEnvironment",
    "policyDocument",
  ]);
});
