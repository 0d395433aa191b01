import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { dnsLabel, matching, type Rule, wholeNumber } from "../rules";
import type { ClusterFeatures, GatewayController, IngressController } from "./cluster";
import { hostName, hostOrWildcard, wildcardBecause } from "./hosts";
import { checkHashOn, type HashOn } from "./load-balancing";
import { objectName } from "./names";
import { checkWorkload, type Workload } from "./workload";

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
   * is set for the service as a whole: it holds for callers within the mesh too, and one Route of a
   * service has it.
   * @default any pod may get any request
   */
  readonly hashOn?: HashOn;
}

/** Without what controllers refuse, and what would be taken for a pattern, which it is not. */
const urlPath = matching(
  /^\/$|^(\/(?!\.\.?(\/|$))[\w.~@:-]+)+\/?$/,
  "an absolute path, like /orders, of letters, digits and . _ ~ @ : -",
);

/**
 * The Route that says how Istio balances a service. Istio has that in a DestinationRule of the
 * service, and of two for one host it would take either.
 * @see https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services
 */
const balancedBy = new WeakMap<Workload, string>();

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
  check.required("name", name, dnsLabel);
  checkWorkload(check, "service", args.service);
  check.shaped("cluster", args.cluster, [], "what the cluster has, like clusterFeatures(...)");
  const { trafficController: controller, certificateIssuer: issuer } = args.cluster;
  const paths = args.paths ?? ["/"];
  const timeoutSeconds = args.timeoutSeconds ?? 60;
  const certificate = args.certificate ?? (issuer === undefined ? undefined : { issuer });
  const because = args.wildcardBecause;

  const host = because === undefined ? hostName : hostOrWildcard;
  checkEach(check, "hosts", args.hosts, host, 16, "host names");
  checkEach(check, "paths", paths, urlPath, 64, "paths");
  if (certificate !== undefined) checkCertificate(check, certificate);
  check.plain("wildcardBecause", because, matching(/\S/, "a reason"));
  check.plain("maxBodyMiB", args.maxBodyMiB, wholeNumber(1, 10_240, "MiB"));
  check.plain("timeoutSeconds", timeoutSeconds, wholeNumber(1, 3_600, "seconds"));
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
  if (controller?.kind === "istio" && args.hashOn !== undefined) balancedBy.set(args.service, name);
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
  const other = balancedBy.get(args.service);
  if (kind === "istio" && args.hashOn !== undefined && other !== undefined) {
    check.problem(
      `hashOn is given, and the Route "${other}" has it for this service: leave it out here, with ` +
        "Istio it holds for all requests to the service",
    );
  }
  if (kind === "istio" && args.maxBodyMiB !== undefined) {
    check.problem(
      "maxBodyMiB is given, and Istio can't bound a body: leave it out, and let the service refuse",
    );
  }
}

function checkCertificate(check: ArgumentCheck, certificate: Certificate): void {
  const given: { readonly secretName?: pulumi.Input<string>; readonly issuer?: string } =
    certificate;
  check.known<typeof given>(given, { secretName: true, issuer: true }, "certificate.");
  const { secretName, issuer } = given;
  if ((secretName === undefined) === (issuer === undefined)) {
    check.problem("certificate must say one thing: give secretName or issuer");
  }
  check.input("certificate.secretName", secretName, objectName("Secret"));
  check.plain("certificate.issuer", issuer, objectName("ClusterIssuer"));
}

/** Checks a list of values that has no more than the Gateway API takes, and each but once. */
function checkEach(
  check: ArgumentCheck,
  argument: string,
  values: readonly string[],
  rule: Rule<string>,
  most: number,
  what: string,
): void {
  if (values === undefined) check.problem(`${argument} is missing: give it`);
  check.listOf(argument, values, rule);
  if (!Array.isArray(values)) return;
  if (values.length === 0 || values.length > most) {
    check.problem(`${argument} has ${values.length}: give 1 to ${most} ${what}`);
  }
  for (const [i, value] of values.entries()) {
    if (values.indexOf(value) !== i)
      check.problem(`${argument} has "${value}" twice: leave one out`);
  }
}
