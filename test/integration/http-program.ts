import * as pulumi from "@pulumi/pulumi";
import {
  AlarmTopic,
  FunctionUrl,
  HttpApi,
  LambdaFunction,
  Queue,
  QueueSubscription,
  Schedule,
  StreamSubscription,
  Table,
} from "../../components";
import { readEnvironment } from "../../config";
import { createProviders } from "../../stacks/providers";

// The stack of http.test.ts: an API and a URL, a schedule, filters, and alarms.
const opts = createProviders(readEnvironment());
const alarmActions = [new AlarmTopic("alarms", {}, opts).arn];

const called = new LambdaFunction(
  "called",
  {
    code: new pulumi.asset.AssetArchive({
      "handler.py": new pulumi.asset.StringAsset(`import json
def handler(event, context):
    print("seen", json.dumps(event))
    if "poison" in json.dumps(event):
        raise ValueError("poison")
    if "rawPath" in event:
        return {"statusCode": 200, "cookies": ["a=1"], "body": json.dumps(event)}
`),
    }),
    handler: "handler.handler",
    runtime: "python3.13",
    alarmActions,
  },
  opts,
);

const api = new HttpApi(
  "shop",
  {
    authorization: { issuer: "https://login.example.com/", audiences: ["shop"] },
    routes: {
      "GET /orders/{id}": called,
      "GET /admin": {
        function: called,
        authorization: {
          issuer: "https://login.example.com/",
          audiences: ["shop"],
          scopes: ["admin"],
        },
      },
      "ANY /open/{rest+}": { function: called, authorization: "NONE" },
    },
    cors: { allowOrigins: ["https://shop.example.com"], allowMethods: ["GET"] },
    alarmActions,
  },
  opts,
);
const functionUrl = new FunctionUrl(
  "report",
  { function: called, invokeMode: "RESPONSE_STREAM" },
  opts,
);
new Schedule(
  "tick",
  { function: called, scheduleExpression: "rate(1 minute)", input: { from: "schedule" } },
  opts,
);

const queue = new Queue("orders", { maxReceiveCount: 1, alarmActions }, opts);
new QueueSubscription(
  "orders",
  { queue, function: called, filters: [{ body: { kind: ["book", "poison"] } }] },
  opts,
);
const table = new Table(
  "stock",
  {
    partitionKey: { name: "id", type: "S" },
    streamViewType: "NEW_IMAGE",
    deletionProtection: false,
  },
  opts,
);
new StreamSubscription(
  "stock",
  {
    stream: table,
    function: called,
    filters: [{ dynamodb: { NewImage: { kind: { S: ["book"] } } } }],
  },
  opts,
);

export const url = api.url;
export const report = functionUrl.url;
export const queueUrl = queue.url;
export const tableName = table.tableName;
export const logGroup = called.logGroup.name;
