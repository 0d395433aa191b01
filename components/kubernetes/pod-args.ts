import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { dnsLabel, matching, wholeNumber } from "../rules";
import {
  type CheckedContainer,
  type CheckedExtraContainer,
  type Container,
  type ContainerArgs,
  checkContainer,
  checkExtraContainer,
  containerArguments,
} from "./container";
import { objectName } from "./names";
import type { Namespace } from "./namespace";
import { checkTolerations } from "./tolerations";

/**
 * How long a pod goes on serving after it was told to stop: until every node and load balancer has
 * taken it out of its list of endpoints, requests still arrive.
 */
export const drainSeconds = 5;

/** What the pods of a workload of any kind are made of. */
export interface PodArgs extends ContainerArgs {
  /** The namespace it lives in: the component, or the name of one that was made elsewhere. */
  readonly namespace: Namespace | pulumi.Input<string>;
  /**
   * Containers that run beside the main one: started before it, stopped after it, and under the
   * same hardening.
   * @default none
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   */
  readonly sidecars?: readonly Container[];
  /**
   * Containers that have to end well, one after the other, before the main one starts. The
   * sidecars run by then.
   * @default none
   * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
   */
  readonly initContainers?: readonly Container[];
  /**
   * The PriorityClass that says who goes first where room is short.
   * @default that of the {@link Namespace}; where only its name is known, that of the cluster
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
   */
  readonly priorityClassName?: pulumi.Input<string>;
  /**
   * Labels of the nodes on which the pods may run.
   * @default any node
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Taints of nodes that the pods put up with.
   * @default none
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
   */
  readonly tolerations?: readonly types.input.core.v1.Toleration[];
  /**
   * Names of the Secrets that images are pulled with.
   * @default those of the {@link Namespace}; where only its name is known, none
   */
  readonly imagePullSecrets?: readonly pulumi.Input<string>[];
  /**
   * How long a pod may take to end once it is told to. A service goes on serving for the first 5
   * seconds, until every node has heard of it, and gets the signal to end only then.
   * @default 35
   */
  readonly terminationGracePeriodSeconds?: number;
}

/** What pods are made of, with everything said. */
export interface CheckedPod {
  readonly namespace: pulumi.Input<string>;
  readonly main: CheckedContainer;
  readonly sidecars: readonly CheckedExtraContainer[];
  readonly initContainers: readonly CheckedExtraContainer[];
  readonly priorityClassName: pulumi.Input<string> | undefined;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly types.input.core.v1.Toleration[];
  readonly imagePullSecrets: readonly pulumi.Input<string>[];
  readonly terminationGracePeriodSeconds: number;
}

/** The names of a pod's arguments, for `check.known`. */
export const podArguments: Readonly<Record<keyof PodArgs, true>> = {
  namespace: true,
  ...containerArguments,
  sidecars: true,
  initContainers: true,
  priorityClassName: true,
  nodeSelector: true,
  tolerations: true,
  imagePullSecrets: true,
  terminationGracePeriodSeconds: true,
};

const labelValue = matching(
  /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/,
  "a label's value: at most 63 letters, digits, hyphens, dots and underscores",
);

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const labelName = matching(
  /^(?=([^/]{1,253}\/)?[^/]{1,63}$)([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/,
  "a label's name, like topology.kubernetes.io/zone",
);

/**
 * Checks what pods are made of, and completes it.
 *
 * @param name the workload's, which is that of the main container too
 * @param port the main container's, where it has one
 */
export function checkPod(
  check: ArgumentCheck,
  name: string,
  args: PodArgs,
  port?: number,
): CheckedPod {
  const home = homeOf(args.namespace);
  const namespace = check.required("namespace", home.namespaceName, dnsLabel);
  const main = checkContainer(check, "", name, args);
  const extra = (kind: "sidecars" | "initContainers") =>
    check
      .list(kind, args[kind])
      .map((container, i) => checkExtraContainer(check, `${kind}[${i}].`, container, main));
  const [sidecars, initContainers] = [extra("sidecars"), extra("initContainers")];
  for (const [i, { port }] of initContainers.entries()) {
    if (port === undefined) continue;
    check.problem(`initContainers[${i}].port is ${port}: leave it out, nobody reaches it`);
  }
  // The main container's port is that of the Service; all containers of a pod share one address.
  unique(check, "name", [name, ...[...sidecars, ...initContainers].map((each) => each.name)]);
  unique(
    check,
    "port",
    [port, ...sidecars.map((each) => each.port)].filter((each) => Number.isInteger(each)),
  );
  const nodeSelector = check.map("nodeSelector", args.nodeSelector);
  for (const [key, value] of Object.entries(nodeSelector)) {
    const wrong = labelName(key);
    if (wrong !== undefined) check.problem(`nodeSelector has the label "${key}": ${wrong}`);
    check.required(`nodeSelector["${key}"]`, value, labelValue, { plain: true });
  }
  const tolerations = checkTolerations(check, args.tolerations);
  const grace = args.terminationGracePeriodSeconds ?? drainSeconds + 30;
  check.plain(
    "terminationGracePeriodSeconds",
    grace,
    wholeNumber(drainSeconds + 1, 3_600, "seconds"),
  );
  return {
    namespace,
    main,
    sidecars,
    initContainers,
    priorityClassName: check.input(
      "priorityClassName",
      args.priorityClassName ?? home.priorityClassName,
      objectName("PriorityClass"),
    ),
    nodeSelector,
    tolerations,
    imagePullSecrets: check
      .list("imagePullSecrets", args.imagePullSecrets ?? home.imagePullSecrets)
      .map((secret, i) => check.required(`imagePullSecrets[${i}]`, secret, objectName("Secret"))),
    terminationGracePeriodSeconds: grace,
  };
}

/** What pods have of the namespace they live in. */
type Home = Pick<Namespace, "imagePullSecrets"> & {
  readonly namespaceName: pulumi.Input<string>;
  readonly priorityClassName?: pulumi.Input<string>;
};

function homeOf(namespace: PodArgs["namespace"]): Home {
  if (pulumi.Resource.isInstance(namespace) && "namespaceName" in namespace) return namespace;
  return { namespaceName: namespace as pulumi.Input<string>, imagePullSecrets: [] };
}

/** The folders that containers may write to which have the files of the configuration as well. */
export function writableBesideFiles({ main, sidecars, initContainers }: CheckedPod): string[] {
  const inheriting = [...sidecars, ...initContainers].filter((each) => each.inheritConfiguration);
  return [main, ...inheriting].flatMap((each) => each.writablePaths);
}

/** Notes each value that two containers of the pod have. */
function unique(check: ArgumentCheck, what: string, values: readonly unknown[]): void {
  for (const value of new Set(values.filter((each, i) => values.indexOf(each) !== i))) {
    check.problem(`two containers of the pod have the ${what} ${value}: change one`);
  }
}
