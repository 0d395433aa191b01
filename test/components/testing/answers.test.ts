import {
  answerCall,
  answerResource,
  mockAccount,
  mockRegion,
} from "../../../components/testing/answers";

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
      "aws:lambda/function:Function",
      { memorySize: 128 },
      "web-1234567",
      {
        memorySize: 128,
        name: "web-1234567",
        arn: "arn:aws:lambda:eu-central-1:123456789012:function:web-1234567",
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
      { secretId: "arn:of:secret", arn: "arn:of:secret" },
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
    ["aws:sfn/activity:Activity", { displayName: "x" }, "web-1234567-id", { displayName: "x" }],
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
    expect(answerResource(type, "web", inputs)).toEqual({ id, state });
  });
});

describe("answerCall", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "aws:index/getCallerIdentity:getCallerIdentity",
      {},
      { accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/test" },
    ],
    [
      "aws:ecr/getAuthorizationToken:getAuthorizationToken",
      { registryId: "123456789012" },
      {
        userName: "AWS",
        password: "mock-registry-password",
        proxyEndpoint: "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      },
    ],
    [
      "aws:eks/getCluster:getCluster",
      { name: "staging" },
      {
        name: "staging",
        endpoint: "https://staging.eks.amazonaws.com",
        certificateAuthorities: [{ data: "bW9jaw==" }],
      },
    ],
    ["aws:index/getRegion:getRegion", { region: "x" }, { region: "x" }],
  ])("answers to %s", (token, inputs, answer) => {
    expect(answerCall(token, inputs)).toEqual(answer);
  });
});
