import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ComponentResource } from "@pulumi/pulumi";
import * as components from "../../components";
import { type Recording, record } from "../../components/testing";
import { deployEvery } from "../support/aws";

/** The program that `make check` has installed. */
const parliament = process.env["PARLIAMENT"] ?? "parliament";

/** Findings that are left out: how they begin, and the reason. */
const leftOut: Readonly<Record<string, RegExp>> = {
  "parliament knows no policies that have no resource, as of trust and of repositories":
    /^\S+ \S+ (assumeRolePolicy|repositoryPolicy|(?<=RepositoryPolicy \S+ )policy): MALFORMED/,
  'in a key\'s own policy "*" is the key, whose account decides who else may do what':
    /^aws:kms\/key:Key \S+ policy: (RESOURCE_STAR|PERMISSIONS_MANAGEMENT_ACTIONS)/,
  'in a queue\'s own policy "*" is the queue': /^aws:sqs\/queue:Queue \S+ policy: RESOURCE_STAR/,
  "parliament can't read the ARN of a table's stream, which ends with a time and its colons":
    mismatch("dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)"),
  "network interfaces are allowed as Lambda asks for it, see function-vpc.ts": mismatch(
    "ec2:(Assign|Unassign)PrivateIpAddresses|ec2:(Create|Delete)NetworkInterface",
  ),
  "CodeDeploy takes answers by the deployment group, as the CDK grants it too": mismatch(
    "codedeploy:PutLifecycleEventHookExecutionStatus",
  ),
  "EFS compares an access point as a text in its own examples":
    /^\S+ (ship|render)-full-policy policy: MISMATCHED_TYPE_BUT_USABLE: .*StringEquals requires a value of type String but given Arn"$/,
};

/** A finding that a resource is none of these actions, and of no others. */
function mismatch(actions: string): RegExp {
  const one = `\\{"action":"(${actions})","required_format":"[^"]*"\\}`;
  return new RegExp(
    `^\\S+ \\S+ policy: RESOURCE_MISMATCH: No resources match for the given action \\[(${one},?)+\\]$`,
  );
}

/** The components that make nothing on AWS. */
const inKubernetes = [
  ...["CronJob", "Job", "Microservice", "Namespace", "Route"],
  ...["ServiceMonitoring", "ShardedService", "Worker"],
];

/** A policy's text, by where it stands. */
type Policies = Readonly<Record<string, string>>;

/** What parliament says of a policy, a line of JSON each. */
interface Finding {
  readonly issue: string;
  readonly title: string;
  readonly detail: unknown;
  readonly location: { readonly filepath: string };
}

/** Every text among the inputs that is a policy document. */
function policiesOf({ resources }: Recording): Policies {
  const texts = resources.flatMap(({ type, name, inputs }) =>
    Object.entries(inputs).map(([input, value]) => [`${type} ${name} ${input}`, String(value)]),
  );
  return Object.fromEntries(texts.filter(([, text]) => text?.includes('"Statement":[')));
}

/** What parliament finds in policies, a line each. */
function findings(policies: Policies): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  try {
    const places = Object.keys(policies);
    places.forEach((place, i) => {
      writeFileSync(join(folder, `${i}.json`), policies[place] ?? "");
    });
    const { stdout, error, stderr } = spawnSync(
      parliament,
      ["--directory", folder, "--json", "--include-community-auditors"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    if (error) throw error;
    if (stderr !== "") throw new Error(stderr);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Finding)
      .map(({ issue, title, detail, location }) => {
        const place = places[Number.parseInt(basename(location.filepath), 10)];
        return `${place}: ${issue}: ${title} ${JSON.stringify(detail)}`;
      })
      .filter((line) => !Object.values(leftOut).some((known) => known.test(line)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("finds what is wrong", () => {
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sqs:Sent", Resource: "*" }],
  };
  expect(findings({ here: JSON.stringify(policy) })).toEqual([
    'here: UNKNOWN_ACTION: Unknown action "Unknown action sqs:Sent"',
  ]);
});

test("knows the policies of roles, and of what has one of its own", async () => {
  const policies = policiesOf(await record(() => void deployEvery("default")));
  expect(Object.keys(policies)).toEqual(
    expect.arrayContaining([
      "aws:iam/rolePolicy:RolePolicy ship-default-policy policy",
      "aws:iam/role:Role ship-default-role assumeRolePolicy",
      "aws:sqs/queue:Queue orders-default policy",
    ]),
  );
});

test.each(["default", "full"] as const)("knows every component on AWS, %s", async (kind) => {
  const { resources } = await record(() => void deployEvery(kind));
  const made = new Set(
    resources.flatMap(({ type }) => /^groundwork:\w+:(\w+)$/.exec(type)?.[1] ?? []),
  );
  const others = Object.entries(components).flatMap(([name, each]) =>
    typeof each === "function" && each.prototype instanceof ComponentResource && !made.has(name)
      ? [name]
      : [],
  );
  expect(others).toEqual(inKubernetes);
});

test.each(["default", "full"] as const)("finds nothing in the %s configuration", async (kind) => {
  expect(findings(policiesOf(await record(() => void deployEvery(kind))))).toEqual([]);
});
