import type { EngineEvent } from "@pulumi/pulumi/automation";
import { renderDrift } from "../../tools/drift";
import { marker } from "../../tools/report/report";

type State = Readonly<Record<string, unknown>>;

/** What the engine says at the end of refreshing a resource; the inputs are not what it compared. */
function refreshed(op: string, [type, name]: [string, string], paths: string[], states: State[]) {
  const urn = `urn:pulumi:dev::groundwork::groundwork:test:Box$${type}::${name}`;
  const [old, now] = states.map((outputs) => ({
    type,
    urn,
    custom: true,
    parent: "urn:pulumi:dev::groundwork::groundwork:messaging:Queue::box",
    inputs: {},
    outputs,
  }));
  const detailedDiff = Object.fromEntries(
    paths.map((path) => [path, { diffKind: "update", inputDiff: false }]),
  );
  const metadata = { op, urn, type, provider: "", old, new: now, detailedDiff };
  return [
    { sequence: 0, timestamp: 0, resourcePreEvent: { metadata: { ...metadata, op: "refresh" } } },
    { sequence: 1, timestamp: 0, resOutputsEvent: { metadata } },
  ] as unknown as EngineEvent[];
}

const queue = refreshed(
  "update",
  ["aws:sqs/queue:Queue", "orders"],
  ["delaySeconds"],
  [{ delaySeconds: 0 }, { delaySeconds: 7 }],
);
const bucket = refreshed("delete", ["aws:s3/bucket:Bucket", "archive"], [], [{}]);
const same = refreshed("same", ["aws:s3/bucket:Bucket", "other"], [], [{}, {}]);

describe("the drift report", () => {
  test("is empty when everything is as it was deployed", () => {
    expect(renderDrift([...same, ...same], "dev")).toBe("");
    expect(renderDrift([], "dev")).toBe("");
  });

  test("says what was changed, from what to what, and what is gone", () => {
    const report = renderDrift([...queue, ...bucket, ...same], "dev");
    expect(report.split("\n").slice(0, 4)).toEqual([
      marker("dev", "Drift"),
      "### Drift of `dev`: 1 deleted, 1 changed",
      "",
      "What is there in `dev` is not what was deployed: someone or something changed it.",
    ]);
    expect(report).toMatch(/HOLDS DATA.*deleted.*`archive`/);
    expect(report).toMatch(/`delaySeconds`.*`0` → `7`/);
    expect(report).not.toContain("`other`");
  });

  test("has what was forgotten, since the local platform has lost it", () => {
    const type = "aws:sns/topic:Topic";
    const urn = `urn:pulumi:dev::groundwork::groundwork:test:Box$${type}::alarms`;
    const report = renderDrift(queue, "dev", [{ urn, type }]);
    expect(report).toContain("### Drift of `dev`: 1 deleted, 1 changed");
    expect(report).toMatch(/deleted.*`alarms`/);
    expect(renderDrift([], "dev", [{ urn: "(the list of them is damaged)", type: "" }])).toContain(
      "### Drift of `dev`: 1 deleted",
    );
  });

  test("says how to take it back in that stack", () => {
    expect(renderDrift(queue, "prod")).toContain(
      "To take it back: `make plan STACK=prod`, then `make deploy STACK=prod`.",
    );
  });

  test("has no secret value", () => {
    const outputs = { data: { KEY: "[secret]" } };
    const secret = refreshed("update", ["a:b:C", "web"], ["data.KEY"], [outputs, outputs]);
    const report = renderDrift(secret, "dev");
    expect(report).toContain("`data.KEY`: `[secret]` → `[secret]`");
  });
});
