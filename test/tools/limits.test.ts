import { readFileSync } from "node:fs";
import { limitLines, limits, limitTable } from "../../tools/platform/limits";

const resource = (type: string, inputs: Readonly<Record<string, unknown>> = {}) => ({
  type,
  urn: `urn:${type}`,
  inputs,
});
const stack = (...resources: ReturnType<typeof resource>[]) => ({ deployment: { resources } });

test("the documentation has the table", () => {
  expect(readFileSync("docs/local-platform.md", "utf8")).toContain(limitTable());
});

test("nothing is said of a stack that asks for nothing of the kind", () => {
  expect(limitLines({})).toEqual([]);
  expect(
    limitLines(
      stack(
        resource("aws:sqs/queue:Queue"),
        resource("aws:apigatewayv2/route:Route", { authorizationType: "JWT" }),
        resource("aws:apigatewayv2/api:Api", { protocolType: "HTTP" }),
        resource("aws:lambda/functionUrl:FunctionUrl", { invokeMode: "BUFFERED" }),
        resource("aws:scheduler/schedule:Schedule", {
          target: { arn: "arn:aws:lambda:eu-central-1:123456789012:function:report" },
        }),
        resource("aws:cloudwatch/metricAlarm:MetricAlarm", { namespace: "AWS/SQS" }),
      ),
    ),
  ).toEqual([]);
});

test("what a stack asks for in vain is said once each", () => {
  expect(
    limitLines(
      stack(
        resource("aws:apigatewayv2/stage:Stage", {
          defaultRouteSettings: { throttlingRateLimit: 100 },
        }),
        resource("aws:apigatewayv2/stage:Stage", { routeSettings: [{ throttlingRateLimit: 1 }] }),
        resource("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "AWS_IAM" }),
        resource("aws:cloudwatch/metricAlarm:MetricAlarm", {
          metricQueries: [{ id: "sum" }, { metric: { namespace: "AWS/DynamoDB" } }],
        }),
        resource("aws:cloudwatch/eventTarget:EventTarget", {
          arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/shop",
        }),
      ),
    ),
  ).toEqual([
    "",
    "Not on the local platform (docs/local-platform.md):",
    "  AWS_IAM on a route or a function URL lets every signed request in: the signature is not checked.",
    "  Throttling of an API has no effect: every request is let through.",
    "  Targets other than functions, queues, topics, buses, streams and state machines get nothing: their events go to the dead-letter queue.",
    "  Alarms on throttling and errors of DynamoDB do not go off: the emulator has neither.",
  ]);
});

test("each limit is said of a type that the provider has", () => {
  for (const type of limits.flatMap(({ types }) => types)) {
    const [, path = "", name = ""] = /^aws:([\w/]+):(\w+)$/.exec(type) ?? [];
    expect(require(`@pulumi/aws/${path}`)[name].__pulumiType).toBe(type);
  }
});
