import { Bucket } from "../../components/data/bucket";
import { HttpApi } from "../../components/http/http-api";
import { BucketNotifications } from "../../components/lambda/bucket-notifications";
import { FunctionUrl } from "../../components/lambda/function-url";
import { eventRules } from "../../policy/events";
import { functionNamed } from "../support/functions";
import { changed, findings, made, testRules } from "./support";

const url = ["aws:lambda/functionUrl:FunctionUrl", "report"] as const;
const byApi = ["aws:lambda/permission:Permission", "shop-get-invoke"] as const;
const byBucket = ["aws:lambda/permission:Permission", "uploads-shrink-invoke"] as const;
const route = ["aws:apigatewayv2/route:Route", "shop-get"] as const;
const stage = ["aws:apigatewayv2/stage:Stage", "shop-stage"] as const;

const open = (given: string) =>
  `function-url-authorization report: authorizationType is ${given}: give "AWS_IAM", or put an HttpApi before the function`;

testRules(eventRules, () => {
  const called = functionNamed("called");
  new FunctionUrl("report", { function: called });
  new HttpApi("shop", { authorization: "AWS_IAM", routes: { "GET /": called } });
  new BucketNotifications("uploads", {
    bucket: new Bucket("uploads"),
    functions: { shrink: { function: called } },
  });
}, [
  [
    "a function URL is open",
    (all) => changed(all, url, "authorizationType", "NONE"),
    open('"NONE"'),
  ],
  [
    "a function URL does not say who may call",
    (all) => changed(all, url, "authorizationType", undefined),
    open("not set"),
  ],
  [
    "a function URL leads to what was written last",
    (all) => changed(all, url, "qualifier", undefined),
    "function-url-alias report: qualifier is not set: give an alias",
  ],
  [
    "a service may call for anybody",
    (all) => changed(all, byApi, "sourceArn", undefined),
    "lambda-permission-source shop-get-invoke: apigateway.amazonaws.com may call it for anybody: give the ARN of what calls in sourceArn",
  ],
  [
    "a bucket may be another account's",
    (all) => changed(all, byBucket, "sourceAccount", undefined),
    "lambda-permission-source uploads-shrink-invoke: a bucket's ARN does not say whose it is: give the account in sourceAccount",
  ],
  [
    "everybody may call a function",
    (all) => changed(all, byApi, "principal", "*"),
    'lambda-permission-public shop-get-invoke: principal is "*": name a service, an account or a role',
  ],
  [
    "a service may call what was written last",
    (all) => changed(all, byApi, "qualifier", undefined),
    "lambda-permission-alias shop-get-invoke: qualifier is not set: give an alias",
  ],
  [
    "a route does not say who may call",
    (all) => changed(all, route, "authorizationType", undefined),
    'api-route-authorization shop-get: authorizationType is not set: give "JWT" with an authorizer, "AWS_IAM", or "NONE" where everybody is to be let in',
  ],
  [
    "an API has no access log",
    (all) => changed(all, stage, "accessLogSettings", undefined),
    "api-access-log shop-stage: accessLogSettings is not set: give a log group and a format",
  ],
  [
    "an API has no limits",
    (all) => changed(all, stage, "defaultRouteSettings", undefined),
    "api-throttling shop-stage: defaultRouteSettings.throttlingRateLimit is not set: give a limit",
  ],
]);

test("an open URL is found once, not in its permissions too", async () => {
  const all = await made(
    () =>
      new FunctionUrl("report", { function: functionNamed("called"), authorizationType: "NONE" }),
  );
  expect(findings(eventRules, all)).toEqual([open('"NONE"')]);
});
