import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { Statement } from "../iam/grant";
import { matching, type Rule } from "../rules";
import { isLater } from "../values";

type Ids = pulumi.Input<pulumi.Input<string>[]>;

/**
 * Where in a VPC a function has its network interfaces: with security groups that are there, or
 * with one of its own.
 */
export type FunctionVpc = {
  /**
   * The subnets, 1 to 16, best private ones in two zones. A public subnet gives a function no
   * address of its own: it needs a NAT gateway or endpoints to reach anything outside.
   */
  readonly subnetIds: Ids;
} & (
  | {
      /** The security groups, 1 to 5. */
      readonly securityGroupIds: Ids;
      readonly vpcId?: undefined;
    }
  | {
      /**
       * The VPC, for a security group of its own: it lets nothing in, and out only HTTPS, and NFS
       * for a file system. What else the function may reach gets a rule for
       * {@link LambdaFunction.securityGroup}.
       */
      readonly vpcId: pulumi.Input<string>;
      readonly securityGroupIds?: undefined;
    }
);

const ids = (kind: string, what: string, max: number): Rule<pulumi.Input<string>[]> => {
  const id = new RegExp(`^${kind}-[0-9a-f]+$`);
  return (given) =>
    Array.isArray(given) &&
    given.length >= 1 &&
    given.length <= max &&
    given.every((each) => isLater(each) || id.test(String(each)))
      ? undefined
      : `give 1 to ${max} ids of ${what}, like ${kind}-0123456789abcdef0`;
};

/** Checks where a function has its network interfaces. */
export function checkVpc(check: ArgumentCheck, args: FunctionVpc | undefined) {
  if (args === undefined) return undefined;
  check.known<FunctionVpc>(args, { subnetIds: true, securityGroupIds: true, vpcId: true }, "vpc.");
  if ((args.vpcId === undefined) === (args.securityGroupIds === undefined)) {
    check.problem(
      "vpc needs either securityGroupIds or, for a security group of its own, vpcId: give one of them",
    );
  }
  return {
    subnetIds: check.required("vpc.subnetIds", args.subnetIds, ids("subnet", "subnets", 16)),
    securityGroupIds:
      check.input("vpc.securityGroupIds", args.securityGroupIds, ids("sg", "security groups", 5)) ??
      [],
    vpcId: check.input(
      "vpc.vpcId",
      args.vpcId,
      matching(/^vpc-[0-9a-f]+$/, "a VPC's id, like vpc-0123456789abcdef0"),
    ),
  };
}

/**
 * Lambda makes the network interfaces with the function's role, and their ids are not known
 * beforehand. Only requests of the function's own code name it as their source: those are not
 * allowed.
 * @param anyArn the ARN of anything in the function's account and region
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function networkInterfaceStatements(anyArn: pulumi.Input<string>): readonly Statement[] {
  const condition = { Null: { "lambda:SourceFunctionArn": "true" } };
  return [
    {
      actions: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:UnassignPrivateIpAddresses",
      ],
      resources: [pulumi.output(anyArn).apply(everythingOfEc2)],
      condition,
    },
    {
      actions: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
      resources: ["*"],
      condition,
    },
  ];
}

/** As AWS asks for it: an interface has no id that could be named before it is made. */
function everythingOfEc2(anyArn: string): string {
  const [, partition, , region, account] = anyArn.split(":");
  return `arn:${partition}:ec2:${region}:${account}:*/*`;
}

/**
 * What connects a function to its VPC.
 * @param nfs whether a security group of its own lets NFS out
 */
export function connectToVpc(
  name: string,
  { subnetIds, securityGroupIds, vpcId }: NonNullable<ReturnType<typeof checkVpc>>,
  nfs: boolean,
  opts: pulumi.CustomResourceOptions,
) {
  if (vpcId === undefined) return { config: { subnetIds, securityGroupIds } };
  const securityGroup = new ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId, description: `Lambda function ${name}` },
    opts,
  );
  const out = { securityGroupId: securityGroup.id, ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" };
  new vpc.SecurityGroupEgressRule(`${name}-https`, { ...out, fromPort: 443, toPort: 443 }, opts);
  if (nfs) {
    new vpc.SecurityGroupEgressRule(`${name}-nfs`, { ...out, fromPort: 2049, toPort: 2049 }, opts);
  }
  return { securityGroup, config: { subnetIds, securityGroupIds: [securityGroup.id] } };
}
