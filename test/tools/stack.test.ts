import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isHeld, repairState, summary } from "../../tools/stack";
import { makeFolder } from "../support/folders";

describe("a lock of the state", () => {
  const lock = { pid: 42, hostname: "here" };

  test("is held by a live engine of this machine", () => {
    expect(isHeld(lock, "here", () => "/usr/bin/pulumi up --stack dev")).toBe(true);
  });

  test("is stale when the engine is gone or its number went to another process", () => {
    expect(isHeld(lock, "here", () => undefined)).toBe(false);
    expect(isHeld(lock, "here", () => "/usr/sbin/sshd -D")).toBe(false);
  });

  test("counts as held when it was taken on another machine", () => {
    expect(isHeld(lock, "there", () => undefined)).toBe(true);
  });
});

test("a state's summary says when it was changed, what was made and protected, and what was cut off", () => {
  const urn = "urn:pulumi:dev::groundwork::aws:s3/bucket:Bucket::data";
  const other = urn.replace("data", "others");
  const bucket = { type: "aws:s3/bucket:Bucket", urn };
  const deployment = {
    manifest: { time: "2026-01-02T03:04:05Z" },
    resources: [
      { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:dev::groundwork::pulumi:pulumi:Stack::s" },
      {
        type: "pulumi:providers:aws",
        urn: "urn:pulumi:dev::groundwork::pulumi:providers:aws::aws",
      },
      { ...bucket, protect: true },
      { type: "aws:s3/bucket:Bucket", urn: other, protect: false },
    ],
    pending_operations: [{ type: "deleting", resource: bucket }],
  };
  expect(summary({ deployment })).toMatchObject({
    changed: new Date("2026-01-02T03:04:05Z"),
    resources: 4,
    protected: ["data"],
    pending: [{ doing: "deleting", urn, label: "aws:s3/bucket:Bucket::data" }],
  });
  expect(summary({})).toEqual({ changed: undefined, resources: 0, protected: [], pending: [] });
});

test("what a killed engine has left of a file is removed from the state", () => {
  const state = makeFolder({
    ".pulumi/stacks/groundwork/dev.json": "{}",
    ".pulumi/stacks/groundwork/dev.json.attrs": "",
    ".pulumi/stacks/groundwork/qa.json.attrs": '{"user.content_type":""}',
  });
  repairState(state);
  const left = readdirSync(join(state, ".pulumi/stacks/groundwork"));
  expect(left.sort()).toEqual(["dev.json", "qa.json.attrs"]);
});
