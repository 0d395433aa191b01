import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { all, dnsLabel, matching, wholeNumber } from "../rules";
import {
  type ConfigurationArgs,
  checkConfiguration,
  configurationArguments,
} from "./configuration";
import { checkPod, type PodArgs, podArguments } from "./pod-args";
import { checkScaling, type Scaling } from "./scaling";

/** Arguments of {@link Microservice}. */
export interface MicroserviceArgs extends PodArgs, ConfigurationArgs {
  /**
   * The port the container listens on, 1024 to 65535: a process that is not root can't take a
   * lower one.
   * @default 8080
   */
  readonly port?: number;
  /**
   * How many pods run. Not together with `scaling`.
   * @default 2, so that one may go without anybody noticing
   */
  readonly replicas?: pulumi.Input<number>;
  /**
   * Lets the service scale by itself, in place of `replicas`.
   * @default it does not
   * @example scaling: { min: 3, max: 20 }
   */
  readonly scaling?: Scaling;
  /**
   * In how many availability zones at least the pods run. With more than 1 this is enforced: pods
   * that can't be spread so, for want of zones with nodes for them, are not started, and the
   * update fails.
   * @default 1: pods are spread over zones as well as it goes
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly zones?: number;
  /**
   * Answers whether the process is alive; three states of trouble and it is started again. Must
   * not depend on anything outside the pod.
   * @default "/healthz"
   */
  readonly livenessPath?: string;
  /**
   * Answers whether the pod can serve now; while it can't it gets no requests.
   * @default "/readyz"
   */
  readonly readinessPath?: string;
  /**
   * How long a rollout may take until all pods are ready. Then the update fails with what the pods
   * say; the old ones go on serving.
   * @default 300
   */
  readonly rolloutDeadlineSeconds?: number;
  /**
   * Who may send requests, besides those that are let in with {@link Microservice.allowFrom}.
   * @default nobody
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  readonly allowFrom?: readonly types.input.networking.v1.NetworkPolicyPeer[];
  /**
   * What the pods may reach, besides the cluster's DNS and what lets them in.
   * @default nothing
   */
  readonly allowTo?: readonly types.input.networking.v1.NetworkPolicyEgressRule[];
}

const absolutePath = matching(/^\/[^\s?#]*$/, "an absolute path, like /healthz");

/**
 * Checks the arguments of a microservice, and completes them.
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkMicroservice(type: string, name: string, args: MicroserviceArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<MicroserviceArgs>(args, {
    ...podArguments,
    ...configurationArguments,
    port: true,
    replicas: true,
    scaling: true,
    zones: true,
    livenessPath: true,
    readinessPath: true,
    rolloutDeadlineSeconds: true,
    allowFrom: true,
    allowTo: true,
  });
  check.input("name", name, dnsLabel);
  const port = args.port ?? 8080;
  const pod = checkPod(check, name, args, port);
  const checked = {
    ...pod,
    configuration: checkConfiguration(check, args, pod.main.writablePaths),
    http: {
      port,
      livenessPath: args.livenessPath ?? "/healthz",
      readinessPath: args.readinessPath ?? "/readyz",
    },
    zones: args.zones ?? 1,
    rolloutDeadlineSeconds: args.rolloutDeadlineSeconds ?? 300,
    ...checkPods(check, args),
    allowFrom: args.allowFrom ?? [],
    allowTo: args.allowTo ?? [],
  };
  check.input("port", port, wholeNumber(1024, 65_535));
  check.input("livenessPath", checked.http.livenessPath, absolutePath);
  check.input("readinessPath", checked.http.readinessPath, absolutePath);
  if (checked.http.livenessPath === checked.http.readinessPath) {
    check.problem(
      `livenessPath and readinessPath are both "${checked.http.livenessPath}": give two, or what ` +
        "can't serve for a moment is restarted",
    );
  }
  check.input(
    "rolloutDeadlineSeconds",
    checked.rolloutDeadlineSeconds,
    wholeNumber(30, 3_600, "seconds"),
  );
  check.throwIfAny();
  return checked;
}

/** How many pods there are; of `replicas` and `scaling` one is undefined. */
function checkPods(check: ArgumentCheck, { scaling, replicas, zones = 1 }: MicroserviceArgs) {
  check.input("zones", zones, wholeNumber(1, 100, "zones"));
  const oneForEachZone = (pods: number) =>
    pods < zones ? `give at least ${zones}, a pod for each of the zones` : undefined;
  if (scaling === undefined) {
    const rule = all(wholeNumber(1, 1_000, "pods"), oneForEachZone);
    return { scaling, replicas: check.input("replicas", replicas ?? 2, rule) };
  }
  checkScaling(check, scaling);
  check.input("scaling.min", scaling.min, oneForEachZone);
  if (replicas !== undefined) {
    check.problem("replicas and scaling are both given, and would fight: leave one out");
  }
  return { scaling, replicas: undefined };
}
