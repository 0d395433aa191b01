import { Failure, Interrupted } from "../support/failure";
import { readText } from "../support/files";
import { lastLines } from "../support/programs";

/** Usual causes by what the log says then, and what to do about them. */
const causes: readonly (readonly [RegExp, string])[] = [
  [
    /too many open files|inotify|could not find a log line that matches/i,
    "Often inotify's limits: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512",
  ],
  [
    /no space left on device|disk ?pressure/i,
    "The disk is full: `docker system df` shows of what.",
  ],
  [
    /cgroup ?v1|cgroups v1|cgroup v2|Delegate=yes/i,
    "Newer Kubernetes and rootless engines need cgroup v2; see https://kind.sigs.k8s.io/docs/user/rootless",
  ],
  [
    /failed to pull image|pull access denied|manifest unknown|registry-1\.docker\.io/i,
    "The image of the nodes can't be pulled: the container engine must reach its registry, by a proxy if need be.",
  ],
  [
    /port is already allocated|address already in use/i,
    "Another program has the port: `docker ps` shows whether it is a container.",
  ],
  [
    /address pools have been fully subnetted/i,
    "The engine has no network left to give: `docker network prune` removes unused ones.",
  ],
  [
    /context deadline exceeded|timed out waiting|kubelet is not healthy|signal: killed/i,
    "Often too little memory or too slow a disk: three nodes need 4 GB in the container engine.",
  ],
];

/** Turns the failure of `kind create cluster` into one with kind's own words and usual causes. */
export function creationFailure(error: unknown, log: string): unknown {
  if (!(error instanceof Failure) || error instanceof Interrupted) return error;
  const text = readText(log) ?? "";
  const complaint = text.split("\n").find((line) => line.startsWith("ERROR: "));
  const last = lastLines(log, 5).filter((line) => line !== complaint);
  return new Failure(error.message, [
    ...[...(complaint === undefined ? [] : [complaint]), ...last].map((line) => `  ${line}`),
    ...causes.filter(([words]) => words.test(text)).map(([, advice]) => advice),
    `The whole log: ${log}`,
    "More causes: https://kind.sigs.k8s.io/docs/user/known-issues",
  ]);
}
