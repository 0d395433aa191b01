import type { GatewayController } from "./cluster";
import { servicePort } from "./network";

/** What {@link httpRouteSpec} makes an HTTPRoute of. */
export interface HttpRouteArgs {
  readonly gateway: GatewayController["gateway"];
  readonly service: string;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly timeoutSeconds: number;
}

/** @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security */
const strictTransportSecurity = { name: "Strict-Transport-Security", value: "max-age=31536000" };

/**
 * An HTTPRoute that leads every path of every host to the service. It takes requests from the
 * Gateway's listener `https` alone, and tells browsers to come over TLS for a year.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/httproute/
 */
export function httpRouteSpec({ gateway, service, hosts, paths, timeoutSeconds }: HttpRouteArgs) {
  return {
    parentRefs: [{ ...gateway, sectionName: "https" }],
    hostnames: [...hosts],
    rules: [
      {
        matches: paths.map((value) => ({ path: { type: "PathPrefix", value } })),
        filters: [
          {
            type: "ResponseHeaderModifier",
            responseHeaderModifier: { set: [strictTransportSecurity] },
          },
        ],
        backendRefs: [{ name: service, port: servicePort }],
        timeouts: { request: `${timeoutSeconds}s` },
      },
    ],
  };
}

/**
 * An HTTPRoute that sends whoever comes without TLS, to the Gateway's listener `http`, to the same
 * place with it.
 * @see https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/
 */
export function redirectSpec({ gateway, hosts }: Pick<HttpRouteArgs, "gateway" | "hosts">) {
  return {
    parentRefs: [{ ...gateway, sectionName: "http" }],
    hostnames: [...hosts],
    rules: [
      {
        filters: [
          { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
        ],
      },
    ],
  };
}
