import * as apigateway from "@pulumi/aws/apigatewayv2";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { InvalidArgumentsError } from "../arguments";
import { environmentName, type Grant } from "../iam/grant";
import { allowInvoke } from "../lambda/permission";
import { createAlarm } from "../monitoring/alarm";
import type { Health } from "../monitoring/health";
import {
  type Authorization,
  type CheckedRoute,
  checkArguments,
  type HttpApiArgs,
  type Jwt,
} from "./http-api-args";
import { httpApiHealth } from "./http-api-health";
import { type RouteKey, routeResource } from "./route-key";

const type = "groundwork:http:HttpApi";

/**
 * An HTTP API in Amazon API Gateway whose routes lead to functions, each by its alias `live`: closed
 * unless it says otherwise, throttled, with an access log that has an end.
 *
 * Children: `name` (the API), `name-logs`, `name-stage`; for each route, which is named like
 * `get-orders-id`, `name-route` (the route and its integration) and `name-route-invoke` (the
 * permission); `name-jwt` and `name-route-jwt` for tokens; `name-domain` and `name-mapping` for a
 * domain; and `name-failures-alarm` where there is somebody to tell.
 *
 * @example
 * new HttpApi("shop", {
 *   authorization: { issuer: "https://login.example.com/", audiences: ["shop"] },
 *   routes: {
 *     "GET /orders/{id}": show,
 *     "GET /health": { function: health, authorization: "NONE" },
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 */
export class HttpApi extends pulumi.ComponentResource {
  /** The API itself. */
  readonly api: apigateway.Api;
  /** The address, without a slash at its end. */
  readonly url: pulumi.Output<string>;
  /** Where the access log goes, a line of JSON for each request. */
  readonly logGroup: cloudwatch.LogGroup;
  /**
   * The domain, where there is one: its DNS record is an alias of
   * `domainNameConfiguration.targetDomainName`, in the zone of `domainNameConfiguration.hostedZoneId`.
   */
  readonly domainName: apigateway.DomainName | undefined;

  private readonly name: string;
  private readonly alarms: Health["alarms"];
  /** The routes that take signed requests. */
  private readonly signed: readonly RouteKey[];

  /** @throws {InvalidArgumentsError} for routes, limits and the like that API Gateway refuses */
  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkArguments(type, name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.logGroup = new cloudwatch.LogGroup(
      `${name}-logs`,
      { retentionInDays: checked.logRetentionDays },
      parent,
    );
    this.api = new apigateway.Api(
      name,
      {
        protocolType: "HTTP",
        corsConfiguration: checked.cors,
        // Nobody is to get around the domain, and what may stand before it.
        disableExecuteApiEndpoint: checked.domain !== undefined,
      },
      parent,
    );
    const routes = this.createRoutes(name, args.authorization, checked.routes);
    const stage = new apigateway.Stage(
      `${name}-stage`,
      {
        apiId: this.api.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: this.logGroup.arn, format: accessLogFormat },
        defaultRouteSettings: limits(checked.throttling),
        routeSettings: checked.routes.flatMap(({ routeKey, throttling }) =>
          throttling === undefined ? [] : [{ routeKey, ...limits(throttling) }],
        ),
      },
      // It refuses settings of routes that are not there.
      { ...parent, dependsOn: routes },
    );
    this.url = this.api.apiEndpoint;
    if (checked.domain !== undefined) {
      this.domainName = new apigateway.DomainName(
        `${name}-domain`,
        {
          domainName: checked.domain.name,
          domainNameConfiguration: {
            certificateArn: checked.domain.certificateArn,
            endpointType: "REGIONAL",
            securityPolicy: "TLS_1_2",
          },
        },
        parent,
      );
      const mapping = new apigateway.ApiMapping(
        `${name}-mapping`,
        { apiId: this.api.id, stage: stage.name, domainName: this.domainName.id },
        parent,
      );
      this.url = pulumi.interpolate`https://${mapping.domainName}`;
    }
    const alarms = [];
    if (checked.alarmActions.length > 0) {
      const alarm = createAlarm(
        `${name}-failures-alarm`,
        {
          description: pulumi.interpolate`Requests to ${this.api.name} are answered with 5xx: its log ${this.logGroup.name} says which and why`,
          namespace: "AWS/ApiGateway",
          metricName: "5xx",
          dimensions: { ApiId: this.api.id },
          statistic: "Sum",
          threshold: 0,
          actions: checked.alarmActions,
        },
        parent,
      );
      alarms.push(alarm.arn);
    }

    this.name = name;
    this.alarms = alarms;
    this.signed = checked.routes
      .filter(({ authorization }) => authorization === "AWS_IAM")
      .map(({ routeKey }) => routeKey);
    this.registerOutputs({ url: this.url });
  }

  /**
   * What it takes to call a route with signed requests (`AWS_IAM`). Environment: `NAME_API_URL`.
   * @throws {InvalidArgumentsError} for a route that the API does not have, or that takes no signed
   * requests
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
   */
  grantInvoke(route: RouteKey): Grant {
    if (!this.signed.includes(route)) {
      throw new InvalidArgumentsError(`${type} "${this.name}"`, [
        `it has no route "${route}" with the authorization AWS_IAM: give one of ${this.signed.join(", ") || "those, once there are some"}`,
      ]);
    }
    // In a request there is a value where the route has {id}, and $default is every path.
    const resource = route === "$default" ? "*" : routeResource(route).replace(/\{[^}]*\}/g, "*");
    return {
      statements: [
        {
          actions: ["execute-api:Invoke"],
          resources: [pulumi.interpolate`${this.api.executionArn}/$default/${resource}`],
        },
      ],
      environment: { [environmentName(this.name, "API_URL")]: this.url },
    };
  }

  /** How the API is, for a {@link Dashboard}. */
  health(): Health {
    return httpApiHealth(this.name, this.api.id, this.alarms);
  }

  /** The routes, each with what it leads to, who may call it, and the permission to. */
  private createRoutes(
    name: string,
    usual: Authorization,
    routes: readonly CheckedRoute[],
  ): apigateway.Route[] {
    const parent = { parent: this };
    // Made once for all routes that ask for the same token, and only where one does.
    const isUsual = (route: CheckedRoute) => route.authorization === usual;
    const usualJwt =
      isJwt(usual) && routes.some(isUsual)
        ? this.createAuthorizer(`${name}-jwt`, usual)
        : undefined;
    return routes.map((route) => {
      const routeName = `${name}-${route.name}`;
      const { authorization } = route;
      const integration = new apigateway.Integration(
        routeName,
        {
          apiId: this.api.id,
          integrationType: "AWS_PROXY",
          integrationUri: route.function.arn,
          payloadFormatVersion: "2.0",
        },
        parent,
      );
      const permission = allowInvoke(
        `${routeName}-invoke`,
        route.function,
        {
          service: "apigateway.amazonaws.com",
          arn: pulumi.interpolate`${this.api.executionArn}/*/${routeResource(route.routeKey)}`,
        },
        parent,
      );
      return new apigateway.Route(
        routeName,
        {
          apiId: this.api.id,
          routeKey: route.routeKey,
          target: pulumi.interpolate`integrations/${integration.id}`,
          ...this.authorizationOf(routeName, authorization, isUsual(route) && usualJwt),
        },
        { ...parent, dependsOn: permission },
      );
    });
  }

  /** @param shared the authorizer of the API, where that is the route's */
  private authorizationOf(
    routeName: string,
    authorization: Authorization,
    shared: apigateway.Authorizer | false | undefined,
  ) {
    if (!isJwt(authorization)) return { authorizationType: authorization };
    const authorizer = shared || this.createAuthorizer(`${routeName}-jwt`, authorization);
    return {
      authorizationType: "JWT",
      authorizerId: authorizer.id,
      authorizationScopes: [...(authorization.scopes ?? [])],
    };
  }

  private createAuthorizer(name: string, { issuer, audiences }: Jwt): apigateway.Authorizer {
    return new apigateway.Authorizer(
      name,
      {
        apiId: this.api.id,
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer, audiences: [...audiences] },
      },
      { parent: this },
    );
  }
}

function isJwt(authorization: Authorization): authorization is Jwt {
  return typeof authorization === "object";
}

/** Each route tells its own numbers: without them nobody sees which one fails. */
function limits({ rateLimit, burstLimit }: { rateLimit: number; burstLimit: number }) {
  return {
    throttlingRateLimit: rateLimit,
    throttlingBurstLimit: burstLimit,
    detailedMetricsEnabled: true,
  };
}

/**
 * A line of the access log. It holds no header and no query, where secrets may be.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const accessLogFormat = JSON.stringify({
  requestTime: "$context.requestTime",
  requestId: "$context.requestId",
  sourceIp: "$context.identity.sourceIp",
  routeKey: "$context.routeKey",
  path: "$context.path",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationStatus: "$context.integration.status",
  error: "$context.error.message",
  integrationError: "$context.integrationErrorMessage",
  authorizerError: "$context.authorizer.error",
});
