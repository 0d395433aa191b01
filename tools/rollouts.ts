import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ExportedStack, StateResource } from "./cut-off";
import { kubectl } from "./platform/kubectl";
import { type Pod, whyNotReady } from "./pods";
import { exportStack, type Stack } from "./stack";
import { Failure } from "./support/failure";
import type { Layout } from "./support/layout";

/** A Deployment or StatefulSet whose last update did not end with all of its pods ready. */
export interface FailedRollout {
  /** By which people tell it: `Deployment groundwork-dev/web`. */
  readonly label: string;
  readonly namespace: string;
  /** What selects its pods, as kubectl writes it. */
  readonly selector: string;
  /** Why there are no pods, where Kubernetes says so of the whole. */
  readonly refusals: readonly string[];
  /** The provider's, path or content; undefined where it is a secret or kubectl's own is used. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

/** The rollouts that a stack's state says have failed. */
export function failedRollouts({ deployment }: ExportedStack): FailedRollout[] {
  const resources = deployment?.resources ?? [];
  return resources.flatMap((resource) => {
    const [, kind] = /^kubernetes:apps\/v1:(Deployment|StatefulSet)$/.exec(resource.type) ?? [];
    if (kind === undefined || (resource.initErrors ?? []).length === 0) return [];
    const { metadata, spec, status } = Object(resource.outputs);
    const provider = resources.find(({ urn, id }) => `${urn}::${id}` === resource.provider);
    return {
      label: `${kind} ${metadata?.namespace}/${metadata?.name}`,
      namespace: String(metadata?.namespace),
      selector: Object.entries(Object(spec?.selector?.matchLabels))
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
      refusals: ((status?.conditions ?? []) as readonly Condition[])
        .filter(({ type, status }) => type === "ReplicaFailure" && status === "True")
        .map(({ reason, message }) => `${reason}: ${message}`),
      kubeconfig: onlyText(provider, "kubeconfig"),
      context: onlyText(provider, "context"),
    };
  });
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/**
 * What the pods say of the rollouts that have failed, in lines; the provider's error says only that
 * time is up. None where no rollout has failed, or the state can't be read.
 */
export async function podsOfFailedRollouts(stack: Stack): Promise<string[]> {
  try {
    const rollouts = failedRollouts((await exportStack(stack)) ?? {});
    return (await Promise.all(rollouts.map((rollout) => described(rollout, stack)))).flat();
  } catch (error) {
    // The update's own error is what people should read.
    if (error instanceof Failure) return [];
    throw error;
  }
}

async function described(rollout: FailedRollout, stack: Stack): Promise<string[]> {
  const reasons = [...rollout.refusals, ...whyNotReady(await podsOf(rollout, stack))];
  const { label, namespace, selector } = rollout;
  return [
    `The pods of ${label} are not all ready:`,
    ...reasons.map((reason) => `  ${reason.replace(/\s+/g, " ")}`),
    `  kubectl describe pods --namespace ${namespace} --selector ${selector}`,
  ];
}

/** The pods; none where kubectl can't tell. */
async function podsOf(rollout: FailedRollout, { here, env }: Stack): Promise<readonly Pod[]> {
  const { namespace, selector, kubeconfig, context } = rollout;
  const folder = mkdtempSync(join(tmpdir(), "groundwork-kubectl-"));
  try {
    const options = ["--namespace", namespace, "--selector", selector];
    const get = ["get", "pods", "--output", "json", "--request-timeout", "10s"];
    const outcome = await kubectl(here, [...get, ...options], {
      env,
      context,
      kubeconfig: kubeconfig && fileOf(kubeconfig, here, folder),
      timeoutMs: 20_000,
    });
    return outcome.code === 0 ? JSON.parse(outcome.stdout).items : [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The provider takes a kubeconfig's path as well as what is in it; kubectl only the former. */
function fileOf(kubeconfig: string, { root }: Layout, folder: string): string {
  const given = resolve(root, kubeconfig);
  if (existsSync(given)) return given;
  const path = join(folder, "config");
  writeFileSync(path, kubeconfig, { mode: 0o600 });
  return path;
}

/** A plain text among a resource's inputs; a secret is an object in the state. */
export function onlyText(resource: StateResource | undefined, input: string): string | undefined {
  const value = resource?.inputs?.[input];
  return typeof value === "string" && value !== "" ? value : undefined;
}
