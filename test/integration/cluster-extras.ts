/**
 * What a cluster in the cloud brings along and the local one does not: volumes, and the types of
 * objects that operators define. Nobody acts on those here.
 */
export const clusterExtras: readonly object[] = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: "local",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "kubernetes.io/no-provisioner",
  },
  ...[0, 1, 2, 3, 4].map((index) => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `local-${index}` },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      storageClassName: "local",
      persistentVolumeReclaimPolicy: "Retain",
      hostPath: { path: `/var/local-${index}` },
    },
  })),
  definition("external-secrets.io", "v1", "ExternalSecret", "externalsecrets"),
];

/** A type of objects that may hold anything. */
function definition(group: string, version: string, kind: string, plural: string) {
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural },
      versions: [
        { name: version, served: true, storage: true, schema: { openAPIV3Schema: anything } },
      ],
    },
  };
}
