import type * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { deploy } from "./deployment";
import { checkMicroservice, type MicroserviceArgs } from "./microservice-args";
import { allowTraffic, servicePort, workloadPolicy } from "./network";
import { type Caller, commonLabels, selectorLabels, type Workload } from "./workload";

const type = "groundwork:kubernetes:Microservice";

/**
 * A stateless HTTP service on Kubernetes, found by its name (`http://name`): hardened pods spread
 * over zones and nodes, updated without losing a request, reached only by whom it allows.
 *
 * Children: `name` (the Deployment), `name-service`, `name-account`, `name-disruption`,
 * `name-network`; `name-scaling` where it scales by itself; `name-lease`, `name-lease-role` and
 * `name-lease-binding` where one pod leads; and those of its configuration: `name-config`,
 * `name-secrets`, `name-external`, and the like for each folder of files.
 *
 * @example
 * const web = new Microservice("web", {
 *   namespace,
 *   image: image.ref,
 *   scaling: { min: 3, max: 20 },
 *   config: { GREETING: "Hello" },
 *   files: { "/etc/web": { secrets: { "session-key": config.requireSecret("sessionKey") } } },
 * });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export class Microservice extends pulumi.ComponentResource implements Workload {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceName: pulumi.Output<string>;
  readonly port: number;
  /** The Deployment itself. */
  readonly deployment: apps.Deployment;
  /** The Service by which the pods are found. */
  readonly service: core.Service;
  /** Name of the ServiceAccount the pods run as. */
  readonly serviceAccountName: pulumi.Output<string>;
  /** Where the service is found from within the cluster. */
  readonly url: pulumi.Output<string>;

  /**
   * @throws {InvalidArgumentsError} for a name, image, port, path, quantity or variable that
   * Kubernetes refuses, or that could not work
   */
  constructor(name: string, args: MicroserviceArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkMicroservice(type, name, args);
    super(type, name, {}, opts);
    const { namespace, http } = checked;
    this.name = name;
    this.labels = selectorLabels(name);
    this.namespaceName = pulumi.output(namespace);
    this.port = http.port;

    const { deployment, serviceAccountName } = deploy(
      name,
      checked,
      workloadPolicy(this, checked.allowFrom, checked.allowTo),
      { parent: this, dependsOn: opts?.dependsOn },
    );
    this.deployment = deployment;
    this.serviceAccountName = serviceAccountName;
    this.service = new core.Service(
      `${name}-service`,
      {
        metadata: { name, namespace, labels: commonLabels(name) },
        spec: {
          type: "ClusterIP",
          selector: this.labels,
          ports: [{ name: "http", port: servicePort, targetPort: "http", appProtocol: "http" }],
          ...checked.sessionAffinity,
        },
      },
      { parent: this },
    );

    this.url = pulumi.interpolate`http://${this.service.metadata.name}.${this.service.metadata.namespace}`;
    this.registerOutputs({ url: this.url, serviceAccountName: this.serviceAccountName });
  }

  /**
   * Opens one path, closed otherwise: from another workload's pods to this one's.
   *
   * Children: `name-from-<caller>` and `<caller>-to-name`.
   *
   * @param caller who may send requests
   * @param port the port of this one's container, not of its Service; `@default` its HTTP port
   * @throws {InvalidArgumentsError} for a port that there is none of
   * @example stock.allowFrom(web)
   */
  allowFrom(caller: Caller, port?: number): void {
    allowTraffic(caller, this, port, { parent: this });
  }
}
