import type { EngineEvent } from "@pulumi/pulumi/automation";
import { counted, Digest, label } from "../../tools/digest";

const queue = "urn:pulumi:dev::shop::groundwork:messaging:Queue$aws:sqs/queue:Queue::orders";

function step(kind: string, op: string, urn = queue): EngineEvent {
  return { [kind]: { metadata: { op, urn } } } as unknown as EngineEvent;
}

function said(diagnosticEvent: object): EngineEvent {
  return { diagnosticEvent } as unknown as EngineEvent;
}

test("a resource is called by its type and its name", () => {
  expect(label(queue)).toBe("aws:sqs:Queue orders");
  expect(label("urn:pulumi:dev::shop::kubernetes:apps/v1:Deployment::web")).toBe(
    "kubernetes:apps/v1:Deployment web",
  );
  expect(label("urn:pulumi:dev::shop::aws:s3/bucket:Bucket::a::b")).toBe("aws:s3:Bucket a::b");
});

test("a step has a line when it has ended, and one that changed nothing has none", () => {
  const digest = new Digest();
  expect(digest.lines(step("resourcePreEvent", "create"))).toEqual([]);
  expect(digest.now).toBe("0 done, aws:sqs:Queue orders for 0.0 s");
  expect(digest.lines(step("resOutputsEvent", "create"))).toEqual([
    "created  aws:sqs:Queue orders",
  ]);
  expect(digest.lines(step("resourcePreEvent", "same"))).toEqual([]);
  expect(digest.lines(step("resOutputsEvent", "same"))).toEqual([]);
  expect(digest.lines(step("resOpFailedEvent", "update"))).toEqual([
    "FAILED   aws:sqs:Queue orders",
  ]);
  expect(digest.now).toBe("2 done");
});

test("what is said is shown whole, with what it is of; not the engine's own notes", () => {
  const digest = new Digest();
  const severity = "error";
  expect(digest.lines(said({ severity: "debug", message: "a secret" }))).toEqual([]);
  expect(digest.lines(said({ severity: "info", message: "waiting", ephemeral: true }))).toEqual([]);
  expect(digest.lines(said({ severity: "info", message: "The image is built.\n" }))).toEqual([
    "The image is built.",
  ]);
  expect(digest.hasError).toBe(false);
  expect(digest.lines(said({ severity, urn: queue, message: "denied\nasked as a\n" }))).toEqual([
    "error: aws:sqs:Queue orders: denied",
    "asked as a",
  ]);
  expect(digest.hasError).toBe(true);
});

test("the counts are the engine's", () => {
  expect(counted({ same: 53, update: 2 })).toBe("2 updated, 53 unchanged");
  expect(counted({ create: 55, same: 0 })).toBe("55 created");
  expect(counted({})).toBe("no resources");
  const digest = new Digest();
  expect(digest.summary).toBeUndefined();
  const summaryEvent = { resourceChanges: { same: 55 }, maybeCorrupt: false, durationSeconds: 1 };
  digest.lines({ summaryEvent } as unknown as EngineEvent);
  expect(digest.summary).toBe("55 unchanged");
});
