import type { StateResource } from "../../tools/cut-off";

/** An object of the cluster, as kubectl prints it: what of it matters here. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly ownerReferences?: readonly unknown[];
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
}

/** What emulator.py lists. A resource in the state of which it knows nothing counts as missing. */
export type Listing = readonly (readonly [type: string, id: string])[];

/** The counts of what `make up` printed that are not of unchanged resources alone. */
export function changes(printed: string): string[] {
  const counts = [...printed.matchAll(/^ +resources: (.*)$/gm)].map(([, count = ""]) => count);
  return counts.length === 0
    ? ["it counted no resources"]
    : counts.filter((count) => !/^\d+ unchanged$/.test(count));
}

/** How emulator and state differ, a line each. */
export function differencesAtAws(state: readonly StateResource[], listing: Listing): string[] {
  const known = state.filter(({ type }) => type.startsWith("aws:"));
  const wanted = known.map(({ type, id = "" }) => `${type} ${id}`);
  const there = listing.map(([type, id]) => `${type} ${id}`);
  return differences(wanted, there, "emulator");
}

/** How cluster and state differ, a line each. */
export function differencesInCluster(
  state: readonly StateResource[],
  objects: readonly ClusterObject[],
): string[] {
  const known = state.filter(({ type }) => type.startsWith("kubernetes:"));
  const wanted = known.map(({ type, id = "" }) => `${typeInState(type)} ${id}`);
  const namespaces = new Set(
    known.filter(({ type }) => type.endsWith(":Namespace")).map(({ id }) => id),
  );
  const there = objects
    .filter((object) => isMade(object) || namespaces.has(object.metadata.namespace))
    .filter((object) => !comesByItself(object))
    .map(({ apiVersion, kind, metadata: { name, namespace } }) => {
      const id = namespace === undefined ? name : `${namespace}/${name}`;
      return `${apiVersion}:${kind} ${id}`;
    });
  return differences(wanted, there, "cluster");
}

/** `kubernetes:core/v1:Secret` as the cluster says it. */
const typeInState = (type: string) => type.replace(/^kubernetes:(core\/)?/, "");

/** Whether Pulumi has made an object. */
const isMade = ({ metadata }: ClusterObject) =>
  metadata.managedFields?.some(({ manager }) => manager?.startsWith("pulumi-kubernetes")) ?? false;

/** What Kubernetes makes by itself: of others' objects, and in each namespace. */
function comesByItself({ kind, metadata }: ClusterObject): boolean {
  if ((metadata.ownerReferences ?? []).length > 0) return true;
  if (kind === "Event" || kind === "Endpoints") return true;
  return ["ConfigMap kube-root-ca.crt", "ServiceAccount default"].includes(
    `${kind} ${metadata.name}`,
  );
}

function differences(wanted: readonly string[], there: readonly string[], where: string): string[] {
  const count = (list: readonly string[], each: string) =>
    list.filter((one) => one === each).length;
  return [...new Set([...wanted, ...there])].sort().flatMap((each) => {
    const [expected, found] = [count(wanted, each), count(there, each)];
    if (expected === found) return [];
    return [`${each}: ${expected} in the state, ${found} in the ${where}`];
  });
}
