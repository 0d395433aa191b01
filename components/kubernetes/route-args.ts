import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { dnsLabel, matching, wholeNumber } from "../rules";
import type { ClusterFeatures, GatewayController, IngressController } from "./cluster";
import { hostName, hostOrWildcard, wildcardBecause } from "./hosts";
import { checkHashOn, type HashOn } from "./load-balancing";
import type { Workload } from "./workload";

/** Where an Ingress has its certificate from. */
export type Certificate =
  /** A Secret of type `kubernetes.io/tls` in the service's namespace. */
  | { readonly secretName: pulumi.Input<string> }
  /** A ClusterIssuer of cert-manager, which gets one and renews it. */
  | { readonly issuer: string };

/** Arguments of {@link Route}. */
export interface RouteArgs {
  /** What is published, like a {@link Microservice}. */
  readonly service: Workload;
  /** What the cluster has; it must have a controller that carries traffic. */
  readonly cluster: ClusterFeatures;
  /** The host names it is found by; they lead to the controller in DNS. 16 at most. */
  readonly hosts: readonly string[];
  /**
   * The paths that are published, each with all below it.
   * @default ["/"]
   */
  readonly paths?: readonly string[];
  /**
   * Why a host may be a wildcard, like `*.shop.example.com`: such a route also takes the names that
   * nobody has thought of. It stands in an annotation for whoever reads it later.
   * @default wildcards are refused
   */
  readonly wildcardBecause?: string;
  /**
   * The certificate for all hosts. With the Gateway API it is the Gateway that has them, and this
   * is refused.
   * @default the cluster's `certificateIssuer` gets one
   */
  readonly certificate?: Certificate;
  /**
   * How large a request's body may be. Envoy Gateway holds requests back until they are there as a
   * whole when this is given; Istio has no such bound, and refuses it.
   * @default 1 with ingress-nginx, otherwise no bound
   */
  readonly maxBodyMiB?: number;
  /**
   * How long an answer may take. With ingress-nginx: how long nothing of it may come.
   * @default 60
   */
  readonly timeoutSeconds?: number;
  /**
   * By what requests are told apart, so that the same always come to the same pod. With Istio it
   * holds for callers within the mesh too.
   * @default any pod may get any request
   */
  readonly hashOn?: HashOn;
}

const urlPath = matching(/^\/[^\s?#]*$/, "an absolute path, like /orders");

/** Arguments of a {@link Route} that are right, with their defaults. */
export interface CheckedRoute<Controller> {
  readonly controller: Controller;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly certificate: Certificate | undefined;
  readonly timeoutSeconds: number;
  readonly hashOn: HashOn | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Checks the arguments of a {@link Route}.
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkRoute(
  type: string,
  name: string,
  args: RouteArgs,
): CheckedRoute<IngressController | GatewayController> {
  const check = new ArgumentCheck(type, name);
  check.known<RouteArgs>(args, {
    service: true,
    cluster: true,
    hosts: true,
    paths: true,
    wildcardBecause: true,
    certificate: true,
    maxBodyMiB: true,
    timeoutSeconds: true,
    hashOn: true,
  });
  check.input("name", name, dnsLabel);
  const { trafficController: controller, certificateIssuer: issuer } = args.cluster;
  const paths = args.paths ?? ["/"];
  const timeoutSeconds = args.timeoutSeconds ?? 60;
  const certificate = args.certificate ?? (issuer === undefined ? undefined : { issuer });
  const because = args.wildcardBecause;

  if (args.hosts.length === 0 || args.hosts.length > 16) {
    check.problem(`hosts has ${args.hosts.length}: give 1 to 16 host names`);
  }
  checkEach(check, "hosts", args.hosts, because === undefined ? hostName : hostOrWildcard);
  if (paths.length === 0) check.problem("paths is empty: give at least one, or leave it out");
  checkEach(check, "paths", paths, urlPath);
  check.input("wildcardBecause", because, matching(/\S/, "a reason"));
  check.input("maxBodyMiB", args.maxBodyMiB, wholeNumber(1, 10_240, "MiB"));
  check.input("timeoutSeconds", timeoutSeconds, wholeNumber(1, 3_600, "seconds"));
  checkHashOn(check, args.hashOn);
  if (controller === undefined) {
    check.problem(
      "the cluster has nothing that carries traffic from outside: install ingress-nginx, Envoy " +
        "Gateway or Istio, and say so in cluster.trafficController",
    );
  } else if (controller.kind === "ingress-nginx") {
    if (certificate === undefined) {
      check.problem(
        "certificate is missing, and the cluster has no certificateIssuer: give " +
          "{ secretName } of a TLS Secret, or { issuer } of cert-manager",
      );
    }
  } else {
    checkGateway(check, args, controller);
  }
  check.throwIfAny();
  return {
    controller: controller as IngressController | GatewayController,
    hosts: args.hosts,
    paths,
    certificate,
    timeoutSeconds,
    hashOn: args.hashOn,
    annotations: because === undefined ? {} : { [wildcardBecause]: because },
  };
}

/** Notes what a controller of the Gateway API can't do. */
function checkGateway(check: ArgumentCheck, args: RouteArgs, { kind, gateway }: GatewayController) {
  if (args.certificate !== undefined) {
    check.problem(
      `certificate is given, and ${kind} takes those of the Gateway ` +
        `${gateway.namespace}/${gateway.name}: leave it out, and add it to the listener https there`,
    );
  }
  if (kind === "istio" && args.maxBodyMiB !== undefined) {
    check.problem(
      "maxBodyMiB is given, and Istio can't bound a body: leave it out, and let the service refuse",
    );
  }
}

function checkEach(
  check: ArgumentCheck,
  argument: string,
  values: readonly string[],
  rule: (value: string) => string | undefined,
): void {
  for (const [i, value] of values.entries()) {
    check.input(`${argument}[${i}]`, value, rule);
    if (values.indexOf(value) !== i)
      check.problem(`${argument} has "${value}" twice: leave one out`);
  }
}
