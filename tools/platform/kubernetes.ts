import type { Layout } from "../support/layout";
import type { PlatformSettings } from "../support/settings";
import { say } from "../support/steps";
import { provideKind, removeKind } from "./kind";
import { provideSimulated, removeSimulated } from "./simulated";

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

/** Starts the chosen cluster, or continues the one that is there. */
export async function provideCluster(
  here: Layout,
  kind: ClusterKind,
  settings: PlatformSettings,
  beforeFresh: () => void,
): Promise<Cluster> {
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
  await removeKind(here);
}
