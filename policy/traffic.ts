import { wildcardBecause } from "../components/kubernetes/hosts";
import type { Resource, Rule } from "./rule";
import { at, isThere, items, later, shown } from "./values";

const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
const httpRoute = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";

/** Rules for what is published outside of the cluster. */
export const trafficRules: readonly Rule[] = [
  {
    name: "ingress-tls",
    description: "Without TLS everybody on the way reads and changes what is said",
    url: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
    types: [ingress],
    check: ({ props }) => {
      const covered = items(at(props, "spec", "tls")).flatMap((each) => items(at(each, "hosts")));
      if (at(props, "spec", "tls") === later || covered.includes(later)) return [];
      return items(at(props, "spec", "rules"))
        .map((rule) => at(rule, "host"))
        .filter((host) => isThere(host) && host !== later && !covered.includes(host))
        .map((host) => `spec.tls has no entry for ${shown(host)}: give it a certificate there`);
    },
  },
  {
    name: "httproute-tls",
    description: "Without TLS everybody on the way reads and changes what is said",
    url: "https://gateway-api.sigs.k8s.io/guides/tls/",
    types: [httpRoute],
    check: ({ props }) => {
      const rules = items(at(props, "spec", "rules"));
      // What leads to no service may come without: it is redirected.
      if (!rules.some((rule) => items(at(rule, "backendRefs")).length > 0)) return [];
      return items(at(props, "spec", "parentRefs"))
        .map((parent) => at(parent, "sectionName"))
        .filter((listener) => !isThere(listener) || listener === "http")
        .map(
          (listener) =>
            `a listener of the route is ${shown(listener)}: ` +
            'name the one that has TLS in sectionName, like "https"',
        );
    },
  },
  {
    name: "host-no-wildcard",
    description: "A route for all hosts takes also those that nobody has thought of",
    url: "https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards",
    types: [ingress, httpRoute],
    check: (resource) => {
      if (isThere(at(resource.props, "metadata", "annotations", wildcardBecause))) return [];
      return hosts(resource)
        .filter((host) => !isThere(host) || (typeof host === "string" && host.startsWith("*")))
        .map(
          (host) =>
            `a host is ${shown(host)}: give whole names, or say in the annotation ` +
            `${wildcardBecause} why it takes all of them`,
        );
    },
  },
];

/** The hosts of a route, with undefined where it takes all there are. */
function hosts({ type, props }: Resource): readonly unknown[] {
  if (type === ingress) return items(at(props, "spec", "rules")).map((rule) => at(rule, "host"));
  const given = at(props, "spec", "hostnames");
  if (given === later) return [];
  return items(given).length === 0 ? [undefined] : items(given);
}
