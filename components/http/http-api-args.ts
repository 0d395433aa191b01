import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { LambdaFunction } from "../lambda/lambda-function";
import { checkAlarmActions } from "../monitoring/alarm";
import { arn, componentName, logRetentionDays, matching, text, wholeNumber } from "../rules";
import { shown } from "../values";
import { type Cors, checkCors } from "./cors";
import { checkRouteKey, type RouteKey, routeName } from "./route-key";

/** A JSON web token that a request has to bring, in the header `Authorization`. */
export interface Jwt {
  /** Who gave it, as the token's `iss` says: the address of an OpenID provider. */
  readonly issuer: pulumi.Input<string>;
  /** For whom: one of these is the token's `aud`, or its `client_id`. */
  readonly audiences: readonly pulumi.Input<string>[];
  /**
   * What for: the token's `scope` has one of these.
   * @default any
   */
  readonly scopes?: readonly string[];
}

/**
 * Who may call: whoever brings a token, `AWS_IAM` for who signs the request and has the
 * permission, `NONE` for everybody.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
 */
export type Authorization = Jwt | "AWS_IAM" | "NONE";

/** How many requests are let through; others are answered with 429. */
export interface Throttling {
  /** Requests in a second, in the long run. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
}

/** What a route leads to, where it differs from the API's other routes. */
export interface HttpRoute {
  /** What answers. */
  readonly function: LambdaFunction;
  /**
   * Who may call it.
   * @default the API's `authorization`
   */
  readonly authorization?: Authorization;
  /**
   * How many requests it lets through.
   * @default the API's `throttling`
   */
  readonly throttling?: Throttling;
}

/** A domain of one's own. */
export interface ApiDomain {
  /** The name, like `api.example.com`. Its DNS record is not made: see {@link HttpApi.domainName}. */
  readonly name: pulumi.Input<string>;
  /** ARN of its certificate in ACM, of the same region. */
  readonly certificateArn: pulumi.Input<string>;
}

/** Arguments of {@link HttpApi}. */
export interface HttpApiArgs {
  /**
   * Which function answers what.
   * @example routes: { "GET /orders/{id}": show, "POST /orders": { function: place, throttling: { rateLimit: 10, burstLimit: 20 } } }
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
   */
  readonly routes: { readonly [Key in RouteKey]?: LambdaFunction | HttpRoute };
  /** Who may call the routes that say nothing else. An open API has to be asked for: `"NONE"`. */
  readonly authorization: Authorization;
  /**
   * Which web pages may call. API Gateway itself answers what their browsers ask first.
   * @default none
   */
  readonly cors?: Cors;
  /**
   * How many requests each route lets through that says nothing else.
   * @default { rateLimit: 100, burstLimit: 200 }
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
   */
  readonly throttling?: Throttling;
  /**
   * A domain of one's own; the address of AWS then no longer answers.
   * @default none: the address of AWS
   */
  readonly domain?: ApiDomain;
  /**
   * For how many days the access log is kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * ARNs of what is told when requests are answered with 5xx, and when that is over: best an
   * {@link AlarmTopic}'s.
   * @default none, and no alarm is made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/** A route with all that it leaves out filled in. */
export interface CheckedRoute extends HttpRoute {
  readonly routeKey: RouteKey;
  /** What its resources are named, after the API. */
  readonly name: string;
  readonly authorization: Authorization;
}

/**
 * Checks the arguments of an API, and fills in what they leave out.
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkArguments(type: string, name: string, args: HttpApiArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<HttpApiArgs>(args, {
    routes: true,
    authorization: true,
    cors: true,
    throttling: true,
    domain: true,
    logRetentionDays: true,
    alarmActions: true,
  });
  // API Gateway and CloudWatch take 128 and more; what routes add is checked with them.
  check.input("name", name, componentName(50));
  const retention = args.logRetentionDays ?? 30;
  check.input("logRetentionDays", retention, logRetentionDays);
  checkAuthorization(check, "authorization", args.authorization);
  const checked = {
    routes: checkRoutes(check, args),
    cors: checkCors(check, args.cors),
    throttling: checkThrottling(check, "throttling", args.throttling) ?? {
      rateLimit: 100,
      burstLimit: 200,
    },
    domain: checkDomain(check, args.domain),
    logRetentionDays: retention,
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  check.throwIfAny();
  return checked;
}

function checkRoutes(check: ArgumentCheck, args: HttpApiArgs): readonly CheckedRoute[] {
  const given = Object.entries(check.map("routes", args.routes)) as [
    RouteKey,
    LambdaFunction | HttpRoute,
  ][];
  if (given.length === 0) check.problem('routes is empty: give one, like "GET /orders"');
  const byName = new Map<string, RouteKey>();
  return given.map(([routeKey, to]) => {
    const path = `routes["${routeKey}"]`;
    checkRouteKey(check, routeKey);
    const name = routeName(routeKey);
    const other = byName.get(name);
    byName.set(name, routeKey);
    if (other !== undefined) {
      check.problem(
        `routes "${other}" and "${routeKey}" differ by signs alone, and would share a name: rename one`,
      );
    }
    const route = to instanceof LambdaFunction ? { function: to } : to;
    check.known<HttpRoute>(
      route,
      { function: true, authorization: true, throttling: true },
      `${path}.`,
    );
    if (!(route.function instanceof LambdaFunction)) {
      check.problem(`${path}.function is missing: give a LambdaFunction`);
    }
    if (route.authorization !== undefined) {
      checkAuthorization(check, `${path}.authorization`, route.authorization);
    }
    checkThrottling(check, `${path}.throttling`, route.throttling);
    return { authorization: args.authorization, ...route, routeKey, name };
  });
}

function checkAuthorization(check: ArgumentCheck, path: string, given: Authorization): void {
  if (given === "AWS_IAM" || given === "NONE") return;
  if (typeof given !== "object" || given === null) {
    const what = given === undefined ? "missing" : shown(given);
    check.problem(
      `${path} is ${what}: give { issuer, audiences } for tokens, "AWS_IAM", or "NONE" to let everybody in`,
    );
    return;
  }
  check.known<Jwt>(given, { issuer: true, audiences: true, scopes: true }, `${path}.`);
  check.required(`${path}.issuer`, given.issuer, issuer);
  const audiences = check.list(`${path}.audiences`, given.audiences);
  for (const [i, each] of audiences.entries())
    check.required(`${path}.audiences[${i}]`, each, text);
  check.listOf(`${path}.scopes`, given.scopes, text);
  if (audiences.length === 0) check.problem(`${path}.audiences is missing: give one at least`);
}

const issuer = matching(
  /^https:\/\/[^\s?#]+$/,
  "the https address of an OpenID provider, like https://login.example.com/",
);

function checkThrottling(check: ArgumentCheck, path: string, given: Throttling | undefined) {
  if (given === undefined) return undefined;
  check.known<Throttling>(given, { rateLimit: true, burstLimit: true }, `${path}.`);
  check.required(
    `${path}.rateLimit`,
    given.rateLimit,
    wholeNumber(1, 10_000, "requests per second"),
  );
  check.required(`${path}.burstLimit`, given.burstLimit, wholeNumber(1, 5_000, "requests"));
  return given;
}

function checkDomain(check: ArgumentCheck, domain: ApiDomain | undefined) {
  if (domain === undefined) return undefined;
  check.known<ApiDomain>(domain, { name: true, certificateArn: true }, "domain.");
  return {
    name: check.required(
      "domain.name",
      domain.name,
      matching(
        /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
        "a name in small letters, like api.example.com",
      ),
    ),
    certificateArn: check.required("domain.certificateArn", domain.certificateArn, arn("acm")),
  };
}
