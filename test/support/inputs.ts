import type { RecordedResource } from "../../components/testing";

/** The inputs of a resource, with the named ones, which are JSON texts, parsed. */
export function parsed(resource: RecordedResource, ...names: readonly string[]) {
  const values = names.map((name) => [name, JSON.parse(String(resource.inputs[name]))]);
  return { ...resource.inputs, ...Object.fromEntries(values) };
}
