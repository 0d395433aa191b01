import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../../tools/stack";
import { layout } from "../../tools/support/layout";
import { updateInShort } from "../../tools/update";
import { makeFolder } from "../support/folders";

const urn = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::orders";
const events = [
  { resourcePreEvent: { metadata: { op: "create", urn } } },
  { resOutputsEvent: { metadata: { op: "create", urn } } },
  { summaryEvent: { resourceChanges: { create: 1, same: 54 } } },
];

/** Runs an update with an engine that ends with this code after it has said this. */
async function run(code: number, said: readonly object[]) {
  const lines = said.map((event) => `echo '${JSON.stringify(event)}' >> "$log"\n`).join("");
  const root = makeFolder({
    pulumi: `#!/bin/sh
echo "its own words: $1 $3"
for log in "$@"; do :; done
${lines}exit ${code}
`,
  });
  const path = join(root, "pulumi");
  chmodSync(path, 0o755);
  const engine = { path, version: "3.220.0", source: "path", plugins: {} } as const;
  const stack: Stack = { here: layout(root), name: "dev", engine, env: {} };
  const log = jest.spyOn(console, "log").mockImplementation(() => {});
  try {
    const result = await updateInShort(stack, ["up"]);
    return { result, lines: log.mock.calls.map(([line]) => line) };
  } finally {
    log.mockRestore();
  }
}

test("an update has a line for each thing that changed, and the counts", async () => {
  expect(await run(0, events)).toEqual({
    result: 0,
    lines: ["  created  aws:sqs:Queue orders", "  resources: 1 created, 54 unchanged"],
  });
});

test("what goes wrong in an update is shown once", async () => {
  const error = { diagnosticEvent: { severity: "error", urn, message: "denied" } };
  expect(await run(1, [error])).toEqual({
    result: 1,
    lines: ["  error: aws:sqs:Queue orders: denied"],
  });
});

test("what goes wrong before an update begins is shown in the engine's own words", async () => {
  expect(await run(255, [])).toEqual({ result: 255, lines: ["  its own words: up dev"] });
});
