import { LambdaFunction } from "../../components/lambda/lambda-function";
import { ContainerRegistry } from "../../components/registry/container-registry";
import { iamRules } from "../../policy/iam";
import { makeFolder } from "../support/folders";
import { allowing, policyOf, trusting } from "../support/policies";
import { changed, resource, testRules } from "./support";

const policy = ["aws:iam/rolePolicy:RolePolicy", "pull-policy"] as const;
const role = ["aws:iam/role:Role", "pull-role"] as const;
const bucket = "arn:aws:s3:::archive/*";
const json = (...statements: readonly object[]) => JSON.stringify(policyOf(...statements));

testRules(
  iamRules,
  // To log in to a registry is allowed on every resource: IAM knows no narrower one.
  () =>
    new LambdaFunction("pull", {
      code: makeFolder({ "handler.py": "" }),
      handler: "handler.handler",
      runtime: "python3.13",
      grants: [new ContainerRegistry("web").grantPull()],
    }),
  [
    [
      "every action is allowed",
      (all) => changed(all, policy, "policy", json(allowing(["*"], bucket))),
      'iam-no-wildcard-actions pull-policy: policy allows the action "*": name each action that is used',
    ],
    [
      "every action of a service is allowed",
      (all) => changed(all, policy, "policy", json(allowing(["s3:*", "s3:GetObject"], bucket))),
      'iam-no-wildcard-actions pull-policy: policy allows the action "s3:*": name each action that is used',
    ],
    [
      "every action but some is allowed, in the shortest way to write it",
      (all) =>
        changed(
          all,
          policy,
          "policy",
          '{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"arn:aws:s3:::archive"}}',
        ),
      "iam-no-wildcard-actions pull-policy: policy allows with NotAction everything but a few: name in Action what is used",
    ],
    [
      "actions are allowed on every resource that could be limited to some",
      (all) =>
        changed(
          all,
          policy,
          "policy",
          json(allowing(["ecr:GetAuthorizationToken", "s3:GetObject"], "*")),
        ),
      'iam-no-wildcard-resources pull-policy: policy allows s3:GetObject on "*": give the ARNs that are used',
    ],
    [
      "something is allowed on every resource but some",
      (all) =>
        changed(
          all,
          policy,
          "policy",
          json({ Effect: "Allow", Action: "s3:GetObject", NotResource: bucket }),
        ),
      "iam-no-wildcard-resources pull-policy: policy allows on everything but NotResource: give in Resource what is used",
    ],
    [
      "a role trusts everybody",
      (all) =>
        changed(
          all,
          role,
          "assumeRolePolicy",
          JSON.stringify(trusting("x", "sts:AssumeRole")).replace('{"Service":"x"}', '"*"'),
        ),
      'iam-no-public-trust pull-role: assumeRolePolicy trusts everybody ("*"): name the service or the roles',
    ],
    [
      "a user has a policy of its own",
      (all) => [...all, resource("aws:iam/userPolicy:UserPolicy", "ann", { user: "ann" })],
      "iam-no-user-policies ann: it gives a permission to a single user: give it to a role that is assumed",
    ],
    [
      "somebody gets an access key",
      (all) => [...all, resource("aws:iam/accessKey:AccessKey", "ann", { user: "ann" })],
      "iam-no-access-keys ann: it is a key that never expires: use a role, for pods with PodIdentity, for functions as LambdaFunction makes it",
    ],
  ],
);
