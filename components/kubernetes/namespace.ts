import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { dnsLabel } from "../rules";

const type = "groundwork:kubernetes:Namespace";

/** Arguments of {@link Namespace}. */
export interface NamespaceArgs {
  /**
   * The namespace's name in the cluster.
   * @default the component's name
   */
  readonly namespaceName?: string;
}

/**
 * A namespace that admits only pods that meet the Pod Security standard `restricted`.
 *
 * Children: `name` (the namespace).
 *
 * @example
 * const namespace = new Namespace("shop");
 * new Microservice("web", { namespace: namespace.namespaceName, ... });
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export class Namespace extends pulumi.ComponentResource {
  /** The namespace itself. */
  readonly namespace: core.Namespace;
  /** Its name in the cluster. */
  readonly namespaceName: pulumi.Output<string>;

  /** @throws {InvalidArgumentsError} for a name that Kubernetes refuses */
  constructor(name: string, args: NamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const namespaceName = args.namespaceName ?? name;
    const check = new ArgumentCheck(type, name);
    check.known<NamespaceArgs>(args, { namespaceName: true });
    check.input("namespaceName", namespaceName, dnsLabel);
    check.throwIfAny();
    super(type, name, {}, opts);

    this.namespace = new core.Namespace(
      name,
      {
        metadata: {
          name: namespaceName,
          labels: Object.fromEntries(
            ["enforce", "audit", "warn"].map((mode) => [
              `pod-security.kubernetes.io/${mode}`,
              "restricted",
            ]),
          ),
        },
      },
      { parent: this },
    );
    this.namespaceName = this.namespace.metadata.name;
    this.registerOutputs({ namespaceName: this.namespaceName });
  }
}
