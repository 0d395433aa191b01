import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../../../components/arguments";
import {
  accessPolicy,
  checkAccess,
  type RepositoryAccessArgs,
} from "../../../components/registry/repository-access";
import { record } from "../../../components/testing";
import { policyOf } from "../../support/policies";
import { laterFailure, problemsOf, unusable } from "../../support/refusals";

const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const push = [
  ...pull,
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];
const reader = "arn:aws:iam::210987654321:role/reader";
const builder = "arn:aws:iam::210987654321:role/builder";
const account = "210987654321";
const organization = "o-a1b2c3d4e5";
const functions = "arn:aws:lambda:eu-central-1:210987654321:function:web-*";

const readersPull = {
  Sid: "Pull",
  Effect: "Allow",
  Principal: { AWS: [reader] },
  Action: pull,
};
const accountsPull = { ...readersPull, Principal: { AWS: [account] } };
const buildersPush = {
  Sid: "Push",
  Effect: "Allow",
  Principal: { AWS: [builder] },
  Action: push,
};
const organizationsPull = {
  Sid: "OrganizationsPull",
  Effect: "Allow",
  Principal: "*",
  Action: pull,
  Condition: { StringEquals: { "aws:PrincipalOrgID": [organization] } },
};
const functionsPull = {
  Sid: "FunctionsPull",
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
  Condition: { StringLike: { "aws:SourceArn": [functions] } },
};

const check = () => new ArgumentCheck("groundwork:test:Thing", "it");

describe("checkAccess", () => {
  test.each<RepositoryAccessArgs>([{}, { pullAccounts: [] }])(
    "default lets nobody from outside in: %j",
    (args) => {
      expect(accessPolicy(checkAccess(check(), args))).toBeUndefined();
    },
  );

  test.each<[RepositoryAccessArgs, ...object[]]>([
    [{ pullPrincipals: [reader] }, readersPull],
    [{ pushPrincipals: [pulumi.output(builder)], pullPrincipals: [] }, buildersPush],
    [{ pullAccounts: [account] }, accountsPull],
    [{ pullOrganizations: [organization] }, organizationsPull],
    [{ pullFunctions: [functions] }, functionsPull],
    [
      {
        pullFunctions: [pulumi.output(functions)],
        pullOrganizations: [pulumi.output(organization)],
        pullAccounts: [pulumi.output(account)],
        pushPrincipals: [builder],
        pullPrincipals: [pulumi.output(reader)],
      },
      { ...readersPull, Principal: { AWS: [reader, account] } },
      buildersPush,
      organizationsPull,
      functionsPull,
    ],
  ])("custom has a statement for each kind there is: %#", async (args, ...statements) => {
    const { outputs } = await record(() => ({ policy: accessPolicy(checkAccess(check(), args)) }));
    expect(JSON.parse(String(outputs["policy"]))).toEqual(policyOf(...statements));
  });

  test("fails for everybody, and for what has no owner", () => {
    const problems = problemsOf((given) =>
      checkAccess(given, {
        pullPrincipals: [reader, "*"],
        pushPrincipals: [account],
        pullAccounts: ["*", "21098765432"],
        pullOrganizations: ["*"],
        pullFunctions: [
          "web",
          "arn:aws:lambda:*:210987654321:function:web",
          "arn:aws:lambda:eu-central-1:*:function:web",
        ],
      }),
    );
    const aFunction =
      "give a function's ARN with its region and account, like arn:aws:lambda:eu-central-1:123456789012:function:web-*";
    expect(problems).toEqual([
      'pullPrincipals[1] is "*": give the ARN of a resource of iam, like arn:aws:iam:...',
      'pushPrincipals[0] is "210987654321": give the ARN of a resource of iam, like arn:aws:iam:...',
      'pullAccounts[0] is "*": give an account\'s 12 digits',
      'pullAccounts[1] is "21098765432": give an account\'s 12 digits',
      'pullOrganizations[0] is "*": give an organization\'s id, like o-a1b2c3d4e5',
      `pullFunctions[0] is "web": ${aFunction}`,
      `pullFunctions[1] is "arn:aws:lambda:*:210987654321:function:web": ${aFunction}`,
      `pullFunctions[2] is "arn:aws:lambda:eu-central-1:*:function:web": ${aFunction}`,
    ]);
  });

  test.each<[RepositoryAccessArgs, string]>([
    [
      { pullAccounts: [pulumi.output("*")] },
      'pullAccounts[0] is "*": give an account\'s 12 digits',
    ],
    [
      { pullOrganizations: [organization, pulumi.output("*")] },
      'pullOrganizations[1] is "*": give an organization\'s id, like o-a1b2c3d4e5',
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    const program = () => {
      new pulumi.ComponentResource("groundwork:test:Thing", "it", {
        policy: accessPolicy(checkAccess(check(), args)),
      });
    };
    expect(await laterFailure(program)).toBe(unusable("groundwork:test:Thing", "it", problem));
  });
});
