import {
  AlarmTopic,
  Bucket,
  ContainerRegistry,
  LambdaFunction,
  PodIdentity,
  Queue,
  QueueSubscription,
  SecretStore,
} from "../../components";

/** Every component on AWS with what it must have, or with everything that it can have. */
export function deployEvery(kind: "default" | "full"): void {
  const kmsKeyArn =
    "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const own = kind === "full" ? { kmsKeyArn } : {};
  const alarms = new AlarmTopic("alarms");
  const queue = new Queue("orders", own);
  const bucket = new Bucket("archive", own);
  const store = new SecretStore("shop", { secrets: { TOKEN: "a token" }, ...own });
  const grants = [
    queue.grantSend(),
    bucket.grantGet(),
    bucket.grantPut(),
    store.grantRead("TOKEN"),
  ];
  const ship = new LambdaFunction("ship", {
    code: "apps/archive/src",
    handler: "handler.handler",
    runtime: "python3.13",
    grants,
    alarmActions: [alarms.arn],
    ...own,
  });
  new QueueSubscription("ship", { queue, function: ship });
  new PodIdentity("web", {
    clusterName: "shop",
    namespace: "shop",
    serviceAccountName: "web",
    grants,
  });
  new ContainerRegistry("web", own);
}
