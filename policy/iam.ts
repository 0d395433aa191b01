import { allowing } from "./documents";
import type { Rule } from "./rule";
import { at } from "./values";

/** Resources whose `policy` says what their holder may do. */
const types = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/userPolicy:UserPolicy",
];

/**
 * Actions that IAM can't limit to a resource. Add to it what the Service Authorization Reference
 * lists without a resource type.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const actionsWithoutResource: readonly string[] = [
  "cloudwatch:PutMetricData",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ecr:GetAuthorizationToken",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Rules for permissions. */
export const iamRules: readonly Rule[] = [
  {
    name: "iam-no-wildcard-actions",
    description: "All actions of a service hold those that delete, and those that come with time",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    types,
    check: ({ props }) =>
      allowing(at(props, "policy")).flatMap(({ actions, notActions }) => [
        ...actions
          .filter((action) => /^(\*|[^:]*:\*)$/.test(action))
          .map((action) => `policy allows the action "${action}": name each action that is used`),
        ...(notActions.length > 0
          ? ["policy allows with NotAction everything but a few: name in Action what is used"]
          : []),
      ]),
  },
  {
    name: "iam-no-wildcard-resources",
    description: "What is allowed on every resource is allowed on those of other systems too",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    types,
    check: ({ props }) =>
      allowing(at(props, "policy")).flatMap(({ actions, resources, notResources }) => {
        const limitable = actions.filter((action) => !actionsWithoutResource.includes(action));
        return [
          ...(resources.includes("*") && limitable.length > 0
            ? [`policy allows ${limitable.join(", ")} on "*": give the ARNs that are used`]
            : []),
          ...(notResources.length > 0
            ? ["policy allows on everything but NotResource: give in Resource what is used"]
            : []),
        ];
      }),
  },
  {
    name: "iam-no-public-trust",
    description: "A role that trusts everybody can be taken by any AWS account",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    types: ["aws:iam/role:Role"],
    check: ({ props }) =>
      allowing(at(props, "assumeRolePolicy"))
        .filter(({ principals }) => principals.includes("*"))
        .map(() => 'assumeRolePolicy trusts everybody ("*"): name the service or the roles'),
  },
  {
    name: "iam-no-user-policies",
    description: "Permissions of single users are not seen where those of roles and groups are",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    types: ["aws:iam/userPolicy:UserPolicy", "aws:iam/userPolicyAttachment:UserPolicyAttachment"],
    check: () => ["it gives a permission to a single user: give it to a role that is assumed"],
  },
  {
    name: "iam-no-access-keys",
    description: "An access key never expires, and works for whoever finds it",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles",
    types: ["aws:iam/accessKey:AccessKey"],
    check: () => [
      "it is a key that never expires: use a role, for pods with PodIdentity, " +
        "for functions as LambdaFunction makes it",
    ],
  },
];
