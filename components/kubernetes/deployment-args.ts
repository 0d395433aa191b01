import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { Rollout } from "../rollout";
import { all, wholeNumber } from "../rules";
import { checkLeaderElection, type LeaderElection } from "./leader-election";
import { checkPodRollout, type LongRunningArgs } from "./long-running-args";
import type { ResourceScaling } from "./scaling";

/** How many pods there are that are all alike, and how they are renewed. */
export interface DeploymentArgs<S extends ResourceScaling> {
  /**
   * How many pods run. Not together with `scaling`.
   * @default 2, so that one may go without anybody noticing
   */
  readonly replicas?: pulumi.Input<number>;
  /**
   * Lets it scale by itself, in place of `replicas`. One that runs already goes down to one pod for
   * some seconds when `replicas` is taken away from it. To prevent that, hand the number over just
   * before, as another than it is: `kubectl scale deployment/web --replicas=5`.
   * @default it does not
   * @example scaling: { min: 3, max: 20 }
   */
  readonly scaling?: S;
  /**
   * How new pods take the place of old ones: always some more at first, then fewer of the old. When
   * the deadline has passed, 30 to 3600 seconds, the update fails, and the old pods go on;
   * `kubectl describe pods` has the reason.
   * @default { deadlineSeconds: 300 }
   */
  readonly rollout?: Rollout;
  /**
   * Lets the pods agree on one that leads, by a Lease: they may hold it as their ServiceAccount, and
   * find its name in `LEASE_NAME` and `LEASE_NAMESPACE`, and their own in `POD_NAME`.
   * @default none leads
   * @example leaderElection: { apiServerAt: ["10.0.16.0/20", "10.0.32.0/20"] }
   * @see https://kubernetes.io/docs/concepts/architecture/leases/
   */
  readonly leaderElection?: LeaderElection;
}

/** The names of a Deployment's arguments, for `check.known`. */
export const deploymentArguments: Readonly<Record<keyof DeploymentArgs<never>, true>> = {
  replicas: true,
  scaling: true,
  rollout: true,
  leaderElection: true,
};

/**
 * Checks how many pods there are, and how they are renewed, and completes it.
 * @param checkScaling checks how it scales
 * @returns of `replicas` and `scaling` one is undefined; `toApiServer` is the way to the Lease
 */
export function checkDeployment<S extends ResourceScaling>(
  check: ArgumentCheck,
  args: DeploymentArgs<S> & Pick<LongRunningArgs, "zones" | "startupSeconds">,
  checkScaling: (check: ArgumentCheck, scaling: S) => void,
) {
  const { leaderElection } = args;
  return {
    ...checkPods(check, args, checkScaling),
    deadlineSeconds: checkPodRollout(check, args, 300, 3_600),
    elects: leaderElection !== undefined,
    toApiServer: leaderElection === undefined ? [] : checkLeaderElection(check, leaderElection),
  };
}

function checkPods<S extends ResourceScaling>(
  check: ArgumentCheck,
  { scaling, replicas, zones = 1 }: DeploymentArgs<S> & Pick<LongRunningArgs, "zones">,
  checkScaling: (check: ArgumentCheck, scaling: S) => void,
) {
  const oneForEachZone = (pods: number) =>
    pods < zones ? `give at least ${zones}, a pod for each of the zones` : undefined;
  if (scaling === undefined) {
    const rule = all(wholeNumber(1, 1_000, "pods"), oneForEachZone);
    return { scaling, replicas: check.input("replicas", replicas ?? 2, rule) };
  }
  checkScaling(check, scaling);
  check.plain("scaling.min", scaling.min, oneForEachZone);
  if (replicas !== undefined) {
    check.problem("replicas and scaling are both given, and would fight: leave one out");
  }
  return { scaling, replicas: undefined };
}
