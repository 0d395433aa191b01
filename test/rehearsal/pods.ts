import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clone } from "./clone";

/** A pod, as far as the rehearsal looks at it. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly phase: string;
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses: readonly { readonly imageID: string }[];
  };
}

/** The pods of a workload but for those that are ending, in the order of their names. */
export async function pods(clone: Clone, namespace: string, app: string): Promise<readonly Pod[]> {
  const selector = `app.kubernetes.io/name=${app}`;
  const { items } = await clone.get<{ items: readonly Pod[] }>(
    ...["pods", "--namespace", namespace, "--selector", selector],
  );
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Says whether a pod takes requests. */
export function isReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** A pod that the rehearsal starts, as hardened as the namespaces of the components ask for. */
export interface Script {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** A Python file of this folder. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Has a policy that lets it out to everywhere. */
  readonly letOut: boolean;
}

/** Starts a pod that runs a script, and waits until it does. */
export async function startScript(clone: Clone, script: Script): Promise<void> {
  const { name, namespace, image, args = [] } = script;
  const metadata = { name, namespace, labels: { rehearsal: name } };
  const code = readFileSync(join(__dirname, script.script), "utf8");
  const resources = { cpu: "100m", memory: "128Mi" };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name,
          image,
          command: ["python", "-u", "-c", code, ...args],
          resources: { requests: resources, limits: { memory: "128Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: {
      podSelector: { matchLabels: metadata.labels },
      policyTypes: ["Egress"],
      egress: script.letOut ? [{}] : [],
    },
  };
  const items = script.letOut ? [policy, pod] : [pod];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await clone.kubectl(["apply", "--filename", "-"], list);
  await clone.kubectl([
    ...["wait", "--namespace", namespace, "--for=condition=Ready", "--timeout=60s", `pod/${name}`],
  ]);
}

/** Runs Python code in a pod, and gives what it prints. */
export function runIn(clone: Clone, namespace: string, pod: string, code: string) {
  return clone.kubectl(["exec", "--namespace", namespace, pod, "--", "python", "-c", code]);
}

/** Tries to connect from a pod to an address; policies drop what they forbid without an answer. */
export async function reaches(
  clone: Clone,
  [namespace, pod]: readonly [namespace: string, pod: string],
  host: string,
  port: number,
): Promise<"reached" | "TimeoutError"> {
  const code = [
    "import socket",
    `try: socket.create_connection(("${host}", ${port}), timeout=5); print("reached")`,
    "except OSError as error: print(type(error).__name__)",
  ].join("\n");
  return (await runIn(clone, namespace, pod, code)) as "reached" | "TimeoutError";
}
