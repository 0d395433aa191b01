import type { ArgumentCheck } from "../arguments";
import { checkRollout, type Rollout } from "../rollout";
import { wholeNumber } from "../rules";
import {
  type ConfigurationArgs,
  checkConfiguration,
  configurationArguments,
} from "./configuration";
import type { Egress } from "./network";
import { checkAllowTo } from "./network-args";
import { checkPod, type PodArgs, podArguments, writableBesideFiles } from "./pod-args";

/** What a workload is whose pods run until they are stopped. */
export interface LongRunningArgs extends PodArgs, ConfigurationArgs {
  /**
   * In how many availability zones at least the pods run. With more than 1 this is enforced: pods
   * that can't be spread so, for want of zones with nodes for them, are not started, and the
   * update fails.
   * @default 1: pods are spread over zones as well as it goes
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly zones?: number;
  /**
   * How long a container may take until it is found alive for the first time; then it is started
   * again.
   * @default 60
   * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#startup-probe
   */
  readonly startupSeconds?: number;
  /**
   * What the pods may reach, besides the cluster's DNS and what lets them in.
   * @default nothing
   */
  readonly allowTo?: readonly Egress[];
}

/** The names of the arguments of what runs until it is stopped, for `check.known`. */
export const longRunningArguments: Readonly<Record<keyof LongRunningArgs, true>> = {
  ...podArguments,
  ...configurationArguments,
  zones: true,
  startupSeconds: true,
  allowTo: true,
};

/**
 * Checks what runs until it is stopped, and completes it.
 * @param port the main container's, where it has one
 * @param ownVariables those that the component sets
 */
export function checkLongRunning(
  check: ArgumentCheck,
  name: string,
  args: LongRunningArgs,
  port: number | undefined,
  ownVariables: readonly string[],
) {
  const { zones = 1, startupSeconds = 60 } = args;
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
  return {
    ...pod,
    configuration,
    zones,
    startupSeconds,
    allowTo: checkAllowTo(check, args.allowTo),
  };
}

/** Checks how long a rollout may take, in which every container has to start. */
export function checkPodRollout(
  check: ArgumentCheck,
  { rollout, startupSeconds }: Pick<LongRunningArgs, "startupSeconds"> & { rollout?: Rollout },
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
