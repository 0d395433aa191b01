import { setTimeout as pause } from "node:timers/promises";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { emulatedFunctions } from "../../tools/platform/functions";
import { ringing } from "./events";
import { archived, ask, emulated, loggedBy, sendMessage, sendText } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// Functions with what people bring, and many orders: on the real engine, in the emulator.
jest.setTimeout(5 * 60_000);

let copy: Copy;
let before: readonly string[];
let outputs: OutputMap;

beforeAll(async () => {
  before = await emulated();
  copy = await copyProgram("test/integration/shop-program.ts", "test/integration/shop");
  outputs = (await copy.stack.up({ parallel: 64 })).outputs;
});

afterAll(async () => {
  await copy.stack.destroy({ refresh: true, parallel: 64 });
  removeCopy();
});

const output = (name: string): string => outputs[name]?.value;

async function invoked(arn: string, event: unknown): Promise<unknown> {
  const path = `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`;
  const body = JSON.stringify(event);
  return JSON.parse(await ask({ service: "lambda", path, method: "POST", body }));
}

/** Waits until something is so, and gives up after a time in which it should be. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await isSo()) && Date.now() < end) await pause(500);
}

async function waitingIn(queueUrl: string): Promise<readonly number[]> {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
  const body = JSON.stringify({ QueueUrl: queueUrl, AttributeNames: names });
  const answer = await ask({ service: "sqs", target: "AmazonSQS.GetQueueAttributes", body });
  const { Attributes } = JSON.parse(answer) as { Attributes: Record<string, string> };
  return names.map((name) => Number(Attributes[name]));
}

test("every function can run on this machine", async () => {
  const functions = await emulatedFunctions(process.env["AWS_ENDPOINT_URL"] ?? "");
  expect(functions.filter(({ runs }) => !runs)).toEqual([]);
  expect(functions.length).toBeGreaterThanOrEqual(3);
});

test("a function with Powertools in a layer and a native wheel runs in its own Python", async () => {
  expect(await invoked(output("nativeArn"), { id: "o-1", quantity: "2" })).toEqual({
    order: { id: "o-1", quantity: 2 },
    python: [3, 13],
    alias: "live",
  });
  const log = await loggedBy("native");
  expect(log).toContain("order taken");
  expect(log).toContain("CloudWatchMetrics");
});

test("an error of the function has its message, its type and its trace", async () => {
  expect(await invoked(output("nativeArn"), { id: "o-1" })).toEqual({
    errorMessage: expect.stringContaining("1 validation error for Order"),
    errorType: "ValidationError",
    requestId: expect.any(String),
    stackTrace: expect.any(Array),
  });
});

test("a function for Node.js runs with the machine's", async () => {
  expect(await invoked(output("nodeArn"), { id: "o-1" })).toEqual({ order: "O-1", alias: "live" });
});

test("a thousand orders of sixteen senders are a thousand objects, none twice, though calls time out", async () => {
  const ids = Array.from({ length: 1000 }, (_, number) => `o-${number}`);
  const rest = [...ids];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
        await sendMessage(output("queueUrl"), { id });
      }
    }),
  );
  const empty = async () => (await waitingIn(output("queueUrl"))).every((count) => count === 0);
  await until(empty);
  const objects = await archived(output("bucketName"));
  const kept = objects.map(({ content }) => (JSON.parse(content) as { id: string }).id);
  expect(kept.sort()).toEqual(ids.sort());
  // The orders whose numbers end in 00; on a busy machine there are more.
  const cutOff = (await loggedBy("archive")).match(/Task timed out after 5.00 seconds/g);
  expect(cutOff?.length).toBeGreaterThanOrEqual(9);
});

test("five poison messages end in the dead-letter queue, and its alarm goes off", async () => {
  for (let count = 0; count < 5; count++) await sendText(output("queueUrl"), "{");
  await until(async () => (await waitingIn(output("deadLettersUrl")))[0] === 5);
  expect(await waitingIn(output("deadLettersUrl"))).toEqual([5, 0]);
  expect(await waitingIn(output("queueUrl"))).toEqual([0, 0]);
  const alarm = "orders-dead-letters-alarm";
  await until(async () => (await ringing()).includes(alarm));
  expect(await ringing()).toContain(alarm);
});

test("destroy leaves nothing", async () => {
  await copy.stack.destroy({ parallel: 64 });
  expect(await emulated()).toEqual(before);
});
