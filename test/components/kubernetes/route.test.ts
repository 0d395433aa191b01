import * as pulumi from "@pulumi/pulumi";
import { type ClusterFeatures, clusterFeatures } from "../../../components/kubernetes/cluster";
import { Route } from "../../../components/kubernetes/route";
import type { RouteArgs } from "../../../components/kubernetes/route-args";
import type { Workload } from "../../../components/kubernetes/workload";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:kubernetes:Route";
const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
const httpRoute = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const destinationRule = "kubernetes:networking.istio.io/v1:DestinationRule";
const backendPolicy = "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy";

const selector = { "app.kubernetes.io/name": "web" };
const labels = {
  ...selector,
  "app.kubernetes.io/instance": "web",
  "app.kubernetes.io/managed-by": "pulumi",
};
const service: Workload = {
  name: "web",
  labels: selector,
  namespaceName: pulumi.output("shop"),
  port: 8080,
};
const cluster = (trafficController: string, certificateIssuer = ""): ClusterFeatures =>
  clusterFeatures({
    trafficController,
    gateway: "gateways/public",
    certificateIssuer,
    prometheus: "none",
    prometheusRelease: "",
  });
const nginx = cluster("ingress-nginx", "letsencrypt");
const hosts = ["shop.example.com"];
const metadata = (name: string, annotations?: object) => ({
  name,
  namespace: "shop",
  labels,
  ...(annotations && { annotations }),
});
const waitFor = {
  "pulumi.com/waitFor":
    'jsonpath={.status.parents[0].conditions[?(@.type=="Accepted")].status}=True',
};
const hsts = {
  type: "ResponseHeaderModifier",
  responseHeaderModifier: {
    set: [{ name: "Strict-Transport-Security", value: "max-age=31536000" }],
  },
};
const redirect = (...hostnames: string[]) => ({
  parentRefs: [{ namespace: "gateways", name: "public", sectionName: "http" }],
  hostnames,
  rules: [
    {
      filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
    },
  ],
});

const recordRoute = (args: Partial<RouteArgs> = {}, name = "public") =>
  record(() => ({
    url: new Route(name, { service: { ...service }, cluster: nginx, hosts, ...args }).url,
  }));

describe("Route with ingress-nginx", () => {
  test("default is an Ingress with TLS, reached through the controller's pods alone", async () => {
    const recording = await recordRoute();
    expect(recording.childrenOf(type, "public")).toEqual([
      `${ingress} public`,
      `${policy} public-network`,
    ]);
    expect(recording.resources).toHaveLength(3);
    expect(recording.one(ingress, "public").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: metadata("public", {
        "nginx.ingress.kubernetes.io/ssl-redirect": "true",
        "nginx.ingress.kubernetes.io/proxy-body-size": "1m",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "60",
        "nginx.ingress.kubernetes.io/proxy-send-timeout": "60",
        "cert-manager.io/cluster-issuer": "letsencrypt",
      }),
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts, secretName: "public-tls" }],
        rules: [
          {
            host: "shop.example.com",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "web", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    });
    expect(recording.one(policy, "public-network").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadata("public-route"),
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" },
                },
                podSelector: {
                  matchLabels: {
                    "app.kubernetes.io/name": "ingress-nginx",
                    "app.kubernetes.io/component": "controller",
                  },
                },
              },
            ],
            ports: [{ port: 8080, protocol: "TCP" }],
          },
        ],
      },
    });
    expect(recording.outputs).toEqual({ url: "https://shop.example.com" });
  });

  test("custom has its own certificate, paths, bounds and hashing, and a wildcard with its reason", async () => {
    const recording = await recordRoute({
      cluster: cluster("ingress-nginx"),
      hosts: ["shop.example.com", "*.shop.example.com"],
      wildcardBecause: "each customer has a name",
      paths: ["/orders", "/stock"],
      certificate: { secretName: pulumi.output("shop-certificate") },
      maxBodyMiB: 20,
      timeoutSeconds: 5,
      hashOn: { header: "x-user" },
    });
    const backend = { service: { name: "web", port: { number: 80 } } };
    const paths = [
      { path: "/orders", pathType: "Prefix", backend },
      { path: "/stock", pathType: "Prefix", backend },
    ];
    expect(recording.one(ingress, "public").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: metadata("public", {
        "nginx.ingress.kubernetes.io/ssl-redirect": "true",
        "nginx.ingress.kubernetes.io/proxy-body-size": "20m",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "5",
        "nginx.ingress.kubernetes.io/proxy-send-timeout": "5",
        "nginx.ingress.kubernetes.io/upstream-hash-by": "$http_x_user",
        "policy.groundwork/wildcard-because": "each customer has a name",
      }),
      spec: {
        ingressClassName: "nginx",
        tls: [
          { hosts: ["shop.example.com", "*.shop.example.com"], secretName: "shop-certificate" },
        ],
        rules: [
          { host: "shop.example.com", http: { paths } },
          { host: "*.shop.example.com", http: { paths } },
        ],
      },
    });
    expect(recording.outputs).toEqual({ url: "https://shop.example.com/orders" });
  });

  test("custom takes another issuer than the cluster's", async () => {
    const recording = await recordRoute({ certificate: { issuer: "internal" } });
    expect(recording.one(ingress, "public").inputs).toMatchObject({
      metadata: { annotations: { "cert-manager.io/cluster-issuer": "internal" } },
      spec: { tls: [{ hosts, secretName: "public-tls" }] },
    });
  });
});

describe("Route with the Gateway API", () => {
  test.each(["envoy-gateway", "istio"])(
    "default is an HTTPRoute of %s with TLS, and one that redirects to it",
    async (kind) => {
      const recording = await recordRoute({ cluster: cluster(kind) });
      expect(recording.childrenOf(type, "public").toSorted()).toEqual([
        `${httpRoute} public`,
        `${httpRoute} public-redirect`,
        `${policy} public-network`,
      ]);
      expect(recording.one(httpRoute, "public").inputs).toEqual({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: metadata("public", waitFor),
        spec: {
          parentRefs: [{ namespace: "gateways", name: "public", sectionName: "https" }],
          hostnames: hosts,
          rules: [
            {
              matches: [{ path: { type: "PathPrefix", value: "/" } }],
              filters: [hsts],
              backendRefs: [{ name: "web", port: 80 }],
              timeouts: { request: "60s" },
            },
          ],
        },
      });
      expect(recording.one(httpRoute, "public-redirect").inputs).toEqual({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: metadata("public-redirect", waitFor),
        spec: redirect("shop.example.com"),
      });
      const pods = cluster(kind).trafficController?.pods;
      expect(recording.one(policy, "public-network").inputs["spec"]).toEqual({
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [{ from: [pods], ports: [{ port: 8080, protocol: "TCP" }] }],
      });
    },
  );

  test("custom has its own paths and bounds, and a wildcard with its reason", async () => {
    const recording = await recordRoute({
      cluster: cluster("istio"),
      hosts: ["*.shop.example.com"],
      wildcardBecause: "each customer has a name",
      paths: ["/orders", "/stock"],
      timeoutSeconds: 5,
    });
    const annotations = {
      ...waitFor,
      "policy.groundwork/wildcard-because": "each customer has a name",
    };
    expect(recording.one(httpRoute, "public").inputs).toMatchObject({
      metadata: metadata("public", annotations),
      spec: {
        hostnames: ["*.shop.example.com"],
        rules: [
          {
            matches: [
              { path: { type: "PathPrefix", value: "/orders" } },
              { path: { type: "PathPrefix", value: "/stock" } },
            ],
            timeouts: { request: "5s" },
          },
        ],
      },
    });
    expect(recording.one(httpRoute, "public-redirect").inputs).toMatchObject({
      metadata: metadata("public-redirect", annotations),
      spec: redirect("*.shop.example.com"),
    });
  });

  test("custom hashes with Envoy Gateway by a policy of the route, which bounds bodies too", async () => {
    const recording = await recordRoute({
      cluster: cluster("envoy-gateway"),
      hashOn: { source: true },
      maxBodyMiB: 8,
    });
    expect(recording.resources).toHaveLength(5);
    expect(recording.one(backendPolicy, "public-balancing").inputs).toEqual({
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      metadata: metadata("public"),
      spec: {
        targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "public" }],
        loadBalancer: { type: "ConsistentHash", consistentHash: { type: "SourceIP" } },
        requestBuffer: { limit: "8Mi" },
      },
    });
  });

  test("custom hashes with Istio by a rule of the service", async () => {
    const recording = await recordRoute({
      cluster: cluster("istio"),
      hashOn: { header: "x-user" },
    });
    expect(recording.resources).toHaveLength(5);
    expect(recording.one(destinationRule, "public-balancing").inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "DestinationRule",
      metadata: metadata("public"),
      spec: {
        host: "web.shop.svc.cluster.local",
        trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: "x-user" } } },
      },
    });
  });
});

describe("Route fails", () => {
  const refused = (args: Partial<RouteArgs>) =>
    refusal(() => new Route("public", { service, cluster: nginx, hosts, ...args }));

  test.each<[string, Partial<RouteArgs>, ...string[]]>([
    [
      "when nothing carries traffic into the cluster",
      { cluster: {} },
      "the cluster has nothing that carries traffic from outside: install ingress-nginx, Envoy Gateway or Istio, and say so in cluster.trafficController",
    ],
    [
      "when an Ingress would have no certificate",
      { cluster: cluster("ingress-nginx") },
      "certificate is missing, and the cluster has no certificateIssuer: give { secretName } of a TLS Secret, or { issuer } of cert-manager",
    ],
    [
      "when it gives a Gateway a certificate",
      { cluster: cluster("envoy-gateway"), certificate: { issuer: "letsencrypt" } },
      "certificate is given, and envoy-gateway takes those of the Gateway gateways/public: leave it out, and add it to the listener https there",
    ],
    [
      "when Istio is to bound bodies",
      { cluster: cluster("istio"), maxBodyMiB: 1 },
      "maxBodyMiB is given, and Istio can't bound a body: leave it out, and let the service refuse",
    ],
    ["when it has no host", { hosts: [] }, "hosts has 0: give 1 to 16 host names"],
    [
      "when it has more hosts than an HTTPRoute takes",
      { hosts: Array.from({ length: 17 }, (_, i) => `h${i}.example.com`) },
      "hosts has 17: give 1 to 16 host names",
    ],
    [
      "for a wildcard that nobody gave a reason for",
      { hosts: ["*.example.com"] },
      'hosts[0] is "*.example.com": give a host name in lower case, like shop.example.com (RFC 1123)',
    ],
    [
      "for everything else that can't be, at once",
      {
        hosts: ["shop.example.com", "shop.example.com", "*"],
        wildcardBecause: " ",
        paths: ["orders", "/a?b", "/a*", "/a/../b", "//a"],
        maxBodyMiB: 0,
        timeoutSeconds: 0.5,
        hashOn: {} as never,
      },
      'hosts[2] is "*": give a host name in lower case, like shop.example.com or *.example.com (RFC 1123)',
      'hosts has "shop.example.com" twice: leave one out',
      ...["orders", "/a?b", "/a*", "/a/../b", "//a"].map(
        (path, i) =>
          `paths[${i}] is "${path}": give an absolute path, like /orders, of letters, digits and . _ ~ @ : -`,
      ),
      'wildcardBecause is " ": give a reason',
      "maxBodyMiB is 0: give a whole number from 1 to 10240 MiB",
      "timeoutSeconds is 0.5: give a whole number from 1 to 3600 seconds",
      "hashOn must say one thing: give a header, a cookie, or source: true",
    ],
    ["when it has no path", { paths: [] }, "paths has 0: give 1 to 64 paths"],
    [
      "for a certificate from nowhere, or from two places",
      { certificate: { secretName: "a", issuer: "A" } as never },
      "certificate must say one thing: give secretName or issuer",
      'certificate.issuer is "A": give the name of a Kubernetes ClusterIssuer: lower-case letters, digits, hyphens and dots (RFC 1123)',
    ],
    [
      "when hosts and paths are no lists of plain text",
      { hosts: [pulumi.output("shop.example.com")] as never, paths: "/orders" as never },
      "hosts[0] is known only later: give a plain value",
      "paths is text: give a list",
    ],
    ["when hosts are left out", { hosts: undefined as never }, "hosts is missing: give it"],
    [
      "when it has no service, since nothing else can be checked then",
      { service: undefined as never, paths: [] },
      "service is undefined: give what is reached, like a Microservice",
    ],
    [
      "when it has no cluster, since nothing else can be checked then",
      { cluster: undefined as never, paths: [] },
      "cluster is undefined: give what the cluster has, like clusterFeatures(...)",
    ],
  ])("%s", async (_, args, ...problems) => {
    expect(await refused(args)).toEqual(refusalOf(type, "public", ...problems));
  });

  test("when two routes say how Istio balances one service, which has one rule for it", async () => {
    const balanced = { ...service };
    const args = { service: balanced, cluster: cluster("istio"), hosts };
    const { resources } = await record(() => {
      new Route("shop", { ...args, hashOn: { header: "x-user" } });
      new Route("admin", { ...args, hosts: ["admin.example.com"] });
      // Another service of the same name, in another program.
      new Route("stock", { ...args, service: { ...service }, hashOn: { source: true } });
    });
    expect(resources.filter((each) => each.type === destinationRule)).toHaveLength(2);
    expect(await refused({ ...args, hashOn: { source: true } })).toEqual(
      refusalOf(
        type,
        "public",
        'hashOn is given, and the Route "shop" has it for this service: leave it out here, with ' +
          "Istio it holds for all requests to the service",
      ),
    );
  });
});
