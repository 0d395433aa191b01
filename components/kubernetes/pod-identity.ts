import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { checkGrants, type Grant, policyDocument, trustPolicy } from "../iam/grant";
import { componentName, text } from "../rules";

const type = "groundwork:kubernetes:PodIdentity";

/** @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const agent: types.input.networking.v1.NetworkPolicyEgressRule = {
  to: [{ ipBlock: { cidr: "169.254.170.23/32" } }, { ipBlock: { cidr: "fd00:ec2::23/128" } }],
  ports: [{ port: 80, protocol: "TCP" }],
};

/** Arguments of {@link PodIdentity}. */
export interface PodIdentityArgs {
  /** Name of the EKS cluster, which has the Pod Identity agent. */
  readonly clusterName: pulumi.Input<string>;
  /** The namespace of the pods. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the ServiceAccount the pods run as. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** What the pods may use. Their variables go into the pods' configuration. */
  readonly grants: readonly Grant[];
}

/**
 * Lets the pods of one ServiceAccount on EKS use AWS: a role that allows what the grants say and no
 * more, without any key in the cluster. Make it before the pods: EKS gives credentials only to pods
 * that are made after it.
 *
 * Children: `name` (the association), `name-role` and `name-policy`.
 *
 * @example
 * const identity = new PodIdentity("web", {
 *   clusterName: "staging",
 *   namespace: "shop",
 *   serviceAccountName: "web",
 *   grants: [queue.grantSend()],
 * });
 * new Microservice("web", { ..., allowTo: [identity.egress] }, { dependsOn: identity });
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export class PodIdentity extends pulumi.ComponentResource {
  /** The role the pods use AWS as. */
  readonly role: iam.Role;
  /**
   * What the pods must be allowed to reach: the agent on their node, which hands out the
   * credentials. Give it to `MicroserviceArgs.allowTo`. On Cilium it is not enough: there the
   * agent is the host, which needs a policy of Cilium's own.
   */
  readonly egress: types.input.networking.v1.NetworkPolicyEgressRule = agent;

  /** @throws {InvalidArgumentsError} when no grants are given: IAM takes no empty policy */
  constructor(name: string, args: PodIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    const check = new ArgumentCheck(type, name);
    check.known<PodIdentityArgs>(args, {
      clusterName: true,
      namespace: true,
      serviceAccountName: true,
      grants: true,
    });
    // "-role" and Pulumi's 8 characters are added; IAM takes 64.
    check.input("name", name, componentName(51));
    for (const argument of ["clusterName", "namespace", "serviceAccountName"] as const) {
      check.required(argument, args[argument], text);
    }
    const grants = checkGrants(check, args.grants);
    const statements = grants.flatMap((grant) => grant.statements);
    if (statements.length === 0) check.problem("grants is empty: give what the pods may use");
    check.throwIfAny();
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.role = new iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: trustPolicy("pods.eks.amazonaws.com", [
          "sts:AssumeRole",
          "sts:TagSession",
        ]),
      },
      parent,
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      {
        role: this.role.name,
        policy: policyDocument(statements),
      },
      parent,
    );
    new eks.PodIdentityAssociation(
      name,
      {
        clusterName: args.clusterName,
        namespace: args.namespace,
        serviceAccount: args.serviceAccountName,
        roleArn: this.role.arn,
      },
      { ...parent, dependsOn: policy },
    );
    this.registerOutputs({});
  }
}
