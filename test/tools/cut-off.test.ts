import { adopt, cutOff, type ExportedStack, forget } from "../../tools/cut-off";

const urn = (type: string, name: string) => `urn:pulumi:qa::shop::${type}::${name}`;

/** What a killed update leaves in the state: an operation for each of these. */
function killed(
  doing: string,
  type: string,
  name: string,
  inputs: Record<string, unknown> = {},
): ExportedStack {
  const resource = { type, urn: urn(type, name), inputs };
  return { deployment: { pending_operations: [{ type: doing, resource }] } };
}

describe("what was cut off", () => {
  test("is nothing in a whole state, or in none", () => {
    expect(cutOff({ deployment: { resources: [] } })).toEqual([]);
    expect(cutOff({})).toEqual([]);
  });

  test("is told by type and name, with the name at AWS", () => {
    const type = "aws:sqs/queue:Queue";
    expect(cutOff(killed("creating", type, "orders", { name: "orders-85a40ca" }))).toEqual([
      {
        doing: "creating",
        urn: urn(type, "orders"),
        label: "aws:sqs/queue:Queue::orders",
        physicalName: "orders-85a40ca",
        id: undefined,
        kubectl: undefined,
        replaces: false,
      },
    ]);
  });

  test.each([
    ["aws:iam/role:Role", { name: "web-1a2b3c4" }, "web-1a2b3c4"],
    [
      "aws:iam/rolePolicy:RolePolicy",
      { role: "web-1a2b3c4", name: "p-5d6e7f8" },
      "web-1a2b3c4:p-5d6e7f8",
    ],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", { name: "web-1a2b3c4" }, "web-1a2b3c4"],
    ["aws:sns/topicPolicy:TopicPolicy", { arn: "arn:aws:sns:::web" }, "arn:aws:sns:::web"],
    ["aws:s3/bucket:Bucket", { bucket: "data-1a2b3c4" }, "data-1a2b3c4"],
    ["aws:s3/bucketPolicy:BucketPolicy", { bucket: "data-1a2b3c4" }, "data-1a2b3c4"],
  ])("%s has an ID made of its inputs", (type, inputs, id) => {
    expect(cutOff(killed("creating", type, "web", inputs))[0]?.id).toBe(id);
  });

  test.each([
    ["aws:iam/role:Role", {}],
    ["aws:iam/rolePolicy:RolePolicy", { name: "p-5d6e7f8" }],
    ["aws:secretsmanager/secret:Secret", { name: "key-1a2b3c4" }],
    [
      "aws:iam/role:Role",
      { name: { "4dabf18193072939515e22adb298388d": "1b47061264138c4a", ciphertext: "v1:" } },
    ],
  ])("%s with inputs %j has none that could be known", (type, inputs) => {
    expect(cutOff(killed("creating", type, "web", inputs))[0]?.id).toBeUndefined();
  });

  test.each([
    ["core/v1:Namespace", { name: "shop" }, ["namespace/shop"]],
    [
      "apps/v1:Deployment",
      { name: "web", namespace: "shop" },
      ["deployment.apps/web", "--namespace", "shop"],
    ],
    [
      "networking.k8s.io/v1:NetworkPolicy",
      { name: "web", namespace: "shop" },
      ["networkpolicy.networking.k8s.io/web", "--namespace", "shop"],
    ],
  ])("kubernetes:%s is deleted with kubectl", (type, metadata, args) => {
    const state = killed("creating", `kubernetes:${type}`, "web", { metadata });
    expect(cutOff(state)[0]?.kubectl).toEqual(["delete", ...args, "--ignore-not-found"]);
  });

  test("is not deleted when it was there before", () => {
    const metadata = { name: "web", namespace: "shop" };
    const state = killed("updating", "kubernetes:apps/v1:Deployment", "web", { metadata });
    expect(cutOff(state)[0]?.kubectl).toBeUndefined();
  });

  test("replaces what the state still has", () => {
    const type = "aws:iam/role:Role";
    const state = killed("creating", type, "web", { name: "web-1a2b3c4" });
    const resources = [{ type, urn: urn(type, "web"), id: "web-0000000" }];
    const replaced = { deployment: { ...state.deployment, resources } };
    expect(cutOff(replaced)[0]?.replaces).toBe(true);
    expect(
      cutOff({ deployment: { ...killed("updating", type, "web").deployment, resources } })[0]
        ?.replaces,
    ).toBe(false);
  });
});

describe("an adopted state", () => {
  const type = "aws:iam/role:Role";
  const state = killed("creating", type, "web", { name: "web-1a2b3c4" });
  const there = { type: "pulumi:pulumi:Stack", urn: urn("pulumi:pulumi:Stack", "shop-qa") };
  const before = {
    version: 3,
    deployment: { manifest: {}, resources: [there], ...state.deployment },
  };

  test("has what was made after all others, with its ID, and nothing under way", () => {
    const made = { type, urn: urn(type, "web"), inputs: { name: "web-1a2b3c4" } };
    expect(adopt(before, new Map([[made.urn, "web-1a2b3c4"]]))).toEqual({
      version: 3,
      deployment: { manifest: {}, resources: [there, { ...made, id: "web-1a2b3c4", outputs: {} }] },
    });
  });

  test("leaves out what has no ID", () => {
    expect(adopt(before, new Map())).toEqual({
      version: 3,
      deployment: { manifest: {}, resources: [there] },
    });
  });
});

describe("a state without what the platform has lost", () => {
  const queue = { type: "aws:sqs/queue:Queue", urn: urn("aws:sqs/queue:Queue", "orders") };
  const provider = { type: "pulumi:providers:aws", urn: urn("pulumi:providers:aws", "aws") };
  const map = (type: string, depends: readonly string[]) => ({
    type: "kubernetes:core/v1:ConfigMap",
    urn: urn(type, "web"),
    dependencies: depends,
    propertyDependencies: { data: depends },
  });

  test("has all but that, and nothing that depends on it", () => {
    const before = map("kubernetes:core/v1:ConfigMap", [provider.urn, queue.urn]);
    const state = { deployment: { manifest: {}, resources: [provider, queue, before] } };
    expect(forget(state, ["aws"])).toEqual({
      deployment: {
        manifest: {},
        resources: [
          { ...provider, dependencies: [], propertyDependencies: {} },
          map("kubernetes:core/v1:ConfigMap", [provider.urn]),
        ],
      },
    });
  });

  test("keeps what is in other parts", () => {
    const resources = [{ ...queue, dependencies: [], propertyDependencies: { name: [] } }];
    expect(forget({ deployment: { resources } }, ["kubernetes"])).toEqual({
      deployment: { resources },
    });
  });
});
