import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputMap, UpdateSummary } from "@pulumi/pulumi/automation";
import { emulated, kubectl, namespaces, objects, sendMessage } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// The steps of a stack's life in order: each one needs the one before. They run the real engine
// and the real provider plugins against the local platform.
jest.setTimeout(5 * 60_000);

const namespace = "groundwork-integration";
const canary = "canary-4b1f7c60-a-session-key-nobody-may-read";
const sealCanary = "canary-c7d05e12-a-seal-key-nobody-may-read";
const changedCanary = "canary-9e2d8a35-a-session-key-nobody-may-read";

let copy: Copy;
let before: readonly string[];
let outputs: OutputMap;

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { image: string }[] } };
  };
  readonly status: { readonly readyReplicas: number; readonly replicas: number };
}

const web = () => kubectl<Deployment>("get", "deployment", "web", "--namespace", namespace);

/** How many resources an update touched, by operation; what stayed the same left out. */
function changes(summary: UpdateSummary): Record<string, number> {
  const { same: _, ...rest } = summary.resourceChanges ?? {};
  return rest;
}

/** Every place where the engine shows or keeps something. */
async function everythingShown(): Promise<string> {
  const { stack } = copy;
  const events: unknown[] = [];
  const preview = await stack.preview({
    diff: true,
    onEvent: (event) => {
      // The SDK's debug lines are only in the engine's raw event log, and write a Kubernetes
      // Secret out in base64, whatever a program does. README.md warns of publishing that log.
      const severity: string | undefined = event.diagnosticEvent?.severity;
      if (severity !== "debug") events.push(event);
    },
  });
  const state = readFileSync(copy.stateFile, "utf8");
  const shown = execFileSync("pulumi", ["stack", "output", "--json", "--stack", "dev"], {
    cwd: stack.workspace.workDir,
    encoding: "utf8",
    env: { ...process.env, ...stack.workspace.envVars },
  });
  return [preview.stdout, preview.stderr, shown, state, events]
    .map((each) => (typeof each === "string" ? each : JSON.stringify(each)))
    .join("\n");
}

/** The secrets that are in a text, in clear or as Kubernetes writes them. */
function leaked(text: string): readonly string[] {
  return [canary, sealCanary, changedCanary].filter(
    (secret) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")),
  );
}

beforeAll(async () => {
  before = await emulated();
  copy = await copyProgram();
  await copy.stack.setAllConfig({
    "groundwork:namespace": { value: namespace },
    "groundwork:sessionKey": { value: canary, secret: true },
    "groundwork:sealKey": { value: sealCanary, secret: true },
  });
});

afterAll(async () => {
  // Also after a failure nothing may stay, or the next run would not start from nothing.
  await copy.stack.destroy({ refresh: true });
  removeCopy();
});

test("a wrong config is refused before anything is made", async () => {
  await copy.stack.setConfig("groundwork:logLevel", { value: "LOUD" });
  await expect(copy.stack.up()).rejects.toThrow(
    'logLevel is "LOUD": give one of DEBUG, INFO, WARNING, ERROR',
  );
  await copy.stack.setConfig("groundwork:logLevel", { value: "DEBUG" });
  expect(await emulated()).toEqual(before);
  expect(namespaces()).not.toContain(namespace);
});

test("up makes everything", async () => {
  const result = await copy.stack.up();
  outputs = result.outputs;
  expect(result.summary.result).toBe("succeeded");
  expect(changes(result.summary)).toEqual({ create: 46 });
  expect(outputs["webUrl"]?.value).toBe(`http://web.${namespace}`);
  expect(outputs["webImage"]?.value).toBe("localhost:5000/web:0.1.0");
});

test("the cluster runs the web service under Pod Security's restricted standard", () => {
  const { spec, status } = web();
  expect(spec.replicas).toBe(3);
  expect(status.readyReplicas).toBe(3);
  const { metadata } = kubectl<{ metadata: { labels: Record<string, string> } }>(
    "get",
    "namespace",
    namespace,
  );
  expect(metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
});

test("the pods get the secret", () => {
  const { items } = kubectl<{ items: readonly { data: Record<string, string> }[] }>(
    "get",
    "secrets",
    "--namespace",
    namespace,
  );
  expect(
    items.map(({ data }) => Buffer.from(data["SESSION_KEY"] ?? "", "base64").toString()),
  ).toEqual([canary]);
});

test("an order that is put into the queue ends in the bucket", async () => {
  const order = { id: "o-1", item: "tea", quantity: 2 };
  await sendMessage(outputs["ordersQueueUrl"]?.value, order);
  expect(await objects(outputs["archiveBucketName"]?.value)).toEqual([JSON.stringify(order)]);
});

test("the secret is nowhere in plain text", async () => {
  expect(leaked(await everythingShown())).toEqual([]);
  await copy.stack.setConfig("groundwork:sessionKey", { value: changedCanary, secret: true });
  const shown = await everythingShown();
  expect(shown).toContain("web-secrets");
  expect(leaked(shown)).toEqual([]);
  await copy.stack.setConfig("groundwork:sessionKey", { value: canary, secret: true });
});

test("up again changes nothing", async () => {
  const result = await copy.stack.up({ expectNoChanges: true });
  expect(changes(result.summary)).toEqual({});
});

test("another number of replicas changes the Deployment and nothing else", async () => {
  await copy.stack.setConfig("groundwork:replicas", { value: "5" });
  const result = await copy.stack.up();
  expect(changes(result.summary)).toEqual({ update: 1 });
  expect(web().status.readyReplicas).toBe(5);
});

test("another greeting makes a new ConfigMap and rolls the pods", async () => {
  await copy.stack.setConfig("groundwork:greeting", { value: "Good morning" });
  const result = await copy.stack.up();
  expect(changes(result.summary)).toEqual({ replace: 1, update: 1 });
});

test("changed code publishes a version and moves the alias", async () => {
  appendFileSync(join(copy.directory, "apps/archive/src/handler.py"), "\n# changed\n");
  const result = await copy.stack.up();
  expect(changes(result.summary)).toEqual({ update: 2 });
});

test("refresh finds everything as it was left", async () => {
  const result = await copy.stack.refresh({ expectNoChanges: true });
  expect(changes(result.summary)).toEqual({});
});

test("destroy leaves nothing", async () => {
  const result = await copy.stack.destroy();
  expect(result.summary.result).toBe("succeeded");
  expect(await emulated()).toEqual(before);
  expect(namespaces()).not.toContain(namespace);
  const state = await copy.stack.exportStack();
  expect(state.deployment.resources ?? []).toEqual([]);
});
