import * as pulumi from "@pulumi/pulumi";
import { type Health, HttpApi, LambdaFunction, Queue, Table } from "../../../components";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";

const alarmActions = ["arn:aws:sns:eu-central-1:123456789012:alarms"];
const alarm = (name: string) =>
  `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}-1234567`;

/** What a health says, a line each. */
async function told(make: () => { health(): Health }) {
  const recording = await record(() => {
    const { title, graphs, alarms } = make().health();
    const lines = graphs.flatMap((graph) =>
      graph.metrics.map(({ namespace, name, dimensions, statistic, label }) =>
        pulumi
          .output(dimensions)
          .apply((of) =>
            [graph.title, namespace, name, ...Object.entries(of).flat(), statistic, label].join(
              "|",
            ),
          ),
      ),
    );
    return { title, lines, alarms };
  });
  return recording.outputs;
}

const makeFunction = (args = {}) =>
  new LambdaFunction("ship", {
    code: makeFolder({ "handler.py": "" }),
    handler: "handler.handler",
    ...args,
  });

describe("the health of a function", () => {
  const lines = [
    "Calls|AWS/Lambda|Invocations|FunctionName|ship-1234567|Sum|calls",
    "Calls|AWS/Lambda|Errors|FunctionName|ship-1234567|Sum|failed",
    "Calls|AWS/Lambda|Throttles|FunctionName|ship-1234567|Sum|refused",
    "Duration, ms|AWS/Lambda|Duration|FunctionName|ship-1234567|p50|half of them at most",
    "Duration, ms|AWS/Lambda|Duration|FunctionName|ship-1234567|p99|99 % at most",
    "Duration, ms|AWS/Lambda|Duration|FunctionName|ship-1234567|Maximum|the longest",
    "Calls at once|AWS/Lambda|ConcurrentExecutions|FunctionName|ship-1234567|Maximum|running",
  ];

  test("default has no alarms", async () => {
    expect(await told(() => makeFunction())).toEqual({
      title: "Function ship",
      lines,
      alarms: [],
    });
  });

  test("custom has those of its calls", async () => {
    expect(await told(() => makeFunction({ alarmActions }))).toEqual({
      title: "Function ship",
      lines,
      alarms: [
        alarm("ship-errors-alarm"),
        alarm("ship-throttles-alarm"),
        alarm("ship-dropped-events-alarm"),
        alarm("ship-duration-alarm"),
      ],
    });
  });
});

test("the health of a queue is what waits in it, and in its dead-letter queue", async () => {
  const make = () => new Queue("orders", { alarmActions, maxMessageAgeSeconds: 60 });
  const line = (graph: string, metric: string, statistic: string, label: string, of = "orders") =>
    `${graph}|AWS/SQS|${metric}|QueueName|${of}-1234567|${statistic}|${label}`;
  const visible = "ApproximateNumberOfMessagesVisible";

  expect(await told(make)).toEqual({
    title: "Queue orders",
    lines: [
      line("Messages", "NumberOfMessagesSent", "Sum", "sent"),
      line("Messages", "NumberOfMessagesDeleted", "Sum", "handled"),
      line("Waiting messages", visible, "Maximum", "waiting"),
      line("Age of the oldest message, s", "ApproximateAgeOfOldestMessage", "Maximum", "age"),
      line("Dead letters", visible, "Maximum", "given up", "orders-dead-letters"),
    ],
    alarms: [alarm("orders-dead-letters-alarm"), alarm("orders-age-alarm")],
  });
});

test("the health of a table is what it serves, and what it refuses", async () => {
  const make = () => new Table("orders", { partitionKey: { name: "id", type: "S" }, alarmActions });
  const line = (graph: string, metric: string, statistic: string, label: string, more = "") =>
    `${graph}|AWS/DynamoDB|${metric}|TableName|orders-1234567|${more}${statistic}|${label}`;
  const latency = (operation: string) =>
    line(
      "Latency, ms",
      "SuccessfulRequestLatency",
      "Average",
      operation,
      `Operation|${operation}|`,
    );

  expect(await told(make)).toEqual({
    title: "Table orders",
    lines: [
      line("Consumed capacity, units", "ConsumedReadCapacityUnits", "Sum", "read"),
      line("Consumed capacity, units", "ConsumedWriteCapacityUnits", "Sum", "written"),
      line("Throttled requests", "ReadThrottleEvents", "Sum", "reads"),
      line("Throttled requests", "WriteThrottleEvents", "Sum", "writes"),
      ...["GetItem", "Query", "PutItem", "UpdateItem"].map(latency),
    ],
    alarms: [alarm("orders-throttles-alarm"), alarm("orders-errors-alarm")],
  });
});

test("the health of an HTTP API is what it answers, and how quickly", async () => {
  const make = () =>
    new HttpApi("shop", {
      routes: { "GET /orders": makeFunction() },
      authorization: "AWS_IAM",
      alarmActions,
    });
  const { title, lines, alarms } = await told(make);
  expect({ title, lines, alarms }).toEqual({
    title: "HTTP API shop",
    lines: [
      "Requests|AWS/ApiGateway|Count|ApiId|a1b2c3d4e5|Sum|all",
      "Requests|AWS/ApiGateway|4xx|ApiId|a1b2c3d4e5|Sum|answered with 4xx",
      "Requests|AWS/ApiGateway|5xx|ApiId|a1b2c3d4e5|Sum|answered with 5xx",
      "Latency, ms|AWS/ApiGateway|Latency|ApiId|a1b2c3d4e5|p50|half of them at most",
      "Latency, ms|AWS/ApiGateway|Latency|ApiId|a1b2c3d4e5|p99|99 % at most",
    ],
    alarms: [alarm("shop-failures-alarm")],
  });
});
