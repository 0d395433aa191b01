import { checkRouteKey, routeName, routeResource } from "../../../components/http/route-key";
import { problemsOf } from "../../support/refusals";

const noPart = (key: string, part: string) =>
  `routes has "${key}", in which "${part}" is no part of a path: give text or {name}, as the last part also {name+}`;
const noKey = (key: string) =>
  `routes has "${key}": give a method and a path, like "GET /orders/{id}" or "ANY /files/{rest+}", or "$default"`;

describe("a route's key", () => {
  test.each([
    ["$default", "default", "$default"],
    ["GET /", "get", "GET/"],
    ["GET /orders/{id}", "get-orders-id", "GET/orders/{id}"],
    ["ANY /files/{rest+}", "any-files-rest", "*/files/{rest+}"],
    ["DELETE /a.b/c_d/~e", "delete-a-b-c_d-e", "DELETE/a.b/c_d/~e"],
  ] as const)("takes %s, names its resources %s, and its permission %s", (key, name, resource) => {
    expect(problemsOf((check) => checkRouteKey(check, key))).toEqual([]);
    expect(routeName(key)).toBe(name);
    expect(routeResource(key)).toBe(resource);
  });

  test.each([
    ["/orders", noKey("/orders")],
    ["get /orders", noKey("get /orders")],
    ["GET orders", noKey("GET orders")],
    ["GET /orders here", noKey("GET /orders here")],
    ["GET /orders/{id", noPart("GET /orders/{id", "{id")],
    ["GET /orders/x{id}", noPart("GET /orders/x{id}", "x{id}")],
    ["GET /{rest+}/orders", noPart("GET /{rest+}/orders", "{rest+}")],
    ["GET //orders", noPart("GET //orders", "")],
    ["GET /orders/", noPart("GET /orders/", "")],
  ])("fails when it is %s", (key, problem) => {
    expect(problemsOf((check) => checkRouteKey(check, key))).toEqual([problem]);
  });
});
