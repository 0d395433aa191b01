import type { types } from "@pulumi/kubernetes";
import type { ArgumentCheck } from "../arguments";
import { matching, wholeNumber } from "../rules";

/**
 * By what requests are told apart, so that the same always come to the same pod, and that a pod
 * more or less moves few of them: a header, a cookie that the controller sets where there is none,
 * or the address they come from.
 */
export type HashOn =
  | { readonly header: string }
  | { readonly cookie: { readonly name: string; readonly ttlSeconds: number } }
  | { readonly source: true };

const headerName = matching(
  /^[A-Za-z0-9-]+$/,
  "a header of letters, digits and hyphens, like x-user",
);
const cookieName = matching(/^[\w-]+$/, "a name of letters, digits, hyphens and underscores");

/** Notes what is wrong with a choice of what to hash on. */
export function checkHashOn(check: ArgumentCheck, hashOn: HashOn | undefined): void {
  if (hashOn === undefined) return;
  check.shaped("hashOn", hashOn, [], "a header, a cookie, or source: true");
  if (Object.keys(hashOn).length !== 1) {
    check.problem("hashOn must say one thing: give a header, a cookie, or source: true");
  } else if ("header" in hashOn) {
    check.required("hashOn.header", hashOn.header, headerName, { plain: true });
  } else if ("cookie" in hashOn) {
    const { cookie } = hashOn;
    check.known<typeof cookie>(cookie, { name: true, ttlSeconds: true }, "hashOn.cookie.");
    const aYear = wholeNumber(1, 31_536_000, "seconds");
    check.required("hashOn.cookie.name", cookie.name, cookieName, { plain: true });
    check.required("hashOn.cookie.ttlSeconds", cookie.ttlSeconds, aYear, { plain: true });
  } else if (hashOn.source !== true) {
    check.problem("hashOn must say one thing: give a header, a cookie, or source: true");
  }
}

/**
 * Annotations of an Ingress for ingress-nginx.
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-nginx-upstream-hashing
 * @see https://kubernetes.github.io/ingress-nginx/examples/affinity/cookie/
 */
export function ingressHashing(hashOn: HashOn): Readonly<Record<string, string>> {
  const prefix = "nginx.ingress.kubernetes.io";
  if ("header" in hashOn) {
    const variable = `$http_${hashOn.header.toLowerCase().replaceAll("-", "_")}`;
    return { [`${prefix}/upstream-hash-by`]: variable };
  }
  if ("source" in hashOn) return { [`${prefix}/upstream-hash-by`]: "$remote_addr" };
  const { name, ttlSeconds } = hashOn.cookie;
  return {
    [`${prefix}/affinity`]: "cookie",
    // The other mode moves sessions to new pods.
    [`${prefix}/affinity-mode`]: "persistent",
    [`${prefix}/session-cookie-name`]: name,
    [`${prefix}/session-cookie-max-age`]: String(ttlSeconds),
    [`${prefix}/session-cookie-path`]: "/",
    [`${prefix}/session-cookie-secure`]: "true",
    [`${prefix}/session-cookie-samesite`]: "Lax",
    // Else who had a pod that went would go on with errors.
    [`${prefix}/session-cookie-change-on-failure`]: "true",
  };
}

/**
 * `trafficPolicy` of Istio's DestinationRule. It holds for the Gateway and for every proxy of the
 * mesh, so for callers within the cluster too.
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-ConsistentHashLB
 */
export function destinationHashing(hashOn: HashOn) {
  return { loadBalancer: { consistentHash: consistentHash(hashOn) } };
}

function consistentHash(hashOn: HashOn) {
  if ("header" in hashOn) return { httpHeaderName: hashOn.header };
  if ("source" in hashOn) return { useSourceIp: true };
  const { name, ttlSeconds } = hashOn.cookie;
  return { httpCookie: { name, path: "/", ttl: `${ttlSeconds}s` } };
}

/**
 * `loadBalancer` of Envoy Gateway's BackendTrafficPolicy.
 * @see https://gateway.envoyproxy.io/docs/api/extension_types/#consistenthash
 */
export function backendHashing(hashOn: HashOn) {
  if ("header" in hashOn) {
    return hashed({ type: "Headers", headers: [{ name: hashOn.header }] });
  }
  if ("source" in hashOn) return hashed({ type: "SourceIP" });
  const { name, ttlSeconds } = hashOn.cookie;
  return hashed({ type: "Cookie", cookie: { name, ttl: duration(ttlSeconds) } });
}

const hashed = <T>(consistentHash: T) => ({ type: "ConsistentHash", consistentHash });

/**
 * A time as the Gateway API writes it: no number in it may have more than five digits.
 * @see https://gateway-api.sigs.k8s.io/geps/gep-2257/
 */
function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? "" : `${count}${unit}`)).join("");
}

/**
 * What of it a Service can do by itself, for callers within the cluster: it sees addresses alone.
 * @param hashOn checked; anything but `source` is noted as a problem that says what it takes
 * @see https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity
 */
export function serviceAffinity(
  check: ArgumentCheck,
  hashOn: HashOn | undefined,
): Pick<types.input.core.v1.ServiceSpec, "sessionAffinity" | "sessionAffinityConfig"> {
  if (hashOn === undefined) return {};
  checkHashOn(check, hashOn);
  if (!("source" in hashOn)) {
    const what = "header" in hashOn ? "header" : "cookie";
    check.problem(
      `hashOn is a ${what}, and a Service sees addresses alone: give { source: true }, or publish ` +
        "the service with a Route and give it hashOn, which takes a controller in the cluster",
    );
  }
  return {
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
  };
}
