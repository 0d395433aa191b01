import * as pulumi from "@pulumi/pulumi";
import {
  AlarmTopic,
  Bucket,
  LambdaFunction,
  Layer,
  pythonCode,
  pythonPackages,
  Queue,
  QueueSubscription,
  SecretStore,
} from "../../components";
import { readEnvironment } from "../../config";
import { createProviders } from "../../stacks/providers";

// The program of shop.test.ts: functions with packages that people bring, and the way of an order.
const opts = createProviders(readEnvironment());
const shop = "test/integration/shop";

const powertools = new Layer(
  "powertools",
  { code: pythonPackages(`${shop}/layer.txt`), runtime: "python3.13" },
  opts,
);
const native = new LambdaFunction(
  "native",
  {
    code: pythonCode(`${shop}/handler`, { requirements: `${shop}/handler.txt` }),
    handler: "handler.handler",
    runtime: "python3.13",
    layers: [powertools],
    environment: { POWERTOOLS_SERVICE_NAME: "shop" },
  },
  opts,
);
const node = new LambdaFunction(
  "node",
  { code: `${shop}/node`, handler: "index.handler", runtime: "nodejs22.x" },
  opts,
);

const bucket = new Bucket("archive", { forceDestroy: true }, opts);
const secrets = new SecretStore(
  "archive",
  {
    secrets: { SEAL_KEY: pulumi.secret("a-key-of-tests-with-thirty-two-characters") },
    recoveryWindowDays: 0,
  },
  opts,
);
const archive = new LambdaFunction(
  "archive",
  {
    code: new pulumi.asset.AssetArchive({
      "handler.py": new pulumi.asset.FileAsset("apps/archive/src/handler.py"),
      "sometimes.py": new pulumi.asset.FileAsset(`${shop}/archive/sometimes.py`),
    }),
    handler: "sometimes.handler",
    runtime: "python3.13",
    timeoutSeconds: 5,
    grants: [bucket.grantPut("orders/"), secrets.grantRead("SEAL_KEY")],
  },
  opts,
);
const alarmActions = [new AlarmTopic("alarms", {}, opts).arn];
const orders = new Queue("orders", { maxReceiveCount: 3, alarmActions }, opts);
new QueueSubscription("archive", { queue: orders, function: archive }, opts);

export const nativeArn = native.alias.arn;
export const nodeArn = node.alias.arn;
export const queueUrl = orders.url;
export const deadLettersUrl = orders.deadLetterQueue.url;
export const bucketName = bucket.bucketName;
