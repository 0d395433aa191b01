import { attach, capture, relay } from "../../tools/support/programs";

test("a relayed program's lines are edited on their way, from both of its outputs", async () => {
  const printed = jest.spyOn(console, "log").mockImplementation(() => {});
  const program = "console.log('one\\ntwo'); console.error('three'); process.exit(3)";
  const edit = (line: string) => (line === "two" ? undefined : line.toUpperCase());
  const code = await relay(process.execPath, ["-e", program], edit);
  const lines = printed.mock.calls.flat();
  printed.mockRestore();
  expect(code).toBe(3);
  expect(lines.sort()).toEqual(["ONE", "THREE"]);
});

describe("a program that is killed", () => {
  const kill = (by: string) => ["-e", `process.kill(process.pid, ${JSON.stringify(by)})`];

  test("is named as the reason, with what often is behind it", async () => {
    await expect(attach(process.execPath, kill("SIGKILL"))).rejects.toThrow(
      "node was killed by SIGKILL (out of memory?).",
    );
    await expect(attach(process.execPath, kill("SIGSEGV"))).rejects.toThrow(
      "node was killed by SIGSEGV.",
    );
  });

  test("is named where a launcher in between says so by its exit code", async () => {
    await expect(attach("/bin/sh", ["-c", "exit 137"])).rejects.toThrow(
      "sh was killed by SIGKILL (out of memory?).",
    );
  });

  test("is named in what it printed", async () => {
    const { stderr } = await capture(process.execPath, kill("SIGKILL"));
    expect(stderr).toContain("node was killed by SIGKILL (out of memory?).");
  });
});
