const counts = ["replicas", "updatedReplicas", "availableReplicas"];

/**
 * Annotations of a Deployment or StatefulSet, by which the provider waits until every pod is new and
 * ready, as `kubectl rollout status` does. Left to itself it may look before Kubernetes has begun,
 * and takes the readiness of the former pods for that of the new ones: the update ends at once, and
 * well. The price is that an error says that time is up, and not what the pods say; that is for
 * whoever runs the update to ask.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export const untilRolledOut = {
  "pulumi.com/waitFor": JSON.stringify(
    // What the filter selects does not matter, as long as it is something.
    counts.map((count) => `jsonpath={.spec[?($.status.${count} == $.spec.replicas)]}`),
  ),
};
