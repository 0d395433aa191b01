import { HttpApi } from "../../../components/http/http-api";
import type { HttpApiArgs } from "../../../components/http/http-api-args";
import type { LambdaFunction } from "../../../components/lambda/lambda-function";
import { record } from "../../../components/testing";
import { aliasOf, functionNamed, invocationBy } from "../../support/functions";
import { unusable } from "../../support/refusals";

const type = "groundwork:http:HttpApi";
const api = "aws:apigatewayv2/api:Api";
const stage = "aws:apigatewayv2/stage:Stage";
const route = "aws:apigatewayv2/route:Route";
const integration = "aws:apigatewayv2/integration:Integration";
const authorizer = "aws:apigatewayv2/authorizer:Authorizer";
const domainName = "aws:apigatewayv2/domainName:DomainName";
const mapping = "aws:apigatewayv2/apiMapping:ApiMapping";
const permission = "aws:lambda/permission:Permission";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const apiId = "a1b2c3d4e5";
const execution = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5";
const awsUrl = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
const login = { issuer: "https://login.example.com/", audiences: ["shop"] };
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1";
const limits = (throttlingRateLimit: number, throttlingBurstLimit: number) => ({
  throttlingRateLimit,
  throttlingBurstLimit,
  detailedMetricsEnabled: true,
});

const recordApi = (args: (shop: LambdaFunction) => Partial<HttpApiArgs> = () => ({})) =>
  record(() => {
    const shop = functionNamed("answer");
    const made = new HttpApi("shop", {
      authorization: login,
      routes: { "GET /orders/{id}": shop },
      ...args(shop),
    });
    return {
      url: made.url,
      api: made.api.id,
      logGroup: made.logGroup.name,
      domain: made.domainName?.id,
    };
  });

describe("HttpApi", () => {
  test("default asks for a token, has limits and an access log, and calls the alias", async () => {
    const recording = await recordApi();

    expect(recording.one(type, "shop").inputs).toEqual({});
    expect([...recording.childrenOf(type, "shop")].sort()).toEqual([
      `${api} shop`,
      `${authorizer} shop-jwt`,
      `${integration} shop-get-orders-id`,
      `${route} shop-get-orders-id`,
      `${stage} shop-stage`,
      `${logGroup} shop-logs`,
      `${permission} shop-get-orders-id-invoke`,
    ]);
    expect(recording.one(api, "shop").inputs).toEqual({
      protocolType: "HTTP",
      disableExecuteApiEndpoint: false,
    });
    expect(recording.one(logGroup, "shop-logs").inputs).toEqual({ retentionInDays: 30 });
    expect(recording.one(authorizer, "shop-jwt").inputs).toEqual({
      apiId,
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: login,
    });
    expect(recording.one(integration, "shop-get-orders-id").inputs).toEqual({
      apiId,
      integrationType: "AWS_PROXY",
      integrationUri: aliasOf("answer"),
      payloadFormatVersion: "2.0",
    });
    expect(recording.one(permission, "shop-get-orders-id-invoke").inputs).toEqual(
      invocationBy("answer", "apigateway.amazonaws.com", `${execution}/*/GET/orders/{id}`),
    );
    expect(recording.one(route, "shop-get-orders-id").inputs).toEqual({
      apiId,
      routeKey: "GET /orders/{id}",
      target: "integrations/shop-get-orders-id-1234567-id",
      authorizationType: "JWT",
      authorizerId: "shop-jwt-1234567-id",
      authorizationScopes: [],
    });
    const { accessLogSettings, ...settings } = recording.one(stage, "shop-stage").inputs;
    expect(settings).toEqual({
      apiId,
      name: "$default",
      autoDeploy: true,
      defaultRouteSettings: limits(100, 200),
      routeSettings: [],
    });
    const { destinationArn, format } = accessLogSettings as Record<string, string>;
    expect(destinationArn).toBe(
      "arn:aws:logs:eu-central-1:123456789012:log-group:shop-logs-1234567",
    );
    expect(JSON.parse(String(format))).toEqual({
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
    expect(recording.one(stage, "shop-stage").dependencies).toContain(
      `${route} shop-get-orders-id`,
    );
    expect(recording.outputs).toEqual({ url: awsUrl, api: apiId, logGroup: "shop-logs-1234567" });
  });

  test("custom has its own answer for each route, web pages, a domain, and tells somebody", async () => {
    const alarms = "arn:aws:sns:eu-central-1:123456789012:alarms";
    const staff = { issuer: "https://staff.example.com", audiences: ["a", "b"], scopes: ["write"] };
    const recording = await recordApi((shop) => ({
      authorization: "AWS_IAM",
      routes: {
        "POST /orders": { function: shop, throttling: { rateLimit: 5, burstLimit: 10 } },
        "PUT /orders/{id}": { function: shop, authorization: staff },
        "GET /health": { function: shop, authorization: "NONE" },
        $default: shop,
      },
      cors: { allowOrigins: ["https://shop.example.com"], allowMethods: ["GET"] },
      throttling: { rateLimit: 10_000, burstLimit: 5_000 },
      domain: { name: "api.example.com", certificateArn },
      logRetentionDays: 90,
      alarmActions: [alarms],
    }));

    expect(recording.one(api, "shop").inputs).toEqual({
      protocolType: "HTTP",
      corsConfiguration: {
        allowOrigins: ["https://shop.example.com"],
        allowMethods: ["GET"],
        allowCredentials: false,
        maxAge: 300,
      },
      disableExecuteApiEndpoint: true,
    });
    expect(recording.one(logGroup, "shop-logs").inputs).toEqual({ retentionInDays: 90 });
    expect(recording.one(stage, "shop-stage").inputs).toMatchObject({
      defaultRouteSettings: limits(10_000, 5_000),
      routeSettings: [{ routeKey: "POST /orders", ...limits(5, 10) }],
    });
    const authorizationOf = (name: string) =>
      recording.one(route, `shop-${name}`).inputs["authorizationType"];
    expect(authorizationOf("post-orders")).toBe("AWS_IAM");
    expect(authorizationOf("put-orders-id")).toBe("JWT");
    expect(authorizationOf("get-health")).toBe("NONE");
    expect(authorizationOf("default")).toBe("AWS_IAM");
    expect(recording.one(route, "shop-put-orders-id").inputs).toMatchObject({
      authorizerId: "shop-put-orders-id-jwt-1234567-id",
      authorizationScopes: ["write"],
    });
    expect(
      recording.ofType(authorizer).map(({ name, inputs }) => [name, inputs["jwtConfiguration"]]),
    ).toEqual([["shop-put-orders-id-jwt", { issuer: staff.issuer, audiences: ["a", "b"] }]]);
    expect(recording.ofType(permission).map(({ inputs }) => inputs["sourceArn"])).toEqual([
      `${execution}/*/POST/orders`,
      `${execution}/*/PUT/orders/{id}`,
      `${execution}/*/GET/health`,
      `${execution}/*/$default`,
    ]);
    expect(recording.one(domainName, "shop-domain").inputs).toEqual({
      domainName: "api.example.com",
      domainNameConfiguration: {
        certificateArn,
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
      },
    });
    expect(recording.one(mapping, "shop-mapping").inputs).toEqual({
      apiId,
      stage: "$default",
      domainName: "shop-domain-1234567-id",
    });
    expect(recording.one(alarm, "shop-failures-alarm").inputs).toMatchObject({
      namespace: "AWS/ApiGateway",
      metricName: "5xx",
      dimensions: { ApiId: apiId },
      statistic: "Sum",
      threshold: 0,
      alarmActions: [alarms],
    });
  });

  test("shares the authorizer among routes of the same token", async () => {
    const recording = await recordApi((shop) => ({
      routes: { "GET /a": shop, "GET /b": { function: shop, authorization: login } },
    }));
    expect(recording.ofType(authorizer).map(({ name }) => name)).toEqual(["shop-jwt"]);
    expect(recording.ofType(route).map(({ inputs }) => inputs["authorizerId"])).toEqual([
      "shop-jwt-1234567-id",
      "shop-jwt-1234567-id",
    ]);
  });

  test("makes no authorizer for tokens that no route asks for", async () => {
    const recording = await recordApi((shop) => ({
      routes: { "GET /health": { function: shop, authorization: "NONE" } },
    }));
    expect(recording.ofType(authorizer)).toEqual([]);
  });

  test("lets one route be called with signed requests", async () => {
    const { outputs } = await record(() => {
      const shop = functionNamed("answer");
      const made = new HttpApi("shop", {
        authorization: "AWS_IAM",
        routes: { "GET /orders/{id}/items/{rest+}": shop, "ANY /orders": shop, $default: shop },
      });
      return {
        route: made.grantInvoke("GET /orders/{id}/items/{rest+}"),
        any: made.grantInvoke("ANY /orders").statements,
        rest: made.grantInvoke("$default").statements,
      };
    });
    const invoking = (resource: string) => [
      { actions: ["execute-api:Invoke"], resources: [`${execution}/$default/${resource}`] },
    ];
    expect(outputs).toEqual({
      route: {
        statements: invoking("GET/orders/*/items/*"),
        environment: { SHOP_API_URL: awsUrl },
      },
      any: invoking("*/orders"),
      rest: invoking("*"),
    });
  });

  test.each(["GET /ordres", "GET /health"] as const)(
    "fails when %s, which takes no signed requests, is granted",
    async (route) => {
      const failure = record(() => {
        const shop = functionNamed("answer");
        const health = { function: shop, authorization: "NONE" } as const;
        new HttpApi("shop", {
          authorization: "AWS_IAM",
          routes: { "GET /orders": shop, "GET /health": health },
        }).grantInvoke(route);
      });
      await expect(failure).rejects.toThrow(
        new Error(
          unusable(
            type,
            "shop",
            `it has no route "${route}" with the authorization AWS_IAM: give one of GET /orders`,
          ),
        ),
      );
    },
  );

  test("fails when API Gateway would refuse it, with all of it", async () => {
    const failure = recordApi((shop) => ({
      authorization: "OPEN" as never,
      routes: {
        "GET /a-b": shop,
        "GET /a/b": shop,
        "FETCH /x": shop,
        "GET /c": {} as never,
        "GET /d": { function: shop, authorization: { issuer: "login", audiences: [] } },
        "GET /e": { function: shop, throttling: { rateLimit: 0, burstLimit: 5_001 } },
      } as never,
      throttling: { rateLimit: 10_001, burstLimit: 0 },
      domain: { name: "API.example.com", certificateArn: "mine" },
      logRetentionDays: 31,
    }));
    await expect(failure).rejects.toThrow(
      new Error(
        unusable(
          type,
          "shop",
          "logRetentionDays is 31: give one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
          'authorization is "OPEN": give { issuer, audiences } for tokens, "AWS_IAM", or "NONE" to let everybody in',
          'routes "GET /a-b" and "GET /a/b" differ by signs alone, and would share a name: rename one',
          'routes has "FETCH /x": give a method and a path, like "GET /orders/{id}" or "ANY /files/{rest+}", or "$default"',
          'routes["GET /c"].function is missing: give a LambdaFunction',
          'routes["GET /d"].authorization.issuer is "login": give the https address of an OpenID provider, like https://login.example.com/',
          'routes["GET /d"].authorization.audiences is missing: give one at least',
          'routes["GET /e"].throttling.rateLimit is 0: give a whole number from 1 to 10000 requests per second',
          'routes["GET /e"].throttling.burstLimit is 5001: give a whole number from 1 to 5000 requests',
          "throttling.rateLimit is 10001: give a whole number from 1 to 10000 requests per second",
          "throttling.burstLimit is 0: give a whole number from 1 to 5000 requests",
          'domain.name is "API.example.com": give a name in small letters, like api.example.com',
          'domain.certificateArn is "mine": give the ARN of a resource of acm, like arn:aws:acm:...',
        ),
      ),
    );
  });

  test("fails when it has no routes, and when nobody says who may call", async () => {
    const failure = recordApi(() => ({ routes: {}, authorization: undefined as never }));
    await expect(failure).rejects.toThrow(
      new Error(
        unusable(
          type,
          "shop",
          'authorization is missing: give { issuer, audiences } for tokens, "AWS_IAM", or "NONE" to let everybody in',
          'routes is empty: give one, like "GET /orders"',
        ),
      ),
    );
  });
});
