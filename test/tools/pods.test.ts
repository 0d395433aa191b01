import { type Pod, whyNotReady } from "../../tools/pods";

type Status = NonNullable<Pod["status"]>;
type Container = NonNullable<Status["containerStatuses"]>[number];

const pod = (name: string, status: Status): Pod => ({ metadata: { name }, status });

/** A pod on a node whose container is like this. */
const running = (name: string, container: Partial<Container>): Pod =>
  pod(name, {
    conditions: [
      { type: "PodScheduled", status: "True" },
      { type: "Ready", status: "False", reason: "ContainersNotReady" },
    ],
    containerStatuses: [{ name: "web", ready: false, ...container }],
  });

test("pods that are ready or about to go give no reason", () => {
  const ready = pod("web-1", { conditions: [{ type: "Ready", status: "True" }] });
  const going = { metadata: { name: "web-2", deletionTimestamp: "2025-01-01T00:00:00Z" } };
  expect(whyNotReady([ready, going])).toEqual([]);
});

test.each<[string, Partial<Container>, string]>([
  [
    "an image that can't be had",
    { state: { waiting: { reason: "ErrImagePull", message: "not found" } } },
    "ErrImagePull: not found",
  ],
  [
    "a container that ends again and again",
    {
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 20s" } },
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
    },
    "CrashLoopBackOff: back-off 20s; before: ended with exit code 137 (OOMKilled)",
  ],
  [
    "a container that has just ended",
    { state: { terminated: { exitCode: 1 } } },
    "ended with exit code 1",
  ],
  ["a probe that fails", { state: {} }, "runs, but its probes have not found it ready"],
])("says %s", (_, container, reason) => {
  expect(whyNotReady([running("web-1", container)])).toEqual([`web-1: web: ${reason}`]);
});

test("names the init container that holds the others up, and not those", () => {
  const { conditions } = running("web-1", {}).status ?? {};
  const held = pod("web-1", {
    conditions: conditions ?? [],
    initContainerStatuses: [
      { name: "copy", ready: true, state: { terminated: { exitCode: 0 } } },
      { name: "migrate", ready: false, state: { terminated: { exitCode: 2, reason: "Error" } } },
    ],
    containerStatuses: [
      { name: "web", ready: false, state: { waiting: { reason: "PodInitializing" } } },
    ],
  });
  expect(whyNotReady([held])).toEqual(["web-1: migrate: ended with exit code 2 (Error)"]);
});

test("says why a pod has no node, and why it was put off one", () => {
  const why = { reason: "Unschedulable", message: "0/3 nodes are available" };
  expect(
    whyNotReady([
      pod("web-1", { conditions: [{ type: "PodScheduled", status: "False", ...why }] }),
      pod("web-2", { reason: "Evicted", message: "The node was low on memory." }),
      pod("web-3", {}),
    ]),
  ).toEqual([
    "web-1: Unschedulable: 0/3 nodes are available",
    "web-2: Evicted: The node was low on memory.",
    "web-3: not ready, and says no reason",
  ]);
});

test("says once what many pods say", () => {
  const state = { waiting: { reason: "ErrImagePull" } };
  const pods = ["web-1", "web-2", "web-3"].map((name) => running(name, { state }));
  expect(whyNotReady(pods)).toEqual(["web-1 and 2 more: web: ErrImagePull"]);
});

test("keeps a container's last words to itself", () => {
  const terminated = { exitCode: 1, reason: "Error", message: "password=hunter2" };
  expect(whyNotReady([running("web-1", { state: { terminated } })])).toEqual([
    "web-1: web: ended with exit code 1 (Error)",
  ]);
});
