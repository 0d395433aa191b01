import * as pulumi from "@pulumi/pulumi";
import { clusterFeatures } from "../../components/kubernetes/cluster";
import { Route } from "../../components/kubernetes/route";
import { trafficRules } from "../../policy/traffic";
import { later } from "../../policy/values";
import { changed, findings, resource, testRules } from "./support";

const ingress = ["kubernetes:networking.k8s.io/v1:Ingress", "shop"] as const;
const httpRoute = ["kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "stock"] as const;

const settings = {
  gateway: "gateways/public",
  certificateIssuer: "letsencrypt",
  prometheus: "none",
  prometheusRelease: "",
};
const service = {
  name: "web",
  labels: { "app.kubernetes.io/name": "web" },
  namespaceName: pulumi.output("shop"),
  port: 8080,
};
const program = () => {
  const nginx = clusterFeatures({ ...settings, trafficController: "ingress-nginx" });
  const istio = clusterFeatures({ ...settings, trafficController: "istio" });
  new Route("shop", { service, cluster: nginx, hosts: ["shop.example.com"] });
  new Route("stock", { service, cluster: istio, hosts: ["stock.example.com"] });
  new Route("all", {
    service,
    cluster: istio,
    hosts: ["*.example.com"],
    wildcardBecause: "each customer has a name",
  });
};

const wildcard = (host: string) =>
  `a host is ${host}: give whole names, or say in the annotation policy.groundwork/wildcard-because why it takes all of them`;
const listener = (name: string) =>
  `a listener of the route is ${name}: name the one that has TLS in sectionName, like "https"`;

testRules(trafficRules, program, [
  [
    "an Ingress has no TLS",
    (all) => changed(all, ingress, "spec.tls", undefined),
    'ingress-tls shop: spec.tls has no entry for "shop.example.com": give it a certificate there',
  ],
  [
    "the TLS of an Ingress is for another host",
    (all) => changed(all, ingress, "spec.tls.0.hosts.0", "example.com"),
    'ingress-tls shop: spec.tls has no entry for "shop.example.com": give it a certificate there',
  ],
  [
    "an Ingress takes all hosts",
    (all) => changed(all, ingress, "spec.rules.0.host", undefined),
    `host-no-wildcard shop: ${wildcard("not set")}`,
  ],
  [
    "an HTTPRoute takes requests of every listener",
    (all) => changed(all, httpRoute, "spec.parentRefs.0.sectionName", undefined),
    `httproute-tls stock: ${listener("not set")}`,
  ],
  [
    "an HTTPRoute takes requests without TLS",
    (all) => changed(all, httpRoute, "spec.parentRefs.0.sectionName", "http"),
    `httproute-tls stock: ${listener('"http"')}`,
  ],
  [
    "an HTTPRoute takes all hosts of a domain, and nobody says why",
    (all) => changed(all, httpRoute, "spec.hostnames.0", "*.example.com"),
    `host-no-wildcard stock: ${wildcard('"*.example.com"')}`,
  ],
  [
    "an HTTPRoute takes all hosts of its listener",
    (all) => changed(all, httpRoute, "spec.hostnames", undefined),
    `host-no-wildcard stock: ${wildcard("not set")}`,
  ],
]);

test("what is not known yet is nothing to complain of", () => {
  const rules = [{ host: "shop.example.com" }, { host: later }];
  expect(
    findings(trafficRules, [
      resource(ingress[0], "a", { spec: { tls: later, rules } }),
      resource(ingress[0], "b", { spec: { tls: [{ hosts: [later] }], rules } }),
      resource(httpRoute[0], "c", {
        spec: {
          hostnames: later,
          parentRefs: [{ sectionName: later }],
          rules: [{ backendRefs: [{ name: "web" }] }],
        },
      }),
    ]),
  ).toEqual([]);
});
