import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  awaitService,
  runningService,
  type Service,
  services,
  startService,
  stopService,
  stopServices,
} from "../../tools/platform/services";
import { type Layout, layout } from "../../tools/support/layout";
import { processes, processOf } from "../../tools/support/pids";

describe("a service", () => {
  let here: Layout;
  beforeEach(() => {
    here = layout(mkdtempSync(join(tmpdir(), "groundwork-test-")));
  });
  afterEach(async () => {
    await stopServices(here);
    rmSync(here.root, { recursive: true, force: true });
  });

  const sleeper = (): Service => ({
    name: "sleeper",
    command: [process.execPath, "-e", "setTimeout(() => {}, 60_000)", here.root],
    port: 1,
    health: "http://127.0.0.1:1/",
  });

  async function running(name: string): Promise<boolean> {
    for (let tries = 0; tries < 100; tries++) {
      if (runningService(here, name) !== undefined) return true;
      await new Promise((done) => setTimeout(done, 20));
    }
    return false;
  }

  test("starts, is listed with its pid, and stops", async () => {
    await startService(here, sleeper());
    expect(await running("sleeper")).toBe(true);
    const [state] = services(here);
    expect(state).toMatchObject({ name: "sleeper", port: 1 });
    expect(state?.log).toBe(join(here.logs, "sleeper.log"));
    await stopService(here, "sleeper");
    expect(processOf(state?.pid ?? 0)).toBeUndefined();
    expect(services(here)).toEqual([]);
  });

  test.each(["", "{", "null", "{}", '{"command": "x", "port": 1, "health": "http://a"}'])(
    "whose record is %j is no longer known, and stopped before it is started again",
    async (record) => {
      await startService(here, sleeper());
      expect(await running("sleeper")).toBe(true);
      const [{ pid = 0 } = {}] = services(here);
      writeFileSync(join(here.run, "sleeper.json"), record);
      expect(services(here)).toEqual([]);
      await startService(here, sleeper());
      expect(processOf(pid)).toBeUndefined();
      expect(await running("sleeper")).toBe(true);
    },
  );

  test("stops with what it has started, also when it has died before", async () => {
    const parent = `require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)", "child", ${JSON.stringify(here.root)}], { detached: true }); setTimeout(() => {}, 60_000)`;
    await startService(here, {
      ...sleeper(),
      command: [process.execPath, "-e", parent, here.root],
    });
    const child = () =>
      processes().find(({ command }) => command.endsWith(`child ${here.root}`))?.pid;
    for (let tries = 0; tries < 200 && child() === undefined; tries++) {
      await new Promise((done) => setTimeout(done, 20));
    }
    const [pid = 0, started = 0] = [services(here)[0]?.pid, child()];
    expect([pid, started]).not.toContain(0);
    process.kill(pid, "SIGKILL");
    await stopServices(here);
    expect(processOf(started)).toBeUndefined();
  });

  test("that dies at its start is told with the end of its log", async () => {
    const dying: Service = {
      ...sleeper(),
      command: [process.execPath, "-e", "console.error('no such option'); process.exit(2)"],
    };
    await startService(here, dying);
    await expect(awaitService(here, dying)).rejects.toMatchObject({
      message: "sleeper ended right after its start:",
      next: expect.arrayContaining(["  no such option"]),
    });
  });
});
