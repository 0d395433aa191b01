import { answerResource, mockAccount, mockRegion } from "../../../components/testing/answers";

test("everything is in one account and one region", () => {
  expect([mockAccount, mockRegion]).toEqual(["123456789012", "eu-central-1"]);
});

describe("answerResource", () => {
  test.each<[string, Record<string, unknown>, string, Record<string, unknown>]>([
    [
      "aws:ecr/repository:Repository",
      {},
      "web-1234567",
      {
        name: "web-1234567",
        arn: "arn:aws:ecr:eu-central-1:123456789012:repository/web-1234567",
        registryId: "123456789012",
        repositoryUrl: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web-1234567",
      },
    ],
    [
      "aws:sqs/queue:Queue",
      { name: "orders" },
      "https://sqs.eu-central-1.amazonaws.com/123456789012/orders",
      {
        name: "orders",
        url: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders",
        arn: "arn:aws:sqs:eu-central-1:123456789012:orders",
      },
    ],
    [
      "aws:sns/topic:Topic",
      { fifoTopic: true },
      "arn:aws:sns:eu-central-1:123456789012:web-1234567.fifo",
      {
        name: "web-1234567.fifo",
        arn: "arn:aws:sns:eu-central-1:123456789012:web-1234567.fifo",
        fifoTopic: true,
      },
    ],
    [
      "aws:s3/bucket:Bucket",
      { bucket: "archive" },
      "archive",
      { bucket: "archive", arn: "arn:aws:s3:::archive" },
    ],
    [
      "aws:iam/role:Role",
      {},
      "web-1234567",
      { name: "web-1234567", arn: "arn:aws:iam::123456789012:role/web-1234567" },
    ],
    [
      "aws:cloudwatch/logGroup:LogGroup",
      {},
      "web-1234567",
      {
        name: "web-1234567",
        arn: "arn:aws:logs:eu-central-1:123456789012:log-group:web-1234567",
      },
    ],
    [
      "aws:cloudwatch/eventRule:EventRule",
      {},
      "web-1234567",
      { name: "web-1234567", arn: "arn:aws:events:eu-central-1:123456789012:rule/web-1234567" },
    ],
    [
      "aws:cloudwatch/eventRule:EventRule",
      { eventBusName: "shop" },
      "web-1234567",
      {
        eventBusName: "shop",
        name: "web-1234567",
        arn: "arn:aws:events:eu-central-1:123456789012:rule/shop/web-1234567",
      },
    ],
    [
      "aws:kinesis/stream:Stream",
      {},
      "arn:aws:kinesis:eu-central-1:123456789012:stream/web-1234567",
      {
        name: "web-1234567",
        arn: "arn:aws:kinesis:eu-central-1:123456789012:stream/web-1234567",
      },
    ],
    [
      "aws:lambda/functionUrl:FunctionUrl",
      { functionName: "archive", qualifier: "live" },
      "archive/live",
      {
        functionName: "archive",
        qualifier: "live",
        functionUrl: "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws/",
      },
    ],
    [
      "aws:scheduler/schedule:Schedule",
      {},
      "default/web-1234567",
      {
        name: "web-1234567",
        arn: "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/web-1234567",
      },
    ],
    [
      "aws:lambda/function:Function",
      { memorySize: 128 },
      "web-1234567",
      {
        memorySize: 128,
        name: "web-1234567",
        arn: "arn:aws:lambda:eu-central-1:123456789012:function:web-1234567",
        invokeArn:
          "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:web-1234567/invocations",
        version: "1",
      },
    ],
    [
      "aws:lambda/alias:Alias",
      { name: "live", functionName: "archive" },
      "arn:aws:lambda:eu-central-1:123456789012:function:archive:live",
      {
        name: "live",
        functionName: "archive",
        arn: "arn:aws:lambda:eu-central-1:123456789012:function:archive:live",
        invokeArn:
          "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:archive:live/invocations",
      },
    ],
    [
      "aws:secretsmanager/secret:Secret",
      {},
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-1234567-AbCdEf",
      {
        name: "web-1234567",
        arn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-1234567-AbCdEf",
      },
    ],
    [
      "aws:secretsmanager/secretVersion:SecretVersion",
      { secretId: "arn:of:secret" },
      "arn:of:secret|1",
      { secretId: "arn:of:secret", arn: "arn:of:secret", versionId: "1" },
    ],
    [
      "aws:ssm/parameter:Parameter",
      {},
      "web-1234567",
      {
        name: "web-1234567",
        arn: "arn:aws:ssm:eu-central-1:123456789012:parameter/web-1234567",
        version: 1,
      },
    ],
    [
      "docker:index/image:Image",
      { imageName: "localhost:5000/web:1" },
      `localhost:5000/web@sha256:${"0123456789abcdef".repeat(4)}`,
      {
        imageName: "localhost:5000/web:1",
        repoDigest: `localhost:5000/web@sha256:${"0123456789abcdef".repeat(4)}`,
      },
    ],
    [
      "aws:sns/topic:Topic",
      { displayName: "x" },
      "arn:aws:sns:eu-central-1:123456789012:web-1234567",
      {
        displayName: "x",
        name: "web-1234567",
        arn: "arn:aws:sns:eu-central-1:123456789012:web-1234567",
      },
    ],
    [
      "aws:dynamodb/table:Table",
      { name: "orders" },
      "orders",
      { name: "orders", arn: "arn:aws:dynamodb:eu-central-1:123456789012:table/orders" },
    ],
    [
      "aws:ssm/parameter:Parameter",
      { name: "/shop/level" },
      "/shop/level",
      {
        name: "/shop/level",
        arn: "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/level",
        version: 1,
      },
    ],
    [
      "aws:kms/key:Key",
      {},
      "1234abcd-12ab-34cd-56ef-1234567890ab",
      {
        keyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
        arn: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      },
    ],
    [
      "aws:kms/alias:Alias",
      { name: "alias/shop" },
      "alias/shop",
      { name: "alias/shop", arn: "arn:aws:kms:eu-central-1:123456789012:alias/shop" },
    ],
    [
      "aws:iam/policy:Policy",
      {},
      "arn:aws:iam::123456789012:policy/web-1234567",
      { name: "web-1234567", arn: "arn:aws:iam::123456789012:policy/web-1234567" },
    ],
    [
      "aws:iam/user:User",
      {},
      "web-1234567",
      { name: "web-1234567", arn: "arn:aws:iam::123456789012:user/web-1234567" },
    ],
    [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      {},
      "web-1234567",
      {
        name: "web-1234567",
        arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-1234567",
      },
    ],
    [
      "aws:apigatewayv2/api:Api",
      { protocolType: "HTTP" },
      "a1b2c3d4e5",
      {
        protocolType: "HTTP",
        apiEndpoint: "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
        arn: "arn:aws:apigateway:eu-central-1::/apis/a1b2c3d4e5",
        executionArn: "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5",
      },
    ],
    [
      "aws:ecs/cluster:Cluster",
      {},
      "arn:aws:ecs:eu-central-1:123456789012:cluster/web-1234567",
      { name: "web-1234567", arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/web-1234567" },
    ],
    [
      "aws:ecs/taskDefinition:TaskDefinition",
      { family: "web" },
      "web",
      {
        family: "web",
        revision: 1,
        arn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1",
      },
    ],
    [
      "aws:rds/instance:Instance",
      { engine: "postgres" },
      "web-1234567-id",
      {
        engine: "postgres",
        arn: "arn:aws:rds:eu-central-1:123456789012:instance/web-1234567",
      },
    ],
    ["random:index/randomPet:RandomPet", { length: 2 }, "web-1234567-id", { length: 2 }],
    [
      "kubernetes:apps/v1:Deployment",
      { metadata: { name: "web", namespace: "shop", labels: { a: "b" } }, spec: {} },
      "shop/web",
      { metadata: { name: "web", namespace: "shop", labels: { a: "b" } }, spec: {} },
    ],
    [
      "kubernetes:core/v1:ConfigMap",
      {},
      "default/web-1a2b3c4d",
      { metadata: { name: "web-1a2b3c4d", namespace: "default" } },
    ],
  ])("answers to %s as its provider would", (type, inputs, id, state) => {
    expect(answerResource({ type, name: "web", inputs })).toEqual({ id, state });
  });

  test("gives back the id of what exists already", () => {
    const resource = { type: "aws:sqs/queue:Queue", name: "web", inputs: {}, id: "that-one" };
    expect(answerResource(resource).id).toBe("that-one");
  });

  test("custom answers win, and what they leave out is as by default", () => {
    const resource = { type: "aws:rds/instance:Instance", name: "web", inputs: { port: 1 } };
    const answer = answerResource(resource, {
      "aws:rds/instance:Instance": ({ name, inputs }) => ({
        id: `db-${name}`,
        state: { endpoint: `${name}.example.com:${inputs["port"]}` },
      }),
      "aws:sqs/queue:Queue": () => ({ id: "another type" }),
    });
    expect(answer).toEqual({
      id: "db-web",
      state: {
        port: 1,
        arn: "arn:aws:rds:eu-central-1:123456789012:instance/web-1234567",
        endpoint: "web.example.com:1",
      },
    });
    expect(answerResource(resource, { "aws:rds/instance:Instance": () => ({}) })).toEqual(
      answerResource(resource),
    );
  });
});
