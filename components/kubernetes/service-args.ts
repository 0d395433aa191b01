import type { ArgumentCheck } from "../arguments";
import { checkRollout, type Rollout } from "../rollout";
import { matching, wholeNumber } from "../rules";
import {
  type ConfigurationArgs,
  checkConfiguration,
  configurationArguments,
} from "./configuration";
import type { Egress, Peer } from "./network";
import { checkAllowFrom, checkAllowTo } from "./network-args";
import { checkPod, type PodArgs, podArguments, writableBesideFiles } from "./pod-args";

/** What a workload is that answers HTTP requests. */
export interface ServiceArgs extends PodArgs, ConfigurationArgs {
  /**
   * The port the container listens on, 1024 to 65535: a process that is not root can't take a
   * lower one.
   * @default 8080
   */
  readonly port?: number;
  /**
   * In how many availability zones at least the pods run. With more than 1 this is enforced: pods
   * that can't be spread so, for want of zones with nodes for them, are not started, and the
   * update fails.
   * @default 1: pods are spread over zones as well as it goes
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly zones?: number;
  /**
   * How long a container may take until it answers `livenessPath` for the first time; then it is
   * started again.
   * @default 60
   * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#startup-probe
   */
  readonly startupSeconds?: number;
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
   * Who may send requests, besides those that are let in with `allowFrom`.
   * @default nobody
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  readonly allowFrom?: readonly Peer[];
  /**
   * What the pods may reach, besides the cluster's DNS and what lets them in.
   * @default nothing
   */
  readonly allowTo?: readonly Egress[];
}

/** The names of a service's arguments, for `check.known`. */
export const serviceArguments: Readonly<Record<keyof ServiceArgs, true>> = {
  ...podArguments,
  ...configurationArguments,
  port: true,
  zones: true,
  startupSeconds: true,
  livenessPath: true,
  readinessPath: true,
  allowFrom: true,
  allowTo: true,
};

const absolutePath = matching(/^\/[^\s?#]*$/, "an absolute path, like /healthz");

/**
 * Checks what a service of any kind is made of, and completes it.
 * @param ownVariables those that the component sets
 */
export function checkService(
  check: ArgumentCheck,
  name: string,
  args: ServiceArgs,
  ownVariables: readonly string[] = [],
) {
  const { port = 8080, zones = 1, startupSeconds = 60 } = args;
  const { livenessPath = "/healthz", readinessPath = "/readyz" } = args;
  const pod = checkPod(check, name, args, port);
  const configuration = checkConfiguration(
    check,
    name,
    args,
    writableBesideFiles(pod),
    ownVariables,
  );
  check.plain("zones", zones, wholeNumber(1, 100, "zones"));
  check.plain("startupSeconds", startupSeconds, wholeNumber(2, 1_800, "seconds"));
  check.plain("port", port, wholeNumber(1024, 65_535));
  check.plain("livenessPath", livenessPath, absolutePath);
  check.plain("readinessPath", readinessPath, absolutePath);
  if (livenessPath === readinessPath) {
    check.problem(
      `livenessPath and readinessPath are both "${livenessPath}": give two, or what can't serve ` +
        "for a moment is restarted",
    );
  }
  return {
    ...pod,
    configuration,
    http: { port, startupSeconds, livenessPath, readinessPath },
    zones,
    allowFrom: checkAllowFrom(check, args.allowFrom),
    allowTo: checkAllowTo(check, args.allowTo),
  };
}

/** Checks how long a rollout may take, in which every container has to start. */
export function checkServiceRollout(
  check: ArgumentCheck,
  { rollout, startupSeconds }: ServiceArgs & { readonly rollout?: Rollout },
  standard: number,
  max: number,
): number {
  const deadlineSeconds = checkRollout(check, rollout, standard, max);
  if (startupSeconds !== undefined && startupSeconds >= deadlineSeconds) {
    check.problem(
      `startupSeconds is ${startupSeconds}, and rollout.deadlineSeconds ${deadlineSeconds}: give the ` +
        "rollout more time than a container may take to start",
    );
  }
  return deadlineSeconds;
}
