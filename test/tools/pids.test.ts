import { spawn } from "node:child_process";
import {
  endProcesses,
  processes,
  processOf,
  variableOf,
  workingDirectory,
} from "../../tools/support/pids";
import { makeFolder } from "../support/folders";

test("a live process is seen with its parent, its age, its folder and its variables", async () => {
  const folder = makeFolder();
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], {
    cwd: folder,
    env: { MARK: "a b=c" },
  });
  const pid = child.pid ?? 0;
  try {
    await new Promise((done) => child.once("spawn", done));
    const found = processOf(pid);
    expect(found).toMatchObject({ pid, parent: process.pid });
    expect(found?.command).toContain("setTimeout");
    expect(Math.abs(Date.now() - (found?.started.getTime() ?? 0))).toBeLessThan(60_000);
    expect(processes().find((each) => each.pid === pid)?.birth).toBe(found?.birth);
    expect(workingDirectory(pid)).toBe(folder);
    expect(variableOf(pid, "MARK")).toBe("a b=c");
    expect(variableOf(pid, "NONE")).toBeUndefined();
  } finally {
    await endProcesses("SIGTERM", () => (processOf(pid) === undefined ? [] : [pid]));
  }
  expect(processOf(pid)).toBeUndefined();
});

test.each([0, -1, 1.5, Number.NaN])("there is no process with the number %d", (pid) => {
  expect(processOf(pid)).toBeUndefined();
});
