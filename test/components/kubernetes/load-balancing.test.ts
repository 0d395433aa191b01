import { ArgumentCheck } from "../../../components/arguments";
import {
  backendHashing,
  checkHashOn,
  destinationHashing,
  type HashOn,
  ingressHashing,
  serviceAffinity,
} from "../../../components/kubernetes/load-balancing";
import { problemsOf } from "../../support/refusals";

const header: HashOn = { header: "X-User-Id" };
const cookie: HashOn = { cookie: { name: "shop", ttlSeconds: 604_861 } };
const source: HashOn = { source: true };

test.each<[string, HashOn, object]>([
  ["a header", header, { "nginx.ingress.kubernetes.io/upstream-hash-by": "$http_x_user_id" }],
  ["the source", source, { "nginx.ingress.kubernetes.io/upstream-hash-by": "$remote_addr" }],
  [
    "a cookie",
    cookie,
    {
      "nginx.ingress.kubernetes.io/affinity": "cookie",
      "nginx.ingress.kubernetes.io/affinity-mode": "persistent",
      "nginx.ingress.kubernetes.io/session-cookie-name": "shop",
      "nginx.ingress.kubernetes.io/session-cookie-max-age": "604861",
      "nginx.ingress.kubernetes.io/session-cookie-path": "/",
      "nginx.ingress.kubernetes.io/session-cookie-secure": "true",
      "nginx.ingress.kubernetes.io/session-cookie-samesite": "Lax",
      "nginx.ingress.kubernetes.io/session-cookie-change-on-failure": "true",
    },
  ],
])("ingress-nginx hashes on %s", (_, hashOn, annotations) => {
  expect(ingressHashing(hashOn)).toEqual(annotations);
});

test.each<[string, HashOn, object]>([
  ["a header", header, { httpHeaderName: "X-User-Id" }],
  ["the source", source, { useSourceIp: true }],
  ["a cookie", cookie, { httpCookie: { name: "shop", path: "/", ttl: "604861s" } }],
])("Istio hashes on %s", (_, hashOn, consistentHash) => {
  expect(destinationHashing(hashOn)).toEqual({ loadBalancer: { consistentHash } });
});

test.each<[string, HashOn, object]>([
  ["a header", header, { type: "Headers", headers: [{ name: "X-User-Id" }] }],
  ["the source", source, { type: "SourceIP" }],
  ["a cookie", cookie, { type: "Cookie", cookie: { name: "shop", ttl: "168h1m1s" } }],
  [
    "a cookie for minutes",
    { cookie: { name: "shop", ttlSeconds: 600 } },
    { type: "Cookie", cookie: { name: "shop", ttl: "10m" } },
  ],
])("Envoy Gateway hashes on %s", (_, hashOn, consistentHash) => {
  expect(backendHashing(hashOn)).toEqual({ type: "ConsistentHash", consistentHash });
});

describe("a Service by itself", () => {
  test("keeps the callers of an address at one pod", () => {
    const check = new ArgumentCheck("test", "x");
    expect(serviceAffinity(check, source)).toEqual({
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    });
    expect(() => check.throwIfAny()).not.toThrow();
  });

  test("default is any pod for anybody", () => {
    expect(serviceAffinity(new ArgumentCheck("test", "x"), undefined)).toEqual({});
  });

  test.each<[string, HashOn]>([
    ["header", header],
    ["cookie", cookie],
  ])("fails for a %s, and says what it takes", (what, hashOn) => {
    expect(problemsOf((check) => serviceAffinity(check, hashOn))).toEqual([
      `hashOn is a ${what}, and a Service sees addresses alone: give { source: true }, or publish the service with a Route and give it hashOn, which takes a controller in the cluster`,
    ]);
  });
});

test.each([undefined, header, cookie, source])("takes %j", (hashOn) => {
  expect(problemsOf((check) => checkHashOn(check, hashOn))).toEqual([]);
});

const oneThing = "hashOn must say one thing: give a header, a cookie, or source: true";

test.each<[unknown, ...string[]]>([
  [{}, oneThing],
  [{ header: "x-user", source: true }, oneThing],
  [{ source: false }, oneThing],
  [null, "hashOn is null: give a header, a cookie, or source: true"],
  ["source", "hashOn is text: give a header, a cookie, or source: true"],
  [{ header: undefined }, "hashOn.header is missing: give it"],
  [{ cookie: "shop" }, "hashOn.cookie is text: give an object of arguments"],
  [
    { cookie: { name: "shop", path: "/" } },
    'there is no argument "hashOn.cookie.path": give only name, ttlSeconds',
    "hashOn.cookie.ttlSeconds is missing: give it",
  ],
  [
    { header: "x_user" },
    'hashOn.header is "x_user": give a header of letters, digits and hyphens, like x-user',
  ],
  [
    { cookie: { name: "my shop", ttlSeconds: 0 } },
    'hashOn.cookie.name is "my shop": give a name of letters, digits, hyphens and underscores',
    "hashOn.cookie.ttlSeconds is 0: give a whole number from 1 to 31536000 seconds",
  ],
])("fails for %j", (hashOn, ...problems) => {
  expect(problemsOf((check) => checkHashOn(check, hashOn as HashOn))).toEqual(problems);
});
