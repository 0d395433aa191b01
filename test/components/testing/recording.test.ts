import { Queue } from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { type RecordedResource, Recording, record } from "../../../components/testing";

/** Resources at the top of the stack, or children of one there. */
const recordingOf = (...resources: readonly [type: string, name: string, parent?: string][]) => {
  const recording = new Recording();
  for (const [type, name, parent] of resources) {
    const chain = parent === undefined ? type : `${parent.split(" ")[0]}$${type}`;
    recording.resources.push({
      type,
      name,
      urn: `urn:pulumi:test::groundwork::${chain}::${name}`,
      parent,
      inputs: {},
      secretInputs: [],
      outputs: {},
      secretOutputs: [],
      dependencies: [],
      provider: undefined,
      aliases: [],
      hooks: [],
      external: false,
    } satisfies RecordedResource);
  }
  return recording;
};

const recording = recordingOf(
  ["t:Shop", "books"],
  ["t:Queue", "b", "t:Shop books"],
  ["t:Queue", "a", "t:Shop books"],
  ["t:Bucket", "a", "t:Shop books"],
  ["t:Queue", "c", "t:Shop toys"],
  ["t:Twice", "same"],
  ["t:Twice", "same"],
);

test("finds the resources of one type in their order", () => {
  expect(recording.ofType("t:Queue").map(({ name }) => name)).toEqual(["b", "a", "c"]);
  expect(recording.ofType("t:Que")).toEqual([]);
});

test("finds the one resource by type and name", () => {
  expect(recording.one("t:Bucket", "a")).toBe(recording.resources[3]);
});

test("finds the children of a resource, sorted", () => {
  expect(recording.childrenOf("t:Shop", "books")).toEqual(["t:Bucket a", "t:Queue a", "t:Queue b"]);
  expect(recording.childrenOf("t:Shop", "none")).toEqual([]);
});

test("finds resources by their class, with inputs of its types", async () => {
  const { ofType, one, childrenOf, resources } = await record(() => {
    const orders = new Queue("orders", { delaySeconds: pulumi.output(5) });
    new Queue("late", {}, { parent: orders });
  }).then((made) => ({
    ofType: made.ofType(Queue),
    one: made.one(Queue, "orders"),
    childrenOf: made.childrenOf(Queue, "orders"),
    resources: made.resources,
  }));
  expect(ofType).toEqual(resources);
  const delay: number | undefined = one.inputs.delaySeconds;
  expect(delay).toBe(5);
  expect(childrenOf).toEqual(["aws:sqs/queue:Queue late"]);
});

test("shows all resources below their parents, sorted", async () => {
  const { tree } = await record(() => {
    const mall = new pulumi.ComponentResource("test:index:Mall", "mall");
    for (const name of ["toys", "books"]) {
      const shop = new pulumi.ComponentResource("test:index:Shop", name, {}, { parent: mall });
      new Queue(`${name}-queue`, {}, { parent: shop });
    }
    new Queue("orders");
  }).then((made) => ({ tree: made.tree() }));
  expect(tree).toBe(`aws:sqs/queue:Queue orders
test:index:Mall mall
  test:index:Shop books
    aws:sqs/queue:Queue books-queue
  test:index:Shop toys
    aws:sqs/queue:Queue toys-queue`);
  expect(new Recording().tree()).toBe("");
});

test("fails when there is none, with what there is", () => {
  expect(() => recordingOf(["t:A", "a"], ["t:B", "b"]).one("t:A", "b")).toThrow(
    new Error("0 resources are t:A b. There are:\n  t:A a\n  t:B b"),
  );
});

test("fails when there are several", () => {
  expect(() => recording.one("t:Twice", "same")).toThrow(
    /^2 resources are t:Twice same\. There are:\n/,
  );
});

test("fails when a class has no type token", () => {
  class Nameless extends pulumi.CustomResource {}
  expect(() => recording.ofType(Nameless)).toThrow(
    new TypeError(
      'Nameless has no type token of its own: give the token, like "groundwork:messaging:Queue"',
    ),
  );
});
