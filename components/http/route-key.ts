import type { ArgumentCheck } from "../arguments";

/**
 * What a route answers: a method, or `ANY` for all, and a path; `$default` is what no other route
 * answers. `{id}` stands for a part of the path, `{rest+}` at its end for all that follows.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export type RouteKey = "$default" | `${Method} /${string}`;

type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "ANY";

const form = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|ANY) (\/\S*)$/;
const part = /^([A-Za-z0-9._~:@!$&'()*+,;=-]+|\{[A-Za-z0-9._-]+\})$/;
const rest = /^\{[A-Za-z0-9._-]+\+\}$/;

/** Checks the key of a route. */
export function checkRouteKey(check: ArgumentCheck, key: string): void {
  if (key === "$default") return;
  const [, , path] = form.exec(key) ?? [];
  if (path === undefined) {
    check.problem(
      `routes has "${key}": give a method and a path, like "GET /orders/{id}" or "ANY /files/{rest+}", or "$default"`,
    );
    return;
  }
  const parts = path.slice(1).split("/");
  const wrong = parts.find(
    (each, i) => path !== "/" && !part.test(each) && !(i === parts.length - 1 && rest.test(each)),
  );
  if (wrong !== undefined) {
    check.problem(
      `routes has "${key}", in which "${wrong}" is no part of a path: give text or {name}, as the last part also {name+}`,
    );
  }
}

/** What the resources of a route are named: `get-orders-id` for `GET /orders/{id}`. */
export function routeName(key: RouteKey): string {
  return key
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-|-$/g, "");
}

/**
 * What of an API a route is, as permissions name it: `GET/orders/{id}`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function routeResource(key: RouteKey): string {
  return key.replace(/^ANY /, "*").replace(" ", "");
}
