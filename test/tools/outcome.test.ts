import type { EngineEvent } from "@pulumi/pulumi/automation";
import { cutOff, withPending } from "../../tools/cut-off";
import { outcomeOf } from "../../tools/outcome";

const urn = (name: string) => `urn:pulumi:dev::groundwork::aws:sqs/queue:Queue::${name}`;
const step = (op: string, name: string) => {
  const state = { urn: urn(name), type: "aws:sqs/queue:Queue", custom: true, inputs: { name } };
  return { op, urn: urn(name), type: state.type, new: state, old: state };
};
const events = (...list: readonly object[]) => list as unknown as readonly EngineEvent[];
const began = (op: string, name: string) => ({ resourcePreEvent: { metadata: step(op, name) } });
const made = (op: string, name: string) => ({ resOutputsEvent: { metadata: step(op, name) } });
const failed = (op: string, name: string) => ({ resOpFailedEvent: { metadata: step(op, name) } });
const said = (name: string, message: string) => ({
  diagnosticEvent: { severity: "error", urn: urn(name), message },
});

const operation = (type: string, name: string) => ({
  type,
  resource: { type: "aws:sqs/queue:Queue", urn: urn(name), inputs: { name } },
});

test("nothing is in doubt after an update that came to its end", () => {
  const found = events(began("create", "a"), made("create", "a"), began("same", "b"));
  expect(outcomeOf(found)).toEqual({ inDoubt: [], gone: [] });
});

test.each([
  ["create", "creating"],
  ["create-replacement", "creating"],
  ["update", "updating"],
  ["delete", "deleting"],
  ["delete-replaced", "deleting"],
])("a step %s that did not end is in doubt", (op, doing) => {
  const found = events(began(op, "a"), made(op, "a"), began(op, "b"));
  expect(outcomeOf(found).inDoubt).toEqual([operation(doing, "b")]);
});

test.each([
  "rpc error: code = Unavailable desc = error reading from server: EOF",
  "creating SQS Queue (a): context canceled",
  "dial tcp 127.0.0.1:20001: connect: connection refused",
])("one that was broken off is in doubt: %s", (message) => {
  const end = [said("a", message), failed("create", "a")];
  for (const order of [end, [...end].reverse()]) {
    const found = events(began("create", "a"), ...order);
    expect(outcomeOf(found).inDoubt).toEqual([operation("creating", "a")]);
  }
});

test("one that AWS has refused is not", () => {
  const found = events(
    began("create", "a"),
    said("a", "api error InvalidAttributeValue: Invalid value"),
    failed("create", "a"),
  );
  expect(outcomeOf(found)).toEqual({ inDoubt: [], gone: [] });
});

test.each([
  "deleting CloudWatch Dashboard (web): operation error CloudWatch: DeleteDashboards, ResourceNotFound: Dashboard does not exist",
  "NoSuchBucket: The specified bucket does not exist",
  "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.",
  'deployments.apps "web" not found',
  "https response error StatusCode: 404, api error NoSuchEntity: Role web not found.",
])("what is gone is known by its error: %s", (message) => {
  const found = events(began("delete", "a"), said("a", message), failed("delete", "a"));
  expect(outcomeOf(found)).toEqual({ inDoubt: [], gone: [urn("a")] });
});

describe("a state with what is in doubt", () => {
  const create = operation("creating", "a");

  test("has it under way, once", () => {
    const state = withPending({}, [create]);
    expect(withPending(state, [create])).toEqual(state);
    expect(cutOff(state)).toMatchObject([{ doing: "creating", urn: urn("a"), physicalName: "a" }]);
  });

  test("does not doubt what its plugin has kept", () => {
    const state = { deployment: { resources: [create.resource] } };
    expect(cutOff(withPending(state, [create]))).toEqual([]);
    expect(cutOff(withPending(state, [operation("deleting", "a")]))).toHaveLength(1);
  });
});
