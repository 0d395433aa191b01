import { isHeld, summary } from "../../tools/stack";

describe("a lock of the state", () => {
  const lock = { pid: 42, hostname: "here", timestamp: "2026-01-02T03:04:05Z" };
  const engine = (command: string, started = "2026-01-02T03:04:00Z", folder = "/tree") => ({
    host: "here",
    processOf: () => ({ pid: 42, parent: 1, started: new Date(started), birth: "1", command }),
    workingDirectory: () => folder,
  });
  const pulumi = "/usr/bin/pulumi up --stack dev";

  test("is held by a live engine of this tree", () => {
    expect(isHeld(lock, "/tree", engine(pulumi))).toBe(true);
    expect(isHeld(lock, "/tree", engine(pulumi, undefined, "/tree/stacks"))).toBe(true);
  });

  test.each([
    ["the engine is gone", { ...engine(pulumi), processOf: () => undefined }],
    ["its number went to another program", engine("/usr/sbin/sshd -D")],
    ["its number went to a later engine", engine(pulumi, "2026-01-02T04:00:00Z")],
    ["its number went to an engine of another tree", engine(pulumi, undefined, "/tree-2")],
  ])("is stale when %s", (_, ask) => {
    expect(isHeld(lock, "/tree", ask)).toBe(false);
  });

  test("is stale when it is damaged", () => {
    expect(isHeld({}, "/tree", engine(pulumi))).toBe(false);
  });

  test("counts as held when it was taken on another machine", () => {
    const ask = { ...engine(pulumi), host: "there", processOf: () => undefined };
    expect(isHeld(lock, "/tree", ask)).toBe(true);
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
