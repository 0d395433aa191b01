import { stringify } from "yaml";
import { answerResource } from "./answers";
import type { RecordedResource } from "./recording";

/** The objects among these resources that a program makes in Kubernetes, as YAML documents. */
export function manifestsOf(resources: readonly RecordedResource[]): string {
  return resources
    .filter(({ type, external }) => type.startsWith("kubernetes:") && !external)
    .filter(({ inputs }) => "apiVersion" in inputs && "kind" in inputs)
    .map((resource) => stringify(manifest(resource), format))
    .join("---\n");
}

/** As Kubernetes' tools read YAML: by version 1.1, where an unquoted `yes` is a boolean. */
const format = { version: "1.1", aliasDuplicateObjects: false } as const;

/** An object with the name that others know it by, also where it was left to Kubernetes. */
function manifest(resource: RecordedResource) {
  const { name } = answerResource(resource).state["metadata"] as { readonly name: string };
  const { apiVersion, kind, metadata, ...rest } = resource.inputs;
  return { apiVersion, kind, metadata: { ...(metadata as object | undefined), name }, ...rest };
}
