import { readFileSync } from "node:fs";
import { Queue } from "@pulumi/aws/sqs";
import { Parameter } from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { checkUrns, findSecrets, record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { withoutVariables } from "../../support/variables";

withoutVariables("CI", "URN_BASELINE");

/** The stack that the README's examples test. */
function deployShop() {
  const config = new pulumi.Config();
  const queue = new Queue("orders", {
    sqsManagedSseEnabled: true,
    messageRetentionSeconds: 86_400 * (config.getNumber("retentionDays") ?? 4),
  });
  const value = config.getSecret("token");
  if (value !== undefined) new Parameter("token", { type: "SecureString", value });
  return { url: queue.url };
}

const readme = readFileSync("components/testing/README.md", "utf8");
const dense = (text: string) => text.replace(/\s+/g, "");

test("every example of the README runs below, as it stands there", () => {
  const here = dense(readFileSync(__filename, "utf8"));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) =>
    code.replace(/^import .*\n/gm, ""),
  );
  expect(examples).toHaveLength(5);
  expect(examples.filter((code) => !here.includes(dense(code)))).toEqual([]);
});

test("orders are encrypted and kept for four days", async () => {
  const recording = await record(deployShop);
  const { inputs } = recording.one(Queue, "orders");
  expect(inputs).toMatchObject({ sqsManagedSseEnabled: true, messageRetentionSeconds: 345_600 });
});

test("answers", async () => {
  let known: unknown;
  const deployShop = () => {
    const token = new pulumi.StackReference("acme/network/prod").requireOutput("token");
    known = pulumi.isSecret(token);
  };
  const recording = await record(deployShop, {
    answers: {
      "aws:rds/instance:Instance": ({ name }) => ({ state: { address: `${name}.test` } }),
    },
    calls: { "aws:ec2/getVpc:getVpc": () => ({ id: "vpc-1", cidrBlock: "10.0.0.0/16" }) },
    stacks: { "acme/network/prod": { subnetIds: ["subnet-1"], token: pulumi.secret("t") } },
  });
  expect(recording.resources.map(({ external }) => external)).toEqual([true]);
  expect(await known).toBe(true);
});

test("config, secrets and where they go", async () => {
  const recording = await record(deployShop, {
    project: "shop",
    stack: "prod",
    config: { "shop:retentionDays": "14", "shop:token": "a-token-of-this-test" },
    secretKeys: ["shop:token"],
    preview: true,
  });
  expect(recording.one(Queue, "orders").inputs.messageRetentionSeconds).toBe(14 * 86_400);
  expect(recording.one(Queue, "orders").urn).toBe(
    "urn:pulumi:prod::shop::aws:sqs/queue:Queue::orders",
  );
  const { leaked, encrypted } = findSecrets(recording, "a-token-of-this-test");
  expect(leaked).toEqual([]);
  expect(encrypted).toEqual(["aws:ssm/parameter:Parameter token: inputs.value"]);
});

describe("URNs", () => {
  const here = process.cwd();
  const deployed = "urn:pulumi:prod::groundwork::aws:sqs/queue:Queue::orders\n";
  beforeEach(() => process.chdir(makeFolder({ "test/urns/prod.txt": deployed })));
  afterEach(() => process.chdir(here));

  test("nothing in prod loses its URN", async () => {
    checkUrns(await record(deployShop, { stack: "prod" }), "test/urns/prod.txt");
  });

  test("a renamed resource fails as the README shows", async () => {
    const renamed = await record(() => void new Queue("orders-v2"), { stack: "prod" });
    const [, shown] = /```\n(URNs .*?)\n```/s.exec(readme) ?? [];
    expect(() => checkUrns(renamed, "test/urns/prod.txt")).toThrow(new Error(shown));
  });
});
