import type * as apps from "@pulumi/kubernetes/apps/v1";
import * as pulumi from "@pulumi/pulumi";
import { deploy } from "./deployment";
import { callerPolicy } from "./network";
import { checkWorker, type WorkerArgs } from "./worker-args";
import { type Caller, selectorLabels } from "./workload";

const type = "groundwork:kubernetes:Worker";

/**
 * Pods that fetch their work themselves, from a queue or a stream, and answer no requests: as
 * hardened as those of a {@link Microservice}, spread over zones and nodes, reached by nobody. They
 * are asked by commands how they are, and finish what they have in hand before they end.
 *
 * While a rollout goes on, old and new pods work side by side.
 *
 * Children: `name` (the Deployment), `name-account`, `name-disruption`, `name-network`;
 * `name-scaling` where it scales by itself; `name-lease`, `name-lease-role` and
 * `name-lease-binding` where one pod leads; and those of its configuration.
 *
 * @example
 * new Worker("ship", {
 *   namespace,
 *   image: image.ref,
 *   livenessCommand: ["sh", "-c", 'test "$(find /tmp/alive -mmin -2)"'],
 *   readinessCommand: ["test", "-e", "/tmp/ready"],
 *   config: { QUEUE_URL: queue.url },
 *   allowTo: [{ ports: [{ port: 443 }] }],
 *   terminationGracePeriodSeconds: 120,
 * });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export class Worker extends pulumi.ComponentResource implements Caller {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceName: pulumi.Output<string>;
  /** The Deployment itself. */
  readonly deployment: apps.Deployment;
  /** Name of the ServiceAccount the pods run as. */
  readonly serviceAccountName: pulumi.Output<string>;

  /**
   * @throws {InvalidArgumentsError} for a name, image, path, quantity or variable that Kubernetes
   * refuses, or that could not work
   */
  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkWorker(type, name, args);
    super(type, name, {}, opts);
    this.name = name;
    this.labels = selectorLabels(name);
    this.namespaceName = pulumi.output(checked.namespace);

    const { deployment, serviceAccountName } = deploy(
      name,
      checked,
      callerPolicy(this.labels, checked.allowTo),
      { parent: this, dependsOn: opts?.dependsOn },
    );
    this.deployment = deployment;
    this.serviceAccountName = serviceAccountName;
    this.registerOutputs({ serviceAccountName });
  }
}
