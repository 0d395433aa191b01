import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lockHolder, takeLock } from "../../tools/support/lock";

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "groundwork-test-")), "lock");
});
afterEach(() => rmSync(dirname(path), { recursive: true }));

const tool = () => "node --import tsx tools/cli.ts up";
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
  ["is a stranger's by now", () => "/usr/sbin/sshd -D"],
])("a lock whose process %s is taken over", (_, describe) => {
  writeFileSync(path, JSON.stringify({ pid: 4242, command: "up", since: "yesterday" }));
  expect(lockHolder(path, describe)).toBeUndefined();
  takeLock(path, "down", describe);
  expect(lockHolder(path, tool)).toMatch(/^make down /);
  expect(readdirSync(dirname(path))).toEqual(["lock"]);
});

test("a lock that was cut short is taken over", () => {
  writeFileSync(path, '{"pid": 42');
  takeLock(path, "down", tool);
  expect(lockHolder(path, tool)).toMatch(/^make down /);
});
