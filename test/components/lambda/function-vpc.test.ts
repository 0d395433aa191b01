import * as pulumi from "@pulumi/pulumi";
import type { FunctionFileSystem } from "../../../components/lambda/function-file-system";
import type { FunctionVpc } from "../../../components/lambda/function-vpc";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { parsed } from "../../support/inputs";
import { allowing } from "../../support/policies";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:lambda:LambdaFunction";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const code = makeFolder({ "handler.py": "" });
const accessPointArn =
  "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0";

const archive = (vpc: FunctionVpc, fileSystem?: FunctionFileSystem) =>
  new LambdaFunction("archive", { code, handler: "handler.handler", vpc, fileSystem });

const recordArchive = async (vpc: FunctionVpc, fileSystem?: FunctionFileSystem) => {
  const recording = await record(() => void archive(vpc, fileSystem));
  const policy = recording.one("aws:iam/rolePolicy:RolePolicy", "archive-policy");
  return {
    recording,
    inputs: recording.one("aws:lambda/function:Function", "archive").inputs,
    statements: parsed(policy, "policy").policy.Statement.slice(1),
  };
};

/** What Lambda itself may do with the role, and the function's code may not. */
const lambdaAlone = { Condition: { Null: { "lambda:SourceFunctionArn": "true" } } };
const networkInterfaces = [
  {
    ...allowing(
      [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:UnassignPrivateIpAddresses",
      ],
      "arn:aws:ec2:eu-central-1:123456789012:*/*",
    ),
    ...lambdaAlone,
  },
  { ...allowing(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], "*"), ...lambdaAlone },
];

const mounting = (...actions: readonly string[]) => ({
  ...allowing(actions, "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/*"),
  Condition: { StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } },
});

describe("vpc", () => {
  test("custom takes security groups that are there", async () => {
    const { recording, inputs, statements } = await recordArchive({
      subnetIds: pulumi.output(["subnet-0a", "subnet-0b"]),
      securityGroupIds: ["sg-0a", pulumi.output("sg-0b")],
    });
    expect(recording.resources).toHaveLength(6);
    expect(inputs["vpcConfig"]).toEqual({
      subnetIds: ["subnet-0a", "subnet-0b"],
      securityGroupIds: ["sg-0a", "sg-0b"],
    });
    expect(statements).toEqual(networkInterfaces);
  });

  test("custom makes a security group of its own, which lets out HTTPS alone", async () => {
    const { recording, inputs, statements } = await recordArchive({
      vpcId: pulumi.output("vpc-0a"),
      subnetIds: ["subnet-0a"],
    });
    const id = "archive-security-group-1234567-id";
    expect(recording.resources).toHaveLength(8);
    expect(
      recording.one("aws:ec2/securityGroup:SecurityGroup", "archive-security-group").inputs,
    ).toEqual({ vpcId: "vpc-0a", description: "Lambda function archive" });
    expect(recording.one(egress, "archive-https").inputs).toEqual({
      securityGroupId: id,
      ipProtocol: "tcp",
      cidrIpv4: "0.0.0.0/0",
      fromPort: 443,
      toPort: 443,
    });
    expect(inputs["vpcConfig"]).toEqual({ subnetIds: ["subnet-0a"], securityGroupIds: [id] });
    expect(statements).toEqual(networkInterfaces);
  });

  test("hands out the security group of its own, and no other", async () => {
    const { outputs } = await record(() => ({
      id: archive({ vpcId: "vpc-0a", subnetIds: ["subnet-0a"] }).securityGroup.id,
    }));
    expect(outputs["id"]).toBe("archive-security-group-1234567-id");
    await expect(
      record(
        () => archive({ securityGroupIds: ["sg-0a"], subnetIds: ["subnet-0a"] }).securityGroup.id,
      ),
    ).rejects.toThrow("The function has no security group of its own: give it vpc.vpcId.");
  });

  test("fails when anything is outside what Lambda takes", async () => {
    const refused = await refusal(() =>
      archive({ subnetIds: [], securityGroupIds: ["default"], vpcId: "10.0.0.0/8" } as never),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        "vpc needs either securityGroupIds or, for a security group of its own, vpcId: give one of them",
        "vpc.subnetIds is []: give 1 to 16 ids of subnets, like subnet-0123456789abcdef0",
        'vpc.securityGroupIds is ["default"]: give 1 to 5 ids of security groups, like sg-0123456789abcdef0',
        'vpc.vpcId is "10.0.0.0/8": give a VPC\'s id, like vpc-0123456789abcdef0',
      ),
    );
  });

  test("fails when nothing says which security group", async () => {
    const refused = await refusal(() =>
      archive({ subnetIds: ["subnet-0a"], sg: "sg-0a" } as never),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        'there is no argument "vpc.sg": give only subnetIds, securityGroupIds, vpcId',
        "vpc needs either securityGroupIds or, for a security group of its own, vpcId: give one of them",
      ),
    );
  });
});

describe("fileSystem", () => {
  const vpc = { vpcId: "vpc-0a", subnetIds: ["subnet-0a"] };

  test("custom is mounted by its one access point, and reached by NFS", async () => {
    const { recording, inputs, statements } = await recordArchive(vpc, {
      accessPointArn: pulumi.output(accessPointArn),
      localMountPath: "/mnt/data",
    });
    expect(inputs["fileSystemConfig"]).toEqual({
      arn: accessPointArn,
      localMountPath: "/mnt/data",
    });
    expect(recording.one(egress, "archive-nfs").inputs).toMatchObject({
      fromPort: 2049,
      toPort: 2049,
    });
    expect(statements).toEqual([
      ...networkInterfaces,
      mounting("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
    ]);
  });

  test("custom may be read and no more", async () => {
    const { statements } = await recordArchive(vpc, {
      accessPointArn,
      localMountPath: "/mnt/data",
      readOnly: true,
    });
    expect(statements).toEqual([...networkInterfaces, mounting("elasticfilesystem:ClientMount")]);
  });
});
