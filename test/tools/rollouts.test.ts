import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportedStack, StateResource } from "../../tools/cut-off";
import { failedRollouts, podsOfFailedRollouts } from "../../tools/rollouts";
import type { Stack } from "../../tools/stack";
import { layout } from "../../tools/support/layout";
import { makeFolder } from "../support/folders";

const provider = "urn:pulumi:qa::shop::pulumi:providers:kubernetes::kubernetes";
const kubeconfig = JSON.stringify({ clusters: [] });

/** What a failed update leaves in the state of a workload. */
function failed(kind: string, more: Partial<StateResource> = {}): StateResource {
  return {
    type: `kubernetes:apps/v1:${kind}`,
    urn: `urn:pulumi:qa::shop::kubernetes:apps/v1:${kind}::web`,
    provider: `${provider}::1234`,
    initErrors: ["timed out waiting for the condition"],
    outputs: {
      metadata: { namespace: "shop", name: "web" },
      spec: { selector: { matchLabels: { app: "web", part: "front" } } },
      status: {
        conditions: [
          { type: "Available", status: "False", reason: "Minimum", message: "too few" },
          { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "no room" },
        ],
      },
    },
    ...more,
  };
}

function state(resource: StateResource, inputs: Record<string, unknown> = {}): ExportedStack {
  const itsProvider = { type: "pulumi:providers:kubernetes", urn: provider, id: "1234", inputs };
  return { deployment: { resources: [itsProvider, resource] } };
}

describe("the rollouts that failed", () => {
  test.each(["Deployment", "StatefulSet"])("are those that a %s did not end", (kind) => {
    expect(failedRollouts(state(failed(kind), { kubeconfig, context: "qa" }))).toEqual([
      {
        label: `${kind} shop/web`,
        namespace: "shop",
        selector: "app=web,part=front",
        refusals: ["FailedCreate: no room"],
        kubeconfig,
        context: "qa",
      },
    ]);
  });

  test("are none where all is ready, of other kinds, and in no state", () => {
    expect(failedRollouts(state(failed("Deployment", { initErrors: [] })))).toEqual([]);
    expect(failedRollouts(state(failed("DaemonSet")))).toEqual([]);
    expect(failedRollouts({})).toEqual([]);
  });

  test("have no kubeconfig where it is a secret", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const [rollout] = failedRollouts(state(failed("Deployment"), { kubeconfig: secret }));
    expect(rollout?.kubeconfig).toBeUndefined();
  });
});

describe("what the pods say", () => {
  const pods = {
    items: [
      { metadata: { name: "web-1" }, status: { reason: "Evicted", message: "low\non memory" } },
    ],
  };

  /** A stack whose pulumi gives a state, and whose kubectl gives pods and notes how it was asked. */
  function stackWith(exported: object, { kubectlFails = false } = {}): Stack {
    const says = (what: object) => `cat <<'END'\n${JSON.stringify(what)}\nEND`;
    const kubectl = ".groundwork/bin/kubectl";
    const files = {
      "kube.yaml": "",
      pulumi: `#!/bin/sh\n${says(exported)}\n`,
      [kubectl]: [
        "#!/bin/sh",
        'echo "$@" > "$(dirname "$0")/asked"',
        'for last; do :; done; cp "$last" "$(dirname "$0")/kubeconfig" 2>/dev/null',
        kubectlFails ? "exit 1" : says(pods),
      ].join("\n"),
    };
    const root = makeFolder(files, ["pulumi", kubectl]);
    const engine = { path: join(root, "pulumi") } as Stack["engine"];
    return { here: layout(root), name: "qa", engine, env: {} };
  }

  const told = [
    "The pods of Deployment shop/web are not all ready:",
    "  FailedCreate: no room",
    "  web-1: Evicted: low on memory",
    "  kubectl describe pods --namespace shop --selector app=web,part=front",
  ];

  test("is asked where the provider is led to, and told in lines", async () => {
    const stack = stackWith(state(failed("Deployment"), { kubeconfig, context: "qa" }));
    expect(await podsOfFailedRollouts(stack)).toEqual(told);
    expect(readFileSync(join(stack.here.bin, "kubeconfig"), "utf8")).toBe(kubeconfig);
    expect(readFileSync(join(stack.here.bin, "asked"), "utf8")).toMatch(
      /^get pods --output json --request-timeout 10s --namespace shop --selector app=web,part=front --context qa --kubeconfig \S+\n$/,
    );
  });

  test("is asked with the kubeconfig of which the provider has the path", async () => {
    const stack = stackWith(state(failed("Deployment"), { kubeconfig: "kube.yaml" }));
    expect(await podsOfFailedRollouts(stack)).toEqual(told);
    expect(readFileSync(join(stack.here.bin, "asked"), "utf8")).toContain(
      `--kubeconfig ${join(stack.here.root, "kube.yaml")}\n`,
    );
  });

  test("is left out where kubectl can't tell; how to ask is not", async () => {
    const stack = stackWith(state(failed("Deployment")), { kubectlFails: true });
    expect(await podsOfFailedRollouts(stack)).toEqual(told.filter((line) => !/Evicted/.test(line)));
  });

  test("is nothing where no rollout failed", async () => {
    expect(await podsOfFailedRollouts(stackWith({}))).toEqual([]);
  });
});
