import type { ExportedStack } from "../../../tools/cut-off";
import { archivedLine, isOrder, newOrder } from "../../../tools/order/order";
import { isInsideCluster, partsOf } from "../../../tools/order/parts";

const order = { id: "try-1", item: "coffee", quantity: 1 };

test("an object is the order if it has its fields and no others, however it is spaced", () => {
  expect(isOrder('{"id": "try-1", "item": "coffee", "quantity": 1}', order)).toBe(true);
  expect(isOrder('{"quantity":1,"id":"try-1","item":"coffee"}', order)).toBe(true);
  expect(isOrder('{"id":"try-2","item":"coffee","quantity":1}', order)).toBe(false);
  expect(isOrder('{"id":"try-1","item":"coffee","quantity":"1"}', order)).toBe(false);
  expect(isOrder('{"id":"try-1","item":"coffee","quantity":1,"price":2}', order)).toBe(false);
  expect(isOrder('{"id":"try-1"', order)).toBe(false);
  expect(isOrder("", order)).toBe(false);
});

test("two orders differ, and have an ID that the service takes", () => {
  const [one, other] = [newOrder(), newOrder()];
  expect(one.order.id).not.toBe(other.order.id);
  expect(one.requestId).not.toBe(other.requestId);
  expect(one.order.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
});

test("a line of the log says where the order is, or why it is not there", () => {
  const line = (more: object) => JSON.stringify({ message_id: "m-1", ...more });
  expect(archivedLine(line({ message: "message archived", key: "orders/1.json" }), "m-1")).toEqual({
    key: "orders/1.json",
  });
  expect(
    archivedLine(line({ message: "message not archived", reason: "AccessDenied" }), "m-1"),
  ).toEqual({ problem: "message not archived: AccessDenied" });
  expect(archivedLine("Task m-1 timed out", "m-1")).toEqual({ problem: "Task m-1 timed out" });
  expect(archivedLine(line({ key: "orders/1.json" }), "m-2")).toBeUndefined();
});

const outputs = {
  webUrl: "http://web.shop",
  webNamespace: "shop",
  ordersQueueUrl: "http://127.0.0.1:4566/1/orders",
  archiveFunctionName: "archive-1",
  archiveBucketName: "archive-2",
};

function stack(outputs: object): ExportedStack {
  return {
    deployment: {
      resources: [
        { type: "pulumi:pulumi:Stack", urn: "urn", outputs: { ...outputs } },
        {
          type: "aws:lambda/function:Function",
          urn: "urn:pulumi:dev::shop::aws:lambda/function:Function::archive",
          outputs: {
            name: "archive-1",
            arn: "arn:aws:lambda:eu-west-1:1:function:archive-1",
            loggingConfig: { logGroup: "archive-logs" },
          },
        },
      ],
    },
  };
}

test("the parts of the system are found by the stack's outputs", () => {
  expect(partsOf(stack(outputs), "dev")).toEqual({
    webUrl: "http://web.shop",
    namespace: "shop",
    queueUrl: "http://127.0.0.1:4566/1/orders",
    functionName: "archive-1",
    logGroup: "archive-logs",
    bucket: "archive-2",
    region: "eu-west-1",
  });
});

test("fails when the stack is another system, or has nothing in it", () => {
  const { webUrl: _, ...others } = outputs;
  const next = ["`make up STACK=qa` makes the sample system, which an order goes through."];
  expect(() => partsOf(stack(others), "qa")).toThrow(
    expect.objectContaining({ message: "The stack qa has no output webUrl.", next }),
  );
  expect(() => partsOf({}, "qa")).toThrow(
    expect.objectContaining({ message: "The stack qa has no resources.", next }),
  );
});

test.each([
  ["http://web.shop", true],
  ["http://web.shop.svc.cluster.local:8080/", true],
  ["http://web", true],
  ["https://web.example.com", false],
  ["https://shop.com", false],
  ["http://127.0.0.1:8080", false],
])("%s is known in the cluster alone: %s", (url, inside) => {
  expect(isInsideCluster(url, "shop")).toBe(inside);
});
