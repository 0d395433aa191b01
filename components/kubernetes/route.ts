import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayController, IngressController } from "./cluster";
import { httpRouteSpec, redirectSpec } from "./http-route";
import { type IngressArgs, ingressAnnotations, ingressSpec } from "./ingress";
import { backendHashing, destinationHashing } from "./load-balancing";
import { ingressPolicy } from "./network";
import { type Certificate, type CheckedRoute, checkRoute, type RouteArgs } from "./route-args";
import { commonLabels } from "./workload";

const type = "groundwork:kubernetes:Route";

/**
 * Publishes a service on host names, by whatever carries traffic into the cluster: TLS always,
 * requests without it redirected, and of all pods in the cluster exactly the controller's let in.
 *
 * Children: `name` (an Ingress, or with the Gateway API an HTTPRoute) and `name-network`; with the
 * Gateway API also `name-redirect`, and `name-balancing` where the controller is told how to
 * balance or bound requests.
 *
 * @example
 * new Route("web", { service: web, cluster, hosts: ["shop.example.com"] });
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 * @see https://gateway-api.sigs.k8s.io
 */
export class Route extends pulumi.ComponentResource {
  /** Where the service is found: its first host and path. */
  readonly url: string;

  /**
   * @throws {InvalidArgumentsError} when the cluster has nothing that carries traffic, for a host or
   * path that can't be, and for what the cluster's controller can't do
   */
  constructor(name: string, args: RouteArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkRoute(type, name, args);
    super(type, name, {}, opts);
    const { controller } = checked;
    const { service } = args;

    if (controller.kind === "ingress-nginx") this.ingress(name, args, { ...checked, controller });
    else this.httpRoute(name, args, { ...checked, controller });
    new networking.NetworkPolicy(
      `${name}-network`,
      {
        metadata: this.metadata(`${name}-route`, args),
        spec: ingressPolicy(service.labels, [controller.pods], service.port),
      },
      { parent: this },
    );

    this.url = `https://${checked.hosts[0]}${checked.paths[0]}`.replace(/\/$/, "");
    this.registerOutputs({ url: this.url });
  }

  private metadata(name: string, { service }: RouteArgs) {
    return { name, namespace: service.namespaceName, labels: commonLabels(service.name) };
  }

  private ingress(name: string, args: RouteArgs, checked: CheckedRoute<IngressController>): void {
    const { ingressClass } = checked.controller;
    const certificate = checked.certificate as Certificate;
    const own = "secretName" in certificate;
    const ingress: IngressArgs = {
      ...checked,
      ingressClass,
      service: args.service.name,
      certificateSecret: own ? certificate.secretName : `${name}-tls`,
      issuer: own ? undefined : certificate.issuer,
      maxBodyMiB: args.maxBodyMiB ?? 1,
    };
    new networking.Ingress(
      name,
      {
        metadata: {
          ...this.metadata(name, args),
          annotations: { ...ingressAnnotations(ingress), ...checked.annotations },
        },
        spec: ingressSpec(ingress),
      },
      { parent: this, customTimeouts },
    );
  }

  private httpRoute(name: string, args: RouteArgs, checked: CheckedRoute<GatewayController>): void {
    const { kind, gateway } = checked.controller;
    const { annotations, hashOn } = checked;
    const apiVersion = "gateway.networking.k8s.io/v1";
    const opts = { parent: this, customTimeouts };
    const route = { ...checked, gateway, service: args.service.name };
    new CustomResource(
      name,
      {
        apiVersion,
        kind: "HTTPRoute",
        metadata: { ...this.metadata(name, args), annotations: { ...accepted, ...annotations } },
        spec: httpRouteSpec(route),
      },
      opts,
    );
    new CustomResource(
      `${name}-redirect`,
      {
        apiVersion,
        kind: "HTTPRoute",
        metadata: {
          ...this.metadata(`${name}-redirect`, args),
          annotations: { ...accepted, ...annotations },
        },
        spec: redirectSpec(route),
      },
      opts,
    );
    if (kind === "istio" && hashOn !== undefined) {
      const { name: service, namespaceName } = args.service;
      new CustomResource(
        `${name}-balancing`,
        {
          apiVersion: "networking.istio.io/v1",
          kind: "DestinationRule",
          metadata: this.metadata(name, args),
          spec: {
            host: pulumi.interpolate`${service}.${namespaceName}.svc.cluster.local`,
            trafficPolicy: destinationHashing(hashOn),
          },
        },
        opts,
      );
    }
    if (kind === "envoy-gateway" && (hashOn ?? args.maxBodyMiB) !== undefined) {
      new CustomResource(
        `${name}-balancing`,
        {
          apiVersion: "gateway.envoyproxy.io/v1alpha1",
          kind: "BackendTrafficPolicy",
          metadata: this.metadata(name, args),
          spec: {
            targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name }],
            ...(hashOn && { loadBalancer: backendHashing(hashOn) }),
            ...(args.maxBodyMiB && { requestBuffer: { limit: `${args.maxBodyMiB}Mi` } }),
          },
        },
        opts,
      );
    }
  }
}

/** A controller that takes up a route does so within seconds; one that does not never will. */
const customTimeouts = { create: "3m", update: "3m" };

/** The update ends when the Gateway has accepted the route, and fails when it does not. */
const accepted = {
  "pulumi.com/waitFor":
    'jsonpath={.status.parents[0].conditions[?(@.type=="Accepted")].status}=True',
};
