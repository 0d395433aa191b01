import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { matching, oneOf, text, trueOrFalse, wholeNumber } from "../rules";

/**
 * Which web pages may call from their visitors' browsers. It keeps nobody else from calling: that
 * is for the authorization.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export interface Cors {
  /** Origins, like `https://shop.example.com`; `*` for any page. */
  readonly allowOrigins: readonly pulumi.Input<string>[];
  /** Methods, like `GET`; `*` for all. */
  readonly allowMethods: readonly string[];
  /**
   * Headers that a page may send.
   * @default only those that need no permission
   */
  readonly allowHeaders?: readonly string[];
  /**
   * Headers of the answer that a page may read.
   * @default only those that need no permission
   */
  readonly exposeHeaders?: readonly string[];
  /**
   * Whether the browser sends cookies; not with the origin `*`.
   * @default false
   */
  readonly allowCredentials?: boolean;
  /**
   * For how many seconds a browser remembers the permission, 0 to 86400.
   * @default 300
   */
  readonly maxAgeSeconds?: number;
}

/**
 * Checks a component's `cors`.
 * @returns what API Gateway and function URLs both take; undefined where it is not given
 */
export function checkCors(check: ArgumentCheck, cors: Cors | undefined) {
  if (cors === undefined) return undefined;
  check.known<Cors>(
    cors,
    {
      allowOrigins: true,
      allowMethods: true,
      allowHeaders: true,
      exposeHeaders: true,
      allowCredentials: true,
      maxAgeSeconds: true,
    },
    "cors.",
  );
  const { allowCredentials = false } = cors;
  check.plain("cors.allowCredentials", allowCredentials, trueOrFalse);
  const allowOrigins = check.list("cors.allowOrigins", cors.allowOrigins);
  const allowMethods = check.listOf("cors.allowMethods", cors.allowMethods, methods);
  const allowHeaders = check.listOf("cors.allowHeaders", cors.allowHeaders, text);
  const exposeHeaders = check.listOf("cors.exposeHeaders", cors.exposeHeaders, text);
  if (allowOrigins.length === 0) check.problem("cors.allowOrigins is missing: give an origin");
  if (allowMethods.length === 0) check.problem("cors.allowMethods is missing: give a method");
  if (allowCredentials && allowOrigins.includes("*")) {
    check.problem("cors allows credentials to every origin, which browsers refuse: name them");
  }
  const maxAge = cors.maxAgeSeconds ?? 300;
  check.input("cors.maxAgeSeconds", maxAge, wholeNumber(0, 86_400, "seconds"));
  return {
    allowOrigins: allowOrigins.map((each, i) =>
      check.required(`cors.allowOrigins[${i}]`, each, origin),
    ),
    allowMethods: [...allowMethods],
    ...(allowHeaders.length > 0 && { allowHeaders: [...allowHeaders] }),
    ...(exposeHeaders.length > 0 && { exposeHeaders: [...exposeHeaders] }),
    allowCredentials,
    maxAge,
  };
}

const methods = oneOf<string>("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "*");
const origin = matching(
  /^(\*|https?:\/\/[^\s/]+)$/,
  "a scheme and a host without a path, like https://shop.example.com, or *",
);
