import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  awaitService,
  isRunning,
  ownPid,
  type Service,
  services,
  startService,
  stopService,
} from "../../tools/platform/services";
import { type Layout, layout } from "../../tools/support/layout";
import { commandLine } from "../../tools/support/pids";

const command = ["/tree/.groundwork/venv-moto/bin/moto_server", "-p", "20001"];

describe("ownPid", () => {
  const alive = (line: string) => () => line;

  test("is the pid whose process runs the command, also through an interpreter", () => {
    expect(ownPid("42\n", command, alive(command.join(" ")))).toBe(42);
    expect(ownPid("42\n", command, alive(`/usr/bin/python3 ${command.join(" ")}`))).toBe(42);
  });

  test("is nothing when the process is gone", () => {
    expect(ownPid("42\n", command, () => undefined)).toBeUndefined();
  });

  test("is nothing when the number went to another process", () => {
    expect(ownPid("42\n", command, alive("/usr/sbin/sshd -D"))).toBeUndefined();
    const otherTree = command.join(" ").replace("/tree/", "/other/");
    expect(ownPid("42\n", command, alive(otherTree))).toBeUndefined();
  });

  test.each([undefined, "", "\n", "abc", "4 2"])("is nothing for the pid file %j", (text) => {
    expect(ownPid(text, command, alive(command.join(" ")))).toBeUndefined();
  });
});

describe("a service", () => {
  let here: Layout;
  beforeEach(() => {
    here = layout(mkdtempSync(join(tmpdir(), "groundwork-test-")));
  });
  afterEach(async () => {
    for (const { name } of services(here)) await stopService(here, name);
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
      if (isRunning(here, name)) return true;
      await new Promise((done) => setTimeout(done, 20));
    }
    return false;
  }

  test("starts once, is listed with its pid, and stops", async () => {
    expect(startService(here, sleeper())).toBe("started");
    expect(await running("sleeper")).toBe(true);
    expect(startService(here, sleeper())).toBe("running");
    const [state] = services(here);
    expect(state).toMatchObject({ name: "sleeper", port: 1 });
    expect(state?.pid).toBeGreaterThan(1);
    expect(state?.log).toBe(join(here.logs, "sleeper.log"));
    await stopService(here, "sleeper");
    expect(commandLine(state?.pid ?? 0)).toBeUndefined();
    expect(services(here)).toEqual([]);
  });

  test("is started anew when its pid file names a stranger's process, which is left alone", async () => {
    startService(here, sleeper());
    expect(await running("sleeper")).toBe(true);
    const first = services(here)[0]?.pid ?? 0;
    process.kill(first, "SIGKILL");
    writeFileSync(join(here.run, "sleeper.pid"), `${process.pid}\n`);
    expect(isRunning(here, "sleeper")).toBe(false);
    expect(startService(here, sleeper())).toBe("started");
    expect(await running("sleeper")).toBe(true);
    expect(services(here)[0]?.pid).not.toBe(process.pid);
  });

  test("that dies at its start is told with the end of its log", async () => {
    const dying: Service = {
      ...sleeper(),
      command: [process.execPath, "-e", "console.error('no such option'); process.exit(2)"],
    };
    startService(here, dying);
    await expect(awaitService(here, dying)).rejects.toMatchObject({
      message: "sleeper ended right after its start:",
      next: expect.arrayContaining(["  no such option"]),
    });
  });
});
