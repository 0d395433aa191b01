import * as pulumi from "@pulumi/pulumi";
import { ParameterStore } from "../../../components/configuration/parameter-store";
import { SecretStore } from "../../../components/configuration/secret-store";
import { Bucket } from "../../../components/data/bucket";
import { Table } from "../../../components/data/table";
import {
  checkGrants,
  environmentName,
  type Grant,
  grantedEnvironment,
  keyStatements,
  policyDocument,
  tlsOnlyPolicy,
  trustPolicy,
} from "../../../components/iam/grant";
import { PodIdentity } from "../../../components/kubernetes/pod-identity";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import { EventBus } from "../../../components/messaging/event-bus";
import { Queue } from "../../../components/messaging/queue";
import { Topic } from "../../../components/messaging/topic";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { allowing, policyOf } from "../../support/policies";
import { problemsOf } from "../../support/refusals";

/** What a JSON text in an Output says. */
async function parsedOutput(text: () => pulumi.Output<string>): Promise<unknown> {
  const { outputs } = await record(() => ({ text: text() }));
  return JSON.parse(String(outputs["text"]));
}

describe("policyDocument", () => {
  test("says what must be true besides", async () => {
    const condition = { StringLike: { "s3:prefix": "orders/*" } };
    const policy = await parsedOutput(() =>
      policyDocument([{ actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::a"], condition }]),
    );
    expect(policy).toEqual(
      policyOf({ ...allowing(["s3:ListBucket"], "arn:aws:s3:::a"), Condition: condition }),
    );
  });

  test("allows what each statement says", async () => {
    const policy = await parsedOutput(() =>
      policyDocument([
        { actions: ["sqs:SendMessage"], resources: [pulumi.output("arn:aws:sqs:::a")] },
        { actions: ["s3:GetObject", "s3:PutObject"], resources: ["arn:aws:s3:::b/*", "*"] },
        {
          actions: ["ec2:DescribeSubnets"],
          resources: ["*"],
          condition: { StringEquals: { "aws:RequestedRegion": pulumi.output("eu-central-1") } },
        },
      ]),
    );
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: ["arn:aws:sqs:::a"] },
        {
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::b/*", "*"],
        },
        {
          Effect: "Allow",
          Action: ["ec2:DescribeSubnets"],
          Resource: ["*"],
          Condition: { StringEquals: { "aws:RequestedRegion": "eu-central-1" } },
        },
      ],
    });
  });
});

describe("trustPolicy", () => {
  test("default lets the service assume the role", () => {
    expect(JSON.parse(trustPolicy("lambda.amazonaws.com"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });

  test("custom lets it do what is named", () => {
    const policy = trustPolicy("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);
    expect(JSON.parse(policy)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
        },
      ],
    });
  });
});

describe("keyStatements", () => {
  test("allows nothing where there is no key", () => {
    expect(keyStatements(undefined, ["kms:Decrypt"])).toEqual([]);
  });

  test("allows the actions on the one key", () => {
    expect(keyStatements("arn:aws:kms:::key/1", ["kms:Decrypt"])).toEqual([
      { actions: ["kms:Decrypt"], resources: ["arn:aws:kms:::key/1"] },
    ]);
  });
});

describe("grantedEnvironment", () => {
  test("holds nothing without grants", () => {
    expect(grantedEnvironment([])).toEqual({});
  });

  test("holds the variables of all grants", () => {
    const grants: Grant[] = [
      { statements: [], environment: { A: "1" } },
      { statements: [], environment: {} },
      { statements: [], environment: { B: "2", C: "3" } },
    ];
    expect(grantedEnvironment(grants)).toEqual({ A: "1", B: "2", C: "3" });
    expect(grants[0]).toEqual({ statements: [], environment: { A: "1" } });
  });

  test("takes grants that mean the same by one name", () => {
    const url = pulumi.output("https://queue");
    const grants: Grant[] = [
      { statements: [], environment: { URL: url, REGION: "eu-central-1" } },
      { statements: [], environment: { URL: url, REGION: "eu-central-1" } },
    ];
    const together = grantedEnvironment(grants);
    expect(Object.keys(together)).toEqual(["URL", "REGION"]);
    expect([together["URL"] === url, together["REGION"]]).toEqual([true, "eu-central-1"]);
  });

  test.each<[string, pulumi.Input<string>, pulumi.Input<string>]>([
    ["two texts", "1", "2"],
    ["an Output and a text", pulumi.output("1"), "2"],
    ["two Outputs", pulumi.output("1"), pulumi.output("2")],
  ])("fails when two grants mean different things by one name: %s", (_, one, two) => {
    const grants: Grant[] = [
      { statements: [], environment: { A: "1", URL: one } },
      { statements: [], environment: { URL: two, A: "1" } },
    ];
    expect(() => grantedEnvironment(grants)).toThrow(
      new Error('two grants set "URL": give one of the components another name'),
    );
  });

  test("takes a variable that bears the name of what every object has", () => {
    const grants: Grant[] = [{ statements: [], environment: { constructor: "1" } as never }];
    expect(grantedEnvironment(grants)).toEqual({ constructor: "1" });
  });
});

describe("tlsOnlyPolicy", () => {
  test("denies everybody every action without TLS", async () => {
    const policy = await parsedOutput(() =>
      tlsOnlyPolicy("s3:*", ["arn:aws:s3:::a", pulumi.output("arn:aws:s3:::a/*")]),
    );
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});

describe("a grant", () => {
  const folder = makeFolder({ "handler.py": "" });
  const table = () =>
    new Table("store", { partitionKey: { name: "id", type: "S" }, streamViewType: "NEW_IMAGE" });
  const parameters = { KEY: "1" };

  test.each<[string, () => Grant]>([
    ["Bucket.grantDelete", () => new Bucket("store").grantDelete()],
    ["Bucket.grantGet", () => new Bucket("store").grantGet("orders/")],
    ["Bucket.grantList", () => new Bucket("store").grantList("orders/")],
    ["Bucket.grantPut", () => new Bucket("store").grantPut()],
    ["EventBus.grantPut", () => new EventBus("store").grantPut()],
    ["ParameterStore.grantPut", () => new ParameterStore("store", { parameters }).grantPut("KEY")],
    [
      "ParameterStore.grantRead",
      () => new ParameterStore("store", { parameters }).grantRead("KEY"),
    ],
    ["Queue.grantConsume", () => new Queue("store").grantConsume()],
    ["Queue.grantSend", () => new Queue("store").grantSend()],
    [
      "SecretStore.grantRead",
      () => new SecretStore("store", { secrets: parameters }).grantRead("KEY"),
    ],
    ["Table.grantRead", () => table().grantRead()],
    ["Table.grantReadWrite", () => table().grantReadWrite()],
    ["Table.grantStream", () => table().grantStream()],
    ["Table.grantWrite", () => table().grantWrite()],
    ["Topic.grantPublish", () => new Topic("store").grantPublish()],
  ])("of %s is the same to a function and to pods", async (_, grant) => {
    const recording = await record(() => {
      const grants = [grant()];
      new LambdaFunction("code", {
        code: folder,
        handler: "handler.handler",
        runtime: "python3.13",
        grants,
      });
      const of = { clusterName: "staging", namespace: "shop", serviceAccountName: "web" };
      new PodIdentity("pods", { ...of, grants });
      return { policy: policyDocument(grants.flatMap(({ statements }) => statements)) };
    });
    const granted = JSON.parse(String(recording.outputs["policy"])).Statement;
    const statementsOf = (name: string) =>
      JSON.parse(String(recording.one("aws:iam/rolePolicy:RolePolicy", name).inputs["policy"]))
        .Statement;
    const [log, ...rest] = statementsOf("code-policy");
    expect(log.Action).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(rest).toEqual(granted);
    expect(statementsOf("pods-policy")).toEqual(granted);
  });
});

describe("environmentName", () => {
  test.each([
    ["orders", "QUEUE_URL", "ORDERS_QUEUE_URL"],
    ["order-events", "QUEUE_URL", "ORDER_EVENTS_QUEUE_URL"],
    ["a.b--c/d", "BUCKET", "A_B_C_D_BUCKET"],
    ["v2", "SECRET_ARN", "V2_SECRET_ARN"],
  ])("of %s and %s is %s", (component, what, name) => {
    expect(environmentName(component, what)).toBe(name);
  });
});

test("checkGrants fails for what is no grant, and shows nothing of it", () => {
  const given = ["hunter2", () => 1, null, { statements: [], environment: {} }];
  expect(problemsOf((check) => checkGrants(check, given as unknown as Grant[]))).toEqual(
    ["text", "a function", "null"].map(
      (kind, i) => `grants[${i}] is ${kind}: give what a component grants, like queue.grantSend()`,
    ),
  );
});
