import { failedRollouts } from "../../tools/rollouts";
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
    `worker-${kind}`,
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

test("fewer pods and others at once are waited for as well", async () => {
  await configure({ replicas: "2", greeting: "Good evening" });
  expect(await update()).toEqual({ changes: { replace: 1, update: 1 }, warnings: [] });
  expect(changing().status).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 });
});

test("a rollout that can't become ready fails within its deadline, and takes no pod away", async () => {
  await configure({ cpu: "16" });
  const failure = await update().then(JSON.stringify, String);
  expect(failure).toContain("timed out waiting for the condition");
  expect(failedRollouts(await copy.stack.exportStack())).toEqual([
    expect.objectContaining({
      label: "Deployment workloads-changing/web",
      selector: "app.kubernetes.io/name=web",
    }),
  ]);
  expect(changing().status.readyReplicas).toBe(2);
});

test("the next update with what ran before recovers", async () => {
  await configure({ cpu: "100m" });
  expect(await update()).toEqual({ changes: { update: 1 }, warnings: [] });
  expect(changing().status).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 });
});

test("destroy leaves nothing", async () => {
  await copy.stack.destroy();
  expect(namespaces().filter((name) => name.startsWith("workloads-"))).toEqual([]);
  const { deployment } = await copy.stack.exportStack();
  expect(deployment.resources ?? []).toEqual([]);
});
