import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goOnPath } from "../../tools/from-modules/go";

const saved = process.env["PATH"];
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "groundwork-test-"));
  process.env["PATH"] = bin;
});

afterEach(() => {
  process.env["PATH"] = saved;
  rmSync(bin, { recursive: true });
});

test.each([
  ["go1.26.8", "local", { version: "1.26.8", upgrades: false }],
  ["go1.22.3", "auto", { version: "1.22.3", upgrades: true }],
  ["go1.22.3", "go1.21.0+auto", { version: "1.22.3", upgrades: true }],
  // Before 1.21 there was no such variable.
  ["go1.19.8", "", { version: "1.19.8", upgrades: false }],
])("a %s whose GOTOOLCHAIN is %j", async (version, toolchain, expected) => {
  const program = join(bin, "go");
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' '${version}' '${toolchain}'\n`);
  chmodSync(program, 0o755);
  expect(await goOnPath()).toEqual(expected);
});

test("no go on PATH", async () => {
  expect(await goOnPath()).toBeUndefined();
});
