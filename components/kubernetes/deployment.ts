import type { types } from "@pulumi/kubernetes";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { type CheckedConfiguration, mountConfiguration } from "./configuration";
import { electLeader } from "./leader-election";
import { podTemplate } from "./pod";
import type { CheckedPod } from "./pod-args";
import type { Health, Http } from "./probes";
import { untilRolledOut } from "./rollout";
import { autoscaler, disruptionBudget, type ResourceScaling } from "./scaling";
import { commonLabels, selectorLabels } from "./workload";

/** What a Deployment runs, with everything said. */
export interface CheckedDeployment extends CheckedPod {
  readonly configuration: CheckedConfiguration;
  readonly http?: Http;
  readonly health?: Health;
  readonly zones: number;
  readonly replicas: pulumi.Input<number> | undefined;
  readonly scaling: ResourceScaling | undefined;
  readonly deadlineSeconds: number;
  readonly elects: boolean;
}

/**
 * Makes a Deployment, and what its pods need: a ServiceAccount of their own without a token, a
 * network policy, a Lease where one leads.
 *
 * Children: `name`, `name-account`, `name-disruption`, `name-network`; `name-scaling` where it
 * scales by itself; `name-lease`, `name-lease-role` and `name-lease-binding` where one pod leads;
 * and those of its configuration.
 *
 * @param network who may reach the pods, and what they may reach
 * @param opts whose children they are, and what the pods wait for
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export function deploy(
  name: string,
  checked: CheckedDeployment,
  network: types.input.networking.v1.NetworkPolicySpec,
  { parent: component, dependsOn }: Pick<pulumi.ComponentResourceOptions, "parent" | "dependsOn">,
): { deployment: apps.Deployment; serviceAccountName: pulumi.Output<string> } {
  const { namespace, scaling, deadlineSeconds } = checked;
  const parent = { parent: component };
  const labels = selectorLabels(name);
  const metadata = { name, namespace, labels: commonLabels(name) };
  const account = new core.ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    parent,
  );
  const serviceAccountName = account.metadata.name;
  const networkPolicy = new networking.NetworkPolicy(
    `${name}-network`,
    { metadata, spec: network },
    parent,
  );
  const election = checked.elects
    ? electLeader({ name, metadata, serviceAccountName }, parent)
    : { env: [], dependsOn: [] };
  const rolloutTimeout = `${deadlineSeconds}s`;
  const deployment = new apps.Deployment(
    name,
    {
      metadata: { ...metadata, annotations: untilRolledOut },
      spec: {
        // Left to the autoscaler where there is one: each update would undo what it did.
        ...(scaling === undefined && { replicas: checked.replicas }),
        selector: { matchLabels: labels },
        // New pods first, then old ones go: capacity never falls below what is wanted.
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 },
        },
        minReadySeconds: 5,
        progressDeadlineSeconds: deadlineSeconds,
        revisionHistoryLimit: 5,
        template: podTemplate({
          ...checked,
          labels: commonLabels(name),
          serviceAccountName,
          configuration: mountConfiguration(name, checked.configuration, namespace, parent),
          env: election.env,
          apiAccess: checked.elects,
          placement: { labels, zones: checked.zones, revisionLabel: "pod-template-hash" },
        }),
      },
    },
    pulumi.mergeOptions(
      {
        ...parent,
        // The engine does not give up when Kubernetes does, and else would wait for ten minutes.
        customTimeouts: { create: rolloutTimeout, update: rolloutTimeout },
        // Where `scaling` comes in place of `replicas`, the number stays as it is until the
        // autoscaler changes it. Without this it would fall to 1 for as long.
        ...(scaling !== undefined && { ignoreChanges: ["spec.replicas"] }),
        // Until there is a policy of their own, the namespace's keeps them even from DNS.
        dependsOn: [networkPolicy, ...election.dependsOn],
      },
      // The SDK does not hand down what a component waits for, and it is the pods that need it.
      { dependsOn },
    ),
  );
  if (scaling !== undefined) {
    new autoscaling.HorizontalPodAutoscaler(
      `${name}-scaling`,
      { metadata, spec: autoscaler(name, scaling) },
      parent,
    );
  }
  new policy.PodDisruptionBudget(
    `${name}-disruption`,
    // As many as a rollout replaces at once; of few pods one.
    { metadata, spec: disruptionBudget(labels, "25%") },
    parent,
  );
  return { deployment, serviceAccountName };
}
