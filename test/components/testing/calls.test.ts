import { answerCall } from "../../../components/testing/calls";

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
  ["aws:index/getRegion:getRegion", {}, { id: "eu-central-1", region: "eu-central-1" }],
  ["aws:index/getPartition:getPartition", {}, { partition: "aws", dnsSuffix: "amazonaws.com" }],
  [
    "aws:index/getAvailabilityZones:getAvailabilityZones",
    { state: "available" },
    { id: "eu-central-1", names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] },
  ],
])("answers %s as its provider would", (token, inputs, answer) => {
  expect(answerCall(token, inputs)).toEqual(answer);
});

test("custom answers win", () => {
  const calls = {
    "aws:ec2/getVpc:getVpc": ({ tags }: Readonly<Record<string, unknown>>) => ({
      id: "vpc-1",
      tags,
    }),
    "aws:index/getRegion:getRegion": () => ({ region: "us-east-1" }),
  };
  expect(answerCall("aws:ec2/getVpc:getVpc", { tags: { a: "b" } }, calls)).toEqual({
    id: "vpc-1",
    tags: { a: "b" },
  });
  expect(answerCall("aws:index/getRegion:getRegion", {}, calls)).toEqual({ region: "us-east-1" });
});

test("fails when nobody answers, with how to, and without the inputs", () => {
  expect(() => answerCall("aws:ec2/getVpc:getVpc", { id: "vpc-1" })).toThrow(
    new Error(
      "Nothing answers the function aws:ec2/getVpc:getVpc. Give its answer: " +
        'record(program, { calls: { "aws:ec2/getVpc:getVpc": (inputs) => ({ ... }) } })',
    ),
  );
});
