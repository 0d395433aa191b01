import { createHmac } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { OutputMap, UpdateSummary } from "@pulumi/pulumi/automation";
import { Canary, kept, leaks, previewed, toldByPlatform } from "./leaks";
import { type Archived, archived, emulated, kubectl, namespaces, sendMessage } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// The steps of a stack's life in order: each one needs the one before. They run the real engine
// and the real provider plugins against the local platform.
jest.setTimeout(5 * 60_000);

const namespace = "groundwork-integration";
const sessionKey = new Canary("canary4b1f7c60aSessionKey");
const newSessionKey = new Canary("canary9e2d8a35anotherSessionKey");
const sealKey = new Canary("canaryc7d05e12aSealKey");
const newSealKey = new Canary("canaryd81f3b97anotherSealKey");
const tooShort = new Canary("canary5a");
const canaries = [sessionKey, newSessionKey, sealKey, newSealKey, tooShort];

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

/** What the archive keeps of an order, sealed with a key. */
function sealed(order: unknown, { value }: Canary): Archived {
  const content = JSON.stringify(order);
  return { content, seal: createHmac("sha256", value).update(content).digest("hex") };
}

function setSecrets(secrets: Readonly<Record<string, Canary>>): Promise<void> {
  const entries = Object.entries(secrets).map(([key, { value }]) => [
    `groundwork:${key}`,
    { value, secret: true },
  ]);
  return copy.stack.setAllConfig(Object.fromEntries(entries));
}

beforeAll(async () => {
  before = await emulated();
  copy = await copyProgram();
  await copy.stack.setConfig("groundwork:namespace", { value: namespace });
  await setSecrets({ sessionKey, sealKey });
});

afterAll(async () => {
  // Also after a failure nothing may stay, or the next run would not start from nothing.
  await copy.stack.destroy({ refresh: true });
  removeCopy();
});

test("a wrong config is refused before anything is made", async () => {
  await copy.stack.setConfig("groundwork:logLevel", { value: "LOUD" });
  await setSecrets({ sealKey: tooShort });
  const failure = await copy.stack.up().then(String, String);
  expect(failure).toContain('logLevel is "LOUD": give one of DEBUG, INFO, WARNING, ERROR');
  expect(failure).toContain("sealKey does not fit: give at least 32 characters");
  expect(leaks(canaries, [["error", failure]])).toEqual([]);
  await copy.stack.setConfig("groundwork:logLevel", { value: "DEBUG" });
  await setSecrets({ sealKey });
  expect(await emulated()).toEqual(before);
  expect(namespaces()).not.toContain(namespace);
});

test("up makes everything", async () => {
  const result = await copy.stack.up();
  outputs = result.outputs;
  expect(result.summary.result).toBe("succeeded");
  expect(changes(result.summary)).toEqual({ create: 54 });
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
    items.map(({ data }) => Buffer.from(data["session-key"] ?? "", "base64").toString()),
  ).toEqual([sessionKey.value]);
});

/** The archive, once it holds so many orders: the function takes them from the queue by itself. */
async function ordersKept(count: number): Promise<readonly Archived[]> {
  const bucket = outputs["archiveBucketName"]?.value;
  const end = Date.now() + 30_000;
  while ((await archived(bucket)).length < count && Date.now() < end) await pause(200);
  return archived(bucket);
}

const order = { id: "o-1", item: "tea", quantity: 2 };

test("an order that is put into the queue ends in the bucket, sealed", async () => {
  await sendMessage(outputs["ordersQueueUrl"]?.value, order);
  expect(await ordersKept(1)).toEqual([sealed(order, sealKey)]);
});

test("another seal key reaches the function by a new version of it, and changes nothing else", async () => {
  await setSecrets({ sealKey: newSealKey });
  const result = await copy.stack.up();
  // The secret's version is replaced; the function and its alias are updated.
  expect(changes(result.summary)).toEqual({ replace: 1, update: 2 });
  const next = { ...order, id: "o-2" };
  await sendMessage(outputs["ordersQueueUrl"]?.value, next);
  const all = await ordersKept(2);
  expect(all).toHaveLength(2);
  expect(all).toContainEqual(sealed(next, newSealKey));
});

test("no secret is anywhere in plain text", async () => {
  await setSecrets({ sessionKey: newSessionKey, sealKey });
  const preview = await previewed(copy);
  await setSecrets({ sessionKey, sealKey: newSealKey });

  expect(preview.map(([, text]) => text).join()).toContain("web-etc-web-secrets");
  const places = [...preview, ...kept(copy), ...(await toldByPlatform(namespace))];
  expect(leaks(canaries, places)).toEqual([]);
  // It would be found: here it belongs.
  const secrets = JSON.stringify(kubectl("get", "secrets", "--namespace", namespace));
  expect(leaks(canaries, [["Kubernetes Secrets", secrets]])).toEqual(["Kubernetes Secrets"]);
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
  expect(leaks(canaries, kept(copy))).toEqual([]);
});

test("destroy leaves nothing", async () => {
  const result = await copy.stack.destroy();
  expect(result.summary.result).toBe("succeeded");
  expect(await emulated()).toEqual(before);
  expect(namespaces()).not.toContain(namespace);
  const state = await copy.stack.exportStack();
  expect(state.deployment.resources ?? []).toEqual([]);
});
