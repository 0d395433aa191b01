import type { Rule } from "./rule";
import { at, isThere, later, shown } from "./values";

const functionUrls = ["aws:lambda/functionUrl:FunctionUrl"];
const permissions = ["aws:lambda/permission:Permission"];
const stages = ["aws:apigatewayv2/stage:Stage"];

/** Rules for what calls functions. */
export const eventRules: readonly Rule[] = [
  {
    name: "function-url-authorization",
    description: "A function URL without authorization answers everybody who finds its address",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    types: functionUrls,
    check: ({ props }) => {
      const given = at(props, "authorizationType");
      if (given === later || given === "AWS_IAM") return [];
      return [
        `authorizationType is ${shown(given)}: give "AWS_IAM", or put an HttpApi before the function`,
      ];
    },
  },
  {
    name: "function-url-alias",
    description: "A URL without a qualifier runs $LATEST, which can't be taken back",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
    types: functionUrls,
    check: ({ props }) =>
      isThere(at(props, "qualifier")) ? [] : ["qualifier is not set: give an alias"],
  },
  {
    name: "lambda-permission-source",
    description: "Without a source any customer of a service could have it call the function",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    types: permissions,
    check: ({ props }) => {
      const principal = at(props, "principal");
      if (typeof principal !== "string" || !principal.endsWith(".amazonaws.com")) return [];
      return [
        ...(isThere(at(props, "sourceArn"))
          ? []
          : [`${principal} may call it for anybody: give the ARN of what calls in sourceArn`]),
        ...(principal !== "s3.amazonaws.com" || isThere(at(props, "sourceAccount"))
          ? []
          : ["a bucket's ARN does not say whose it is: give the account in sourceAccount"]),
      ];
    },
  },
  {
    name: "lambda-permission-public",
    description: "A permission for everybody lets any AWS account call the function",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    types: permissions,
    check: ({ props }) => {
      if (at(props, "principal") !== "*") return [];
      // Those of an open URL, of which another rule has its say, lead to nothing but the URL.
      const byUrl =
        isThere(at(props, "functionUrlAuthType")) || at(props, "invokedViaFunctionUrl") === true;
      return byUrl ? [] : ['principal is "*": name a service, an account or a role'];
    },
  },
  {
    name: "lambda-permission-alias",
    description:
      "A permission without a qualifier lets callers run $LATEST, which can't be taken back",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html",
    types: permissions,
    check: ({ props }) =>
      isThere(at(props, "qualifier")) ? [] : ["qualifier is not set: give an alias"],
  },
  {
    name: "api-route-authorization",
    description: "A route without authorization answers everybody who finds its address",
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
    types: ["aws:apigatewayv2/route:Route"],
    check: ({ props }) => {
      const given = at(props, "authorizationType");
      // NONE in plain words is a decision; left out it is an accident.
      if (isThere(given)) return [];
      return [
        'authorizationType is not set: give "JWT" with an authorizer, "AWS_IAM", or "NONE" where everybody is to be let in',
      ];
    },
  },
  {
    name: "api-access-log",
    description: "Without an access log nobody can say who called what, and what failed",
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html",
    types: stages,
    check: ({ props }) =>
      isThere(at(props, "accessLogSettings"))
        ? []
        : ["accessLogSettings is not set: give a log group and a format"],
  },
  {
    name: "api-throttling",
    description: "Without limits one caller takes the account's share of all APIs and functions",
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
    types: stages,
    check: ({ props }) =>
      isThere(at(props, "defaultRouteSettings", "throttlingRateLimit"))
        ? []
        : ["defaultRouteSettings.throttlingRateLimit is not set: give a limit"],
  },
];
