import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lockHolder, takeLock } from "../../tools/support/lock";

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "groundwork-test-")), "lock");
});
afterEach(() => rmSync(dirname(path), { recursive: true }));

const tool = (pid: number, birth = "4711") => ({
  pid,
  parent: 1,
  started: new Date("2026-01-02T03:04:05Z"),
  birth,
  command: "node --import tsx tools/cli.ts up",
});
const gone = () => undefined;

test("a lock is held until it is let go, and leaves nothing behind", () => {
  const unlock = takeLock(path, "up", tool);
  expect(lockHolder(path, tool)).toMatch(
    new RegExp(`^make up \\(pid ${process.pid}, since 20\\d\\d-`),
  );
  unlock();
  expect(lockHolder(path, tool)).toBeUndefined();
  expect(readdirSync(dirname(path))).toEqual([]);
});

test("a second command is told who has the lock", () => {
  takeLock(path, "up", tool);
  expect(() => takeLock(path, "down", tool)).toThrow(
    `\`make up\` is at work in this tree (pid ${process.pid}, since `,
  );
  expect(existsSync(path)).toBe(true);
});

test.each([
  ["is gone", gone],
  [
    "is a command of another tree by now",
    (pid: number) => tool(pid, pid === 4242 ? "4712" : "4711"),
  ],
])("a lock whose process %s is taken over", (_, lookUp) => {
  const left = { pid: 4242, birth: "4711", command: "up", since: "yesterday" };
  writeFileSync(path, JSON.stringify(left));
  expect(lockHolder(path, lookUp)).toBeUndefined();
  takeLock(path, "down", lookUp);
  expect(readdirSync(dirname(path))).toEqual(["lock"]);
});

test.each(["", '{"pid": 42', "null", "[]", "{}", "\0\0"])("the lock %j is taken over", (text) => {
  writeFileSync(path, text);
  takeLock(path, "down", tool);
  expect(lockHolder(path, tool)).toMatch(/^make down /);
});
