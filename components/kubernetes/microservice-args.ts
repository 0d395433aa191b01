import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import type { Rollout } from "../rollout";
import { all, dnsLabel, wholeNumber } from "../rules";
import { checkLeaderElection, type LeaderElection, leaderVariables } from "./leader-election";
import { type HashOn, serviceAffinity } from "./load-balancing";
import { checkScaling, type Scaling } from "./scaling";
import {
  checkService,
  checkServiceRollout,
  type ServiceArgs,
  serviceArguments,
} from "./service-args";

/** Arguments of {@link Microservice}. */
export interface MicroserviceArgs extends ServiceArgs {
  /**
   * How many pods run. Not together with `scaling`.
   * @default 2, so that one may go without anybody noticing
   */
  readonly replicas?: pulumi.Input<number>;
  /**
   * Lets the service scale by itself, in place of `replicas`. One that runs already goes down to
   * one pod for some seconds when `replicas` is taken away from it. To prevent that, hand the number
   * over just before, as another than it is: `kubectl scale deployment/web --replicas=5`.
   * @default it does not
   * @example scaling: { min: 3, max: 20 }
   */
  readonly scaling?: Scaling;
  /**
   * How new pods take the place of old ones: always some more at first, then fewer of the old. When
   * the deadline has passed, 30 to 3600 seconds, the update fails, and the old pods go on serving;
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
  /**
   * By what callers within the cluster are told apart, so that the same come to the same pod. A
   * Service sees addresses alone, so it takes `{ source: true }`; for headers and cookies of those
   * outside, {@link Route} has it.
   * @default any pod may get any request
   * @see https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity
   */
  readonly hashOn?: HashOn;
}

/**
 * Checks the arguments of a microservice, and completes them.
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkMicroservice(type: string, name: string, args: MicroserviceArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<MicroserviceArgs>(args, {
    ...serviceArguments,
    replicas: true,
    scaling: true,
    rollout: true,
    leaderElection: true,
    hashOn: true,
  });
  check.required("name", name, dnsLabel);
  const { leaderElection } = args;
  const elects = leaderElection !== undefined;
  const service = checkService(check, name, args, elects ? leaderVariables : []);
  const checked = {
    ...service,
    ...checkPods(check, args),
    deadlineSeconds: checkServiceRollout(check, args, 300, 3_600),
    elects,
    allowTo: [...service.allowTo, ...(elects ? checkLeaderElection(check, leaderElection) : [])],
    sessionAffinity: serviceAffinity(check, args.hashOn),
  };
  check.throwIfAny();
  return checked;
}

/** How many pods there are; of `replicas` and `scaling` one is undefined. */
function checkPods(check: ArgumentCheck, { scaling, replicas, zones = 1 }: MicroserviceArgs) {
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
