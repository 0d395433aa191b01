import { type ClusterObject, changes, differencesAtAws, differencesInCluster } from "./compare";
import { inWords, plan } from "./plan";

describe("the plan", () => {
  test("follows from the seed", () => {
    expect(plan(7, 3)).toEqual(plan(7, 5).slice(0, 3));
    expect(plan(8, 3)).not.toEqual(plan(7, 3));
  });

  test("has every command, signal and target in it", () => {
    const rounds = plan(1, 200);
    const all = (key: "command" | "signal" | "target") =>
      [...new Set(rounds.map((round) => round[key]))].sort();
    expect(all("command")).toEqual(["deploy", "down", "preview", "up"]);
    expect(all("signal")).toEqual(["SIGINT", "SIGKILL", "SIGTERM"]);
    expect(all("target")).toEqual(["group", "one"]);
  });

  test("is said in words", () => {
    const round = { command: "up", before: "change", signal: "SIGINT", which: 0 } as const;
    expect(inWords({ ...round, target: "one", seconds: 1.5 })).toBe(
      "make up of a change; SIGINT to one process after 1.5 s",
    );
  });
});

describe("the comparison", () => {
  test("finds what the second update has changed", () => {
    expect(changes("Step 5/5 pulumi up\n  resources: 55 unchanged\n  done in 9 s\n")).toEqual([]);
    expect(changes("  resources: 55 unchanged\n  resources: 1 created, 54 unchanged\n")).toEqual([
      "1 created, 54 unchanged",
    ]);
    expect(changes("The update did not finish\n")).toEqual(["it counted no resources"]);
  });

  const queue = { type: "aws:sqs/queue:Queue", urn: "u", id: "http://a/orders" };

  test("finds what is missing at AWS, and what is there unknown or twice", () => {
    expect(differencesAtAws([queue], [["aws:sqs/queue:Queue", "http://a/orders"]])).toEqual([]);
    expect(differencesAtAws([queue, queue], [["aws:sns/topic:Topic", "arn"]])).toEqual([
      "aws:sns/topic:Topic arn: 0 in the state, 1 in the emulator",
      "aws:sqs/queue:Queue http://a/orders: 2 in the state, 0 in the emulator",
    ]);
  });

  const made = (kind: string, name: string, more: object = {}): ClusterObject => ({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace: "shop", ...more },
  });
  const state = [
    { type: "kubernetes:core/v1:Namespace", urn: "n", id: "shop" },
    { type: "kubernetes:core/v1:ConfigMap", urn: "c", id: "shop/web" },
  ];
  const namespace = made("Namespace", "shop", {
    namespace: undefined,
    managedFields: [{ manager: "pulumi-kubernetes-1a2b" }],
  });

  test("takes what Kubernetes makes by itself", () => {
    const itself = [
      made("ConfigMap", "kube-root-ca.crt"),
      made("ServiceAccount", "default"),
      made("Pod", "web-1", { ownerReferences: [{}] }),
      made("Secret", "elsewhere", { namespace: "kube-system" }),
    ];
    expect(differencesInCluster(state, [namespace, made("ConfigMap", "web"), ...itself])).toEqual(
      [],
    );
  });

  test("finds what is missing in the cluster, and what is there unknown", () => {
    expect(differencesInCluster(state, [namespace, made("Secret", "left")])).toEqual([
      "v1:ConfigMap shop/web: 1 in the state, 0 in the cluster",
      "v1:Secret shop/left: 0 in the state, 1 in the cluster",
    ]);
  });
});
