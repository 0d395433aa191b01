import * as pulumi from "@pulumi/pulumi";
import { PodIdentity } from "../../../components/kubernetes/pod-identity";
import { Queue } from "../../../components/messaging/queue";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { allowing, policyOf, trusting } from "../../support/policies";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:kubernetes:PodIdentity";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const association = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

describe("PodIdentity", () => {
  test("lets the pods of one account do what the grants say, and no more", async () => {
    const recording = await record(() => {
      const identity = new PodIdentity("web", {
        clusterName: "staging",
        namespace: pulumi.output("shop"),
        serviceAccountName: pulumi.output("web"),
        grants: [
          new Queue("orders").grantSend(),
          { statements: [{ actions: ["s3:GetObject"], resources: ["*"] }], environment: {} },
        ],
      });
      return { role: identity.role.arn };
    });

    expect(recording.one(type, "web").inputs).toEqual({});
    expect(recording.childrenOf(type, "web")).toEqual([
      `${association} web`,
      `${role} web-role`,
      `${rolePolicy} web-policy`,
    ]);
    expect(parsed(recording.one(role, "web-role"), "assumeRolePolicy")).toEqual({
      assumeRolePolicy: trusting("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
    });
    expect(parsed(recording.one(rolePolicy, "web-policy"), "policy")).toEqual({
      role: "web-role-1234567",
      policy: policyOf(
        allowing(["sqs:SendMessage"], "arn:aws:sqs:eu-central-1:123456789012:orders-1234567"),
        allowing(["s3:GetObject"], "*"),
      ),
    });
    expect(recording.one(association, "web").inputs).toEqual({
      clusterName: "staging",
      namespace: "shop",
      serviceAccount: "web",
      roleArn: "arn:aws:iam::123456789012:role/web-role-1234567",
    });
    expect(recording.outputs).toEqual({ role: "arn:aws:iam::123456789012:role/web-role-1234567" });
  });

  test("gives the pods their role once it may do something", async () => {
    const recording = await record(() => {
      new PodIdentity("web", {
        clusterName: "staging",
        namespace: "shop",
        serviceAccountName: "web",
        grants: [{ statements: [{ actions: ["a:B"], resources: ["*"] }], environment: {} }],
      });
    });
    expect(recording.resources).toHaveLength(4);
    expect(recording.one(association, "web").dependencies).toEqual([
      "aws:iam/role:Role web-role",
      "aws:iam/rolePolicy:RolePolicy web-policy",
    ]);
  });

  test("fails when the pods may use nothing, before anything is made", async () => {
    const refused = await refusal(
      () =>
        new PodIdentity("web", {
          clusterName: "staging",
          namespace: "shop",
          serviceAccountName: "web",
          grants: [],
        }),
    );
    expect(refused).toEqual(refusalOf(type, "web", "grants is empty: give what the pods may use"));
  });
});
