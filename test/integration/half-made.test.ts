import { ask, emulated } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// What is cut off, refused or deleted by hand, in order: each step needs the one before.
jest.setTimeout(5 * 60_000);

let copy: Copy;
let before: readonly string[];
const queue = /\/half-made$/;

beforeAll(async () => {
  before = await emulated();
  copy = await copyProgram("test/integration/half-made-program.ts");
  await copy.stack.setConfig("changing:method", { value: "NOPE" });
});

afterAll(async () => {
  await copy.stack.destroy();
  removeCopy();
});

/** Each resource of the provider in the state, and whether it is there in part only. */
async function kept(): Promise<Readonly<Record<string, "whole" | "in part">>> {
  const { resources = [] } = (await copy.stack.exportStack()).deployment;
  const made = resources.filter(({ type }: { type: string }) => type.startsWith("aws:"));
  return Object.fromEntries(
    made.map(({ type, initErrors }: { type: string; initErrors?: readonly string[] }) => [
      type,
      initErrors === undefined ? "whole" : "in part",
    ]),
  );
}

async function queues(): Promise<number> {
  return (await emulated()).filter((each) => queue.test(each)).length;
}

test("ends what it makes before it stops for a signal", async () => {
  const interrupt = new AbortController();
  const update = copy.stack.up({ signal: interrupt.signal });
  const ends = expect(update).rejects.toThrow();
  while ((await queues()) === 0) await new Promise((done) => setTimeout(done, 200));
  interrupt.abort();
  await ends;
  expect(await kept()).toEqual({ "aws:sqs/queue:Queue": "whole" });
});

test("keeps a bucket of which a setting is refused, and changes it later", async () => {
  await expect(copy.stack.up()).rejects.toThrow("Unsupported method is NOPE");
  expect(await kept()).toEqual({
    "aws:sqs/queue:Queue": "whole",
    "aws:s3/bucket:Bucket": "in part",
    "aws:cloudwatch/dashboard:Dashboard": "whole",
  });
  // What was refused is tried again, not taken for set.
  await expect(copy.stack.up()).rejects.toThrow("Unsupported method is NOPE");
  await copy.stack.setConfig("changing:method", { value: "GET" });
  const { summary } = await copy.stack.up();
  expect(summary.resourceChanges).toEqual({ same: 4, update: 1 });
  expect(await queues()).toBe(1);
});

test("deletes what somebody else has deleted", async () => {
  await ask({
    service: "monitoring",
    body: "Action=DeleteDashboards&DashboardNames.member.1=half-made&Version=2010-08-01",
  });
  await copy.stack.destroy();
  expect(await emulated()).toEqual(before);
});

test("keeps what was made when its time is over", async () => {
  await copy.stack.setConfig("changing:timeout", { value: "3s" });
  await expect(copy.stack.up()).rejects.toThrow("timeout while waiting for state");
  expect(await kept()).toEqual({ "aws:sqs/queue:Queue": "in part" });
});
