import * as admission from "@pulumi/kubernetes/admissionregistration/v1";
import type * as pulumi from "@pulumi/pulumi";
import { commonLabels } from "./workload";

/** On a StatefulSet of shards: how many there were when the data of those that go was moved. */
export const reshardedFrom = "policy.groundwork/resharded-from";

const replicasOf = (version: string) =>
  `has(${version}.spec.replicas) ? ${version}.spec.replicas : 0`;

/**
 * Has the cluster refuse whatever takes shards away, since nobody would reach their data any more:
 * an update, in its preview already, as well as a hand on `kubectl scale` or an autoscaler. A
 * program can't see to it, because it does not know how many shards there were.
 *
 * Makes `name-keep` and `name-keep-binding`, which don't live in the namespace.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function keepShards(
  name: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  const metadata = { labels: commonLabels(name) };
  const policy = new admission.ValidatingAdmissionPolicy(
    `${name}-keep`,
    {
      metadata,
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
          resourceRules: [
            {
              apiGroups: ["apps"],
              apiVersions: ["v1"],
              operations: ["UPDATE"],
              resources: ["statefulsets", "statefulsets/scale"],
              resourceNames: [name],
            },
          ],
        },
        variables: [
          { name: "before", expression: replicasOf("oldObject") },
          { name: "after", expression: replicasOf("object") },
        ],
        validations: [
          {
            expression:
              "variables.after >= variables.before || (has(object.metadata.annotations) && " +
              `object.metadata.annotations[?'${reshardedFrom}'].orValue('') == string(variables.before))`,
            messageExpression:
              "'shards was ' + string(variables.before) + ' and would be ' + " +
              "string(variables.after) + ', and nobody would reach the data of those that go: move " +
              "it first (docs/sharding.md says how), then also give reshardedFrom: ' + " +
              "string(variables.before)",
          },
        ],
      },
    },
    opts,
  );
  new admission.ValidatingAdmissionPolicyBinding(
    `${name}-keep-binding`,
    { metadata, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
    opts,
  );
}
