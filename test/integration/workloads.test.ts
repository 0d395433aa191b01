import { clusterExtras } from "./cluster-extras";
import { apply, kubectl, namespaces, type ObjectList, remove } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// The steps of the workloads' life in order: each one needs the one before. The API server, its
// admission and its controllers are real; the nodes are simulated, and run whatever fits on them.
jest.setTimeout(5 * 60_000);

let copy: Copy;

beforeAll(async () => {
  apply(clusterExtras);
  copy = await copyProgram("test/integration/workloads-program.ts");
  await configure({ replicas: "2", greeting: "Hello", cpu: "100m" });
});

afterAll(async () => {
  await copy.stack.destroy({ refresh: true });
  remove(clusterExtras);
  removeCopy();
});

function configure(values: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(values).map(([key, value]) => [`changing:${key}`, { value }]);
  return copy.stack.setAllConfig(Object.fromEntries(entries));
}

/** What an update did, what stayed the same left out, and what the API server warned of. */
async function update(): Promise<{ readonly changes: object; readonly warnings: object }> {
  const warnings: string[] = [];
  const { summary } = await copy.stack.up({
    onEvent: ({ diagnosticEvent }) => {
      const { message = "" } = diagnosticEvent ?? {};
      if (/PodSecurity|deprecated|unknown field/.test(message)) warnings.push(message);
    },
  });
  const { same: _, ...changes } = summary.resourceChanges ?? {};
  return { changes, warnings };
}

interface Changing {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas: number; readonly updatedReplicas: number };
}

const changing = () =>
  kubectl<Changing>("get", "deployment", "web", "--namespace", "workloads-changing");

/** Says of the pod that no node takes what a node says when it can't pull the image. */
async function reportBadImage(): Promise<void> {
  const inNamespace = ["--namespace", "workloads-changing"] as const;
  const pending = () =>
    kubectl<ObjectList>("get", "pods", ...inNamespace, "--field-selector", "status.phase=Pending")
      .items[0]?.metadata.name;
  for (let tries = 0; pending() === undefined && tries < 50; tries++) {
    await new Promise((done) => setTimeout(done, 500));
  }
  const waiting = { reason: "ErrImagePull", message: 'no such image "shop"' };
  const web = { name: "web", image: "shop", imageID: "", ready: false, restartCount: 0 };
  const status = {
    conditions: [
      { type: "PodScheduled", status: "True" },
      { type: "Initialized", status: "True" },
      { type: "Ready", status: "False", reason: "ContainersNotReady" },
    ],
    containerStatuses: [{ ...web, state: { waiting } }],
  };
  const patch = ["--subresource", "status", "--patch", JSON.stringify({ status })];
  kubectl("patch", "pod", String(pending()), ...inNamespace, ...patch);
}

test("every workload is admitted without a warning, and becomes ready", async () => {
  expect(await update()).toEqual({ changes: { create: expect.any(Number) }, warnings: [] });
});

test.each(["default", "full"])("the cluster has the workloads of the %s configuration", (kind) => {
  const inNamespace = ["--namespace", `workloads-${kind}`] as const;
  const kinds = "deployments,statefulsets,cronjobs";
  const { items } = kubectl<ObjectList>("get", kinds, ...inNamespace);
  expect(items.map(({ metadata }) => metadata.name).sort()).toEqual([
    `cronjob-${kind}`,
    `microservice-${kind}`,
    `shards-${kind}`,
  ]);
});

test("up again changes nothing", async () => {
  expect(await update()).toEqual({ changes: {}, warnings: [] });
});

test("another number of replicas changes the Deployment alone", async () => {
  await configure({ replicas: "3" });
  expect(await update()).toEqual({ changes: { update: 1 }, warnings: [] });
  expect(changing().status.readyReplicas).toBe(3);
});

test("another configuration rolls the pods", async () => {
  await configure({ greeting: "Good morning" });
  expect(await update()).toEqual({ changes: { replace: 1, update: 1 }, warnings: [] });
  expect(changing().status.updatedReplicas).toBe(3);
});

test("a rollout that can't become ready fails within its deadline with what the pods say", async () => {
  // No node has so much, so that none touches the pod; what one says of a bad image is said here.
  await configure({ cpu: "16" });
  const failing = update().then(JSON.stringify, String);
  await reportBadImage();
  const failure = await failing;
  expect(failure).toContain("[ProgressDeadlineExceeded]");
  expect(failure).toContain('[ErrImagePull] no such image "shop"');
  expect(changing().status.readyReplicas).toBe(3);
});

test("the next update with what ran before recovers", async () => {
  await configure({ cpu: "100m" });
  expect(await update()).toEqual({ changes: { update: 1 }, warnings: [] });
  expect(changing().status).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });
});

test("destroy leaves nothing", async () => {
  await copy.stack.destroy();
  expect(namespaces().filter((name) => name.startsWith("workloads-"))).toEqual([]);
  const { deployment } = await copy.stack.exportStack();
  expect(deployment.resources ?? []).toEqual([]);
});
