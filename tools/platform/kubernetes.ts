import { readJson } from "../support/files";
import type { Layout } from "../support/layout";
import type { PlatformSettings } from "../support/settings";
import { say } from "../support/steps";
import { containerEngine, containerName } from "./containers";
import { provideKind, removeKind } from "./kind";
import { hasSimulated, provideSimulated, removeSimulated } from "./simulated";

/** The clusters that the dev environment can run on. */
export type ClusterKind = "configured" | "kind" | "simulated";

/** How the dev environment's cluster is reached. */
export interface Cluster {
  readonly kind: ClusterKind;
  /** Absent where the user's own KUBECONFIG applies. */
  readonly kubeconfig?: string;
  /** Whether the cluster was made just now, and so has nothing in it. */
  readonly fresh: boolean;
}

/** The command that removes the containers of this tree. */
export function removeByHand(here: Layout): string {
  const ids = `docker ps --all --quiet --filter name=${containerName(here)}`;
  return `docker rm --force --volumes $(${ids})`;
}

/** Starts the chosen cluster, or continues the one that is there. */
export async function provideCluster(
  here: Layout,
  kind: ClusterKind,
  settings: PlatformSettings,
  beforeFresh: () => void,
): Promise<Cluster> {
  await removeOthers(here, kind);
  switch (kind) {
    case "configured":
      say(`Kubernetes: ${settings.kubeconfig ?? settings.kubeContext}, from the configuration`);
      return { kind, kubeconfig: settings.kubeconfig, fresh: false };
    case "kind":
      return { kind, kubeconfig: here.kubeconfig, ...(await provideKind(here, beforeFresh)) };
    case "simulated":
      return { kind, kubeconfig: here.kubeconfig, ...(await provideSimulated(here, beforeFresh)) };
  }
}

/** Takes away the cluster that these tools made, with all its data. */
export async function removeCluster(here: Layout): Promise<void> {
  await removeSimulated(here);
  const engine = await containerEngine();
  if (engine.runs) await removeKind(here);
  else if (readJson<{ cluster: ClusterKind }>(here.platformRecord)?.cluster === "kind") {
    say(`The kind cluster's containers stay, because ${engine.why}. When that runs again:`);
    say(`  ${removeByHand(here)}`);
  }
}

/** Moving to another cluster leaves none running of those that these tools made. */
async function removeOthers(here: Layout, kind: ClusterKind): Promise<void> {
  if (kind !== "simulated" && hasSimulated(here)) {
    await removeSimulated(here);
    say("the simulated cluster was removed: it is not used any more");
  }
  if (kind === "configured" && (await containerEngine()).runs && (await removeKind(here))) {
    say("the kind cluster was removed: it is not used any more");
  }
}
