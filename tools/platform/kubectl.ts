import { readJson } from "../support/files";
import type { Layout } from "../support/layout";
import { capture, findOnPath, kubectlOf, type Outcome, type RunOptions } from "../support/programs";
import { inKind } from "./kind-nodes";
import type { Platform } from "./platform";

/** The cluster to ask. */
export interface Access {
  /** The path of a kubeconfig; kubectl's own where there is none. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Runs kubectl: the machine's own or, for the kind cluster of this tree, that of its node. */
export function kubectl(
  here: Layout,
  args: readonly string[],
  { kubeconfig, context, ...options }: RunOptions & Access,
): Promise<Outcome> {
  const program = kubectlOf(here);
  const isKind = readJson<Platform>(here.platformRecord)?.cluster === "kind";
  const isOwn = isKind && (kubeconfig === undefined || kubeconfig === here.kubeconfig);
  if (isOwn && program === "kubectl" && findOnPath(program).length === 0) {
    return inKind(here, args, { timeoutMs: options.timeoutMs });
  }
  const access = [
    ...(context === undefined ? [] : ["--context", context]),
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
  ];
  return capture(program, [...args, ...access], options);
}
