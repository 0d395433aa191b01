import type { types } from "@pulumi/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { all, dnsLabel, wholeNumber } from "../rules";
import {
  type CheckedConfiguration,
  type ConfigurationArgs,
  checkConfiguration,
  configurationArguments,
  mountConfiguration,
} from "./configuration";
import { atMost } from "./names";
import { callerPolicy, type Egress } from "./network";
import { checkAllowTo } from "./network-args";
import { podTemplate } from "./pod";
import {
  type CheckedPod,
  checkPod,
  type PodArgs,
  podArguments,
  writableBesideFiles,
} from "./pod-args";
import { commonLabels, selectorLabels } from "./workload";

/** What is run to its end, once or by a schedule. */
export interface RunArgs extends PodArgs, ConfigurationArgs {
  /**
   * How many times it is tried again when it fails, after 10 seconds at first and twice as long
   * each time. Pods that had to leave their node are not counted.
   * @default 3
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
   */
  readonly backoffLimit?: number;
  /**
   * How long it may take, with everything that is tried again; then it is stopped, and has failed.
   * @default 600
   */
  readonly activeDeadlineSeconds?: number;
  /**
   * What the pods may reach, besides the cluster's DNS. Nobody reaches them.
   * @default nothing
   */
  readonly allowTo?: readonly Egress[];
}

/** What is run to its end, with everything said. */
export interface CheckedRun {
  readonly pod: CheckedPod;
  readonly configuration: CheckedConfiguration;
  readonly backoffLimit: number;
  readonly activeDeadlineSeconds: number;
  readonly allowTo: readonly Egress[];
}

/** The names of the arguments of what is run, for `check.known`. */
export const runArguments: Readonly<Record<keyof RunArgs, true>> = {
  ...podArguments,
  ...configurationArguments,
  backoffLimit: true,
  activeDeadlineSeconds: true,
  allowTo: true,
};

/**
 * Checks what is run, and completes it.
 * @param longestName how long its name may be, so that what is put behind it still fits
 */
export function checkRun(
  check: ArgumentCheck,
  name: string,
  longestName: number,
  args: RunArgs,
): CheckedRun {
  const { backoffLimit = 3, activeDeadlineSeconds = 600 } = args;
  check.required("name", name, all(dnsLabel, atMost(longestName)));
  check.plain("backoffLimit", backoffLimit, wholeNumber(0, 100, "more tries"));
  check.plain(
    "activeDeadlineSeconds",
    activeDeadlineSeconds,
    wholeNumber(1, 7 * 24 * 3600, "seconds, which are seven days"),
  );
  const pod = checkPod(check, name, args);
  return {
    pod,
    configuration: checkConfiguration(check, name, args, writableBesideFiles(pod)),
    backoffLimit,
    activeDeadlineSeconds,
    allowTo: checkAllowTo(check, args.allowTo),
  };
}

/**
 * Makes what a run needs, and says how a Job runs it: as a ServiceAccount of its own without a
 * token, behind a closed network.
 *
 * Children: `name-account`, `name-network`, and those of its configuration.
 *
 * @returns the Job's spec, and what must be there before it starts
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 */
export function prepareRun(
  name: string,
  { pod, configuration, ...run }: CheckedRun,
  opts: pulumi.CustomResourceOptions,
): { spec: types.input.batch.v1.JobSpec; dependsOn: pulumi.Resource[] } {
  const labels = commonLabels(name);
  const metadata = { name, namespace: pod.namespace, labels };
  const account = new core.ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  const network = new networking.NetworkPolicy(
    `${name}-network`,
    { metadata, spec: callerPolicy(selectorLabels(name), run.allowTo) },
    opts,
  );
  const template = podTemplate({
    ...pod,
    labels,
    serviceAccountName: account.metadata.name,
    configuration: mountConfiguration(name, configuration, pod.namespace, opts),
    // Each try is a pod of its own, and the logs of those that failed can still be read.
    restartPolicy: "Never",
  });
  return {
    spec: {
      backoffLimit: run.backoffLimit,
      activeDeadlineSeconds: run.activeDeadlineSeconds,
      // That a node is drained is not a failure of what ran there.
      podFailurePolicy: {
        rules: [
          {
            action: "Ignore",
            onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
          },
        ],
      },
      template,
    },
    // Before there is a policy of its own, the namespace's closes the network, DNS included.
    dependsOn: [network],
  };
}
