import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { matching, oneOf } from "../rules";
import { isLater } from "../values";
import { objectName } from "./names";

/** Where one secret is kept outside of the cluster. */
export interface RemoteKey {
  /** Its name in the store. */
  readonly key: string;
  /**
   * Which property of it, where it is a JSON document.
   * @default all of it
   */
  readonly property?: string;
}

/**
 * Secrets that the External Secrets Operator brings into the cluster. Pulumi never sees them.
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
export interface ExternalSecrets {
  /** The name of the store to ask. */
  readonly store: string;
  /**
   * Whether the store is the namespace's own or that of the whole cluster.
   * @default "SecretStore"
   */
  readonly storeKind?: "SecretStore" | "ClusterSecretStore";
  /** By the name it has here: the secret's name in the store, or more of where it is. */
  readonly keys: Readonly<Record<string, string | RemoteKey>>;
}

/**
 * An ExternalSecret, and the Secret of the same name that the operator makes of it.
 * @returns the Secret's name
 */
export function externalSecret(
  name: string,
  secrets: ExternalSecrets,
  metadata: { readonly [key: string]: unknown },
  objectName: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const resource = new CustomResource(
    name,
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { ...metadata, name: objectName },
      spec: {
        secretStoreRef: { name: secrets.store, kind: secrets.storeKind ?? "SecretStore" },
        target: { name: objectName, creationPolicy: "Owner" },
        data: Object.entries(secrets.keys).map(([secretKey, remote]) => ({
          secretKey,
          remoteRef: typeof remote === "string" ? { key: remote } : { ...remote },
        })),
      },
    },
    opts,
  );
  return resource.metadata.name;
}

const nameInStore = matching(/\S/, "the name that it has in the store");

/** Checks what is said of secrets outside of the cluster, except for the names they have here. */
export function checkExternalSecrets(
  check: ArgumentCheck,
  path: string,
  secrets: ExternalSecrets,
): void {
  check.known<ExternalSecrets>(secrets, { store: true, storeKind: true, keys: true }, `${path}.`);
  check.required(`${path}.store`, secrets.store, objectName("SecretStore"));
  check.plain(`${path}.storeKind`, secrets.storeKind, oneOf("SecretStore", "ClusterSecretStore"));
  const keys = Object.entries(check.map(`${path}.keys`, secrets.keys));
  if (keys.length === 0) {
    check.problem(`${path}.keys is empty: name the secrets that are to be brought here`);
  }
  for (const [name, remote] of keys) {
    const key = `${path}.keys.${name}`;
    if (typeof remote === "string") {
      check.input(key, remote, nameInStore);
      continue;
    }
    // It is written as it is, and says nothing of the secret.
    if (isLater<unknown>(remote)) continue;
    check.known<RemoteKey>(remote, { key: true, property: true }, `${key}.`);
    check.required(`${key}.key`, remote.key, nameInStore);
    check.input(`${key}.property`, remote.property, nameInStore);
  }
}
