/** A pod as the API server gives it: what of it says whether it is ready. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly (Why & { readonly type: string; readonly status: string })[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly state?: { readonly waiting?: Why; readonly terminated?: Ended };
  readonly lastState?: { readonly terminated?: Ended };
}

interface Why {
  readonly reason?: string;
  readonly message?: string;
}

interface Ended {
  readonly exitCode: number;
  readonly reason?: string;
}

/**
 * Why pods are not ready, a line for each reason with the pods that have it. What a container wrote
 * as its last words is left out: nobody knows what is in it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
export function whyNotReady(pods: readonly Pod[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const pod of pods) {
    for (const reason of reasonsOf(pod)) {
      byReason.set(reason, [...(byReason.get(reason) ?? []), pod.metadata.name]);
    }
  }
  return [...byReason].map(([reason, [first, ...others]]) => {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `${first}${more}: ${reason}`;
  });
}

function reasonsOf({ metadata, status = {} }: Pod): string[] {
  const condition = (type: string) => status.conditions?.find((each) => each.type === type);
  if (metadata.deletionTimestamp !== undefined || condition("Ready")?.status === "True") return [];
  if (status.reason !== undefined) return [inWords(status)];
  const scheduled = condition("PodScheduled");
  if (scheduled?.status === "False") return [inWords(scheduled)];
  const containers = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ].filter(({ ready, state }) => !ready && state?.waiting?.reason !== "PodInitializing");
  return containers.length === 0
    ? ["not ready, and says no reason"]
    : containers.map((container) => `${container.name}: ${inContainer(container)}`);
}

function inContainer({ state = {}, lastState = {} }: ContainerStatus): string {
  const before =
    lastState.terminated === undefined ? "" : `; before: ${ending(lastState.terminated)}`;
  if (state.terminated !== undefined) return ending(state.terminated);
  if (state.waiting !== undefined) return `${inWords(state.waiting)}${before}`;
  return `runs, but its probes have not found it ready${before}`;
}

const ending = ({ exitCode, reason }: Ended) =>
  `ended with exit code ${exitCode}${reason === undefined ? "" : ` (${reason})`}`;

const inWords = ({ reason, message }: Why) => [reason, message].filter(Boolean).join(": ");
