import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { Grant } from "../iam/grant";
import { accountId, arn, matching, type Rule } from "../rules";

/** Who from outside of the stack may use a repository. Roles in the stack take a grant instead. */
export interface RepositoryAccessArgs {
  /**
   * IAM principals outside this stack that may pull, by ARN: a role or a user.
   * @default none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
   */
  readonly pullPrincipals?: readonly pulumi.Input<string>[];
  /**
   * IAM principals outside this stack that may push, and pull.
   * @default none
   */
  readonly pushPrincipals?: readonly pulumi.Input<string>[];
  /**
   * Other AWS accounts that may pull, by their 12 digits. Each decides by IAM who of its own does.
   * @default none
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
   */
  readonly pullAccounts?: readonly pulumi.Input<string>[];
  /**
   * AWS organizations whose accounts may pull, by id, like `o-a1b2c3d4e5`.
   * @default none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
   */
  readonly pullOrganizations?: readonly pulumi.Input<string>[];
  /**
   * Lambda functions whose code is an image from here, by ARN; `*` stands for any text in it, since
   * Lambda pulls before there is a function: `arn:aws:lambda:eu-central-1:123456789012:function:web-*`.
   * Another account's functions need their account in `pullAccounts`, too.
   * @default none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-permissions
   */
  readonly pullFunctions?: readonly pulumi.Input<string>[];
}

/** The names of {@link RepositoryAccessArgs}, for `check.known`. */
export const accessArguments = {
  pullPrincipals: true,
  pushPrincipals: true,
  pullAccounts: true,
  pullOrganizations: true,
  pullFunctions: true,
} as const;

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
export const pullActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
];
/** What pushing takes, beyond pulling. */
export const pushActions = [
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/** What it takes to use repositories: actions on them, and the login. */
export function registryGrant(
  actions: readonly string[],
  repositories: pulumi.Input<string>,
): Grant {
  return {
    statements: [
      { actions, resources: [repositories] },
      // The login is to the account's whole registry: IAM knows no narrower resource for it.
      { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    ],
    environment: {},
  };
}

/**
 * Checks a component's arguments about access.
 * @returns those to use from here on, with none where none were given
 */
export function checkAccess(
  check: ArgumentCheck,
  args: RepositoryAccessArgs,
): Required<RepositoryAccessArgs> {
  const each = (name: keyof RepositoryAccessArgs, rule: Rule<string>) =>
    check.list(name, args[name]).map((given, i) => check.required(`${name}[${i}]`, given, rule));
  return {
    pullPrincipals: each("pullPrincipals", arn("iam")),
    pushPrincipals: each("pushPrincipals", arn("iam")),
    pullAccounts: each("pullAccounts", accountId),
    pullOrganizations: each("pullOrganizations", organizationId),
    pullFunctions: each("pullFunctions", functionArn),
  };
}

/**
 * The policy of a repository that is open to some from outside.
 * @returns undefined where nobody from outside may do anything
 */
export function accessPolicy(
  access: Required<RepositoryAccessArgs>,
): pulumi.Output<string> | undefined {
  const pushers = access.pushPrincipals;
  const organizations = access.pullOrganizations;
  const functions = access.pullFunctions;
  const pullers = [...access.pullPrincipals, ...access.pullAccounts];
  const statements = [
    ...statement("Pull", pullers, { Principal: { AWS: pullers }, Action: pullActions }),
    ...statement("Push", pushers, {
      Principal: { AWS: pushers },
      Action: [...pullActions, ...pushActions],
    }),
    ...statement("OrganizationsPull", organizations, {
      Principal: "*",
      Action: pullActions,
      Condition: { StringEquals: { "aws:PrincipalOrgID": organizations } },
    }),
    ...statement("FunctionsPull", functions, {
      Principal: { Service: "lambda.amazonaws.com" },
      Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Condition: { StringLike: { "aws:SourceArn": functions } },
    }),
  ];
  if (statements.length === 0) return undefined;
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** The statement about some, or none where there are none. */
function statement(sid: string, those: readonly unknown[], rest: object) {
  return those.length === 0 ? [] : [{ Sid: sid, Effect: "Allow", ...rest }];
}

const organizationId = matching(/^o-[a-z0-9]{10,32}$/, "an organization's id, like o-a1b2c3d4e5");

/** The account must be said: Lambda pulls for every one of its customers. */
const functionArn = matching(
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_*-]+$/,
  "a function's ARN with its region and account, like arn:aws:lambda:eu-central-1:123456789012:function:web-*",
);
