import { setTimeout as pause } from "node:timers/promises";
import { liveVersion, type Places, putInto, removeAlarm, setAlarm } from "./events";
import { emulated, loggedBy } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// The steps of the components' life on AWS in order: each one needs the one before. The engine and
// the provider are real; AWS is the emulator, and what that can't do functions-program.ts names.
jest.setTimeout(5 * 60_000);

/** There are more queues, which take 25 seconds each, than the engine works on at once by itself. */
const parallel = 64;

let copy: Copy;
let before: readonly string[];
let places: Places & { readonly alias: string };

beforeAll(async () => {
  await setAlarm("brake", "OK");
  before = await emulated();
  copy = await copyProgram("test/integration/functions-program.ts");
  await configure({ greeting: "Hello", changed: "false" });
});

afterAll(async () => {
  await copy.stack.destroy({ refresh: true, parallel });
  await removeAlarm("brake");
  removeCopy();
});

function configure(values: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(values).map(([key, value]) => [`changing:${key}`, { value }]);
  return copy.stack.setAllConfig(Object.fromEntries(entries));
}

/** What an update did, what stayed the same left out. */
async function update(): Promise<object> {
  const { summary, outputs } = await copy.stack.up({ parallel });
  const values = Object.entries(outputs).map(([name, { value }]) => [name, value]);
  places = Object.fromEntries(values) as typeof places;
  const { same: _, ...changes } = summary.resourceChanges ?? {};
  return changes;
}

test("every component is made", async () => {
  expect(await update()).toEqual({ create: expect.any(Number) });
  expect(await liveVersion(places.alias)).toBe("1");
});

test("up again changes nothing", async () => {
  expect(await update()).toEqual({});
});

test.each(Object.keys(putInto))("what is put into the %s reaches the function", async (source) => {
  const text = `through-the-${source}`;
  await putInto[source]?.(text, places);
  const end = Date.now() + 20_000;
  while (!(await loggedBy("ship-default")).includes(text) && Date.now() < end) await pause(500);
  expect(await loggedBy("ship-default")).toContain(text);
});

test("other settings are changed in place", async () => {
  await configure({ changed: "true" });
  // The queue, its subscription, the topic's, the rule, the schedule and the stream.
  expect(await update()).toEqual({ update: 6 });
});

test("changed code is one more version, which a canary release makes live", async () => {
  await configure({ greeting: "Good morning" });
  expect(await update()).toEqual({ update: 3, replace: 1 });
  expect(await liveVersion(places.alias)).toBe("2");
});

test("a release that an alarm stops is taken back, and the update fails with the reason", async () => {
  await setAlarm("brake", "ALARM");
  await configure({ greeting: "Good evening" });
  const failure = await update().then(JSON.stringify, String);
  expect(failure).toMatch(/Version 3 of changing-\w+ was taken back: ALARM_ACTIVE: .*<brake>/);
  expect(failure).toContain("Version 2 serves.");
  expect(await liveVersion(places.alias)).toBe("2");
});

test("the next update releases what is good again", async () => {
  await setAlarm("brake", "OK");
  await update();
  expect(await liveVersion(places.alias)).toBe("3");
  expect(await update()).toEqual({});
});

test("refresh finds everything as it was left", async () => {
  const { summary } = await copy.stack.refresh();
  const { same: _, ...changes } = summary.resourceChanges ?? {};
  expect(changes).toEqual({});
});

test("destroy leaves nothing", async () => {
  await copy.stack.destroy({ parallel });
  expect(await emulated()).toEqual(before);
  const { deployment } = await copy.stack.exportStack();
  expect(deployment.resources ?? []).toEqual([]);
});
