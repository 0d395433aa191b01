import * as pulumi from "@pulumi/pulumi";
import {
  allowTraffic,
  ingressPolicy,
  podsIn,
  workloadPolicy,
} from "../../../components/kubernetes/network";
import { commonLabels, type Workload } from "../../../components/kubernetes/workload";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const workload = (name: string, namespace: string, port = 8080): Workload => ({
  name,
  labels: { "app.kubernetes.io/name": name },
  namespaceName: pulumi.output(namespace),
  port,
});
const pods = (name: string, namespace: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
});
const dns = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

describe("a workload's own policy", () => {
  const labels = { "app.kubernetes.io/name": "web" };

  test("default opens nothing but the cluster's DNS, since its own pods are not let out", () => {
    expect(workloadPolicy({ labels, port: 8080 }, [], [])).toEqual({
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: labels } }],
          ports: [{ port: 8080, protocol: "TCP" }],
        },
      ],
      egress: [dns],
    });
  });

  test("custom lets peers in to its port, and its pods out to what is named", () => {
    const https = { ports: [{ port: 443, protocol: "TCP" }] };
    const policy = workloadPolicy({ labels, port: 9000 }, [podsIn("shop", labels)], [https]);
    const own = { podSelector: { matchLabels: labels } };
    expect(policy).toEqual({
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [own, pods("web", "shop")], ports: [{ port: 9000, protocol: "TCP" }] }],
      egress: [dns, https],
    });
  });

  test("says nothing of what pods may reach when it is about who reaches them", () => {
    expect(ingressPolicy(labels, [podsIn("shop", labels)], 8080)).toEqual({
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [{ from: [pods("web", "shop")], ports: [{ port: 8080, protocol: "TCP" }] }],
    });
  });
});

describe("allowTraffic", () => {
  test("default opens one path to the callee's port, on both sides", async () => {
    const recording = await record(() => {
      allowTraffic(workload("web", "shop"), workload("stock", "store", 9000));
    });
    expect(recording.resources.map(({ name }) => name).toSorted()).toEqual([
      "stock-from-web",
      "web-to-stock",
    ]);
    expect(recording.one(policy, "stock-from-web").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "stock-from-web",
        namespace: "store",
        labels: commonLabels("stock"),
      },
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "stock" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [pods("web", "shop")], ports: [{ port: 9000, protocol: "TCP" }] }],
      },
    });
    expect(recording.one(policy, "web-to-stock").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "web-to-stock",
        namespace: "shop",
        labels: commonLabels("web"),
      },
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } },
        policyTypes: ["Egress"],
        egress: [{ to: [pods("stock", "store")], ports: [{ port: 9000, protocol: "TCP" }] }],
      },
    });
  });

  test("custom opens a second port beside the first, below a parent", async () => {
    const recording = await record(() => {
      const parent = new pulumi.ComponentResource("test:index:Shop", "shop");
      allowTraffic(workload("web", "shop"), workload("stock", "shop"), 8080, { parent });
      allowTraffic(workload("web", "shop"), workload("stock", "shop"), 9090, { parent });
    });
    expect(recording.childrenOf("test:index:Shop", "shop").toSorted()).toEqual([
      `${policy} stock-from-web`,
      `${policy} stock-from-web-9090`,
      `${policy} web-to-stock`,
      `${policy} web-to-stock-9090`,
    ]);
    expect(recording.one(policy, "stock-from-web-9090").inputs).toMatchObject({
      metadata: { name: "stock-from-web-9090" },
      spec: { ingress: [{ ports: [{ port: 9090, protocol: "TCP" }] }] },
    });
    expect(recording.one(policy, "web-to-stock-9090").inputs).toMatchObject({
      metadata: { name: "web-to-stock-9090" },
      spec: { egress: [{ ports: [{ port: 9090, protocol: "TCP" }] }] },
    });
  });

  test("fails when there is no such port, before anything is made", async () => {
    const refused = await refusal(() =>
      allowTraffic(workload("web", "shop"), workload("stock", "shop"), 0),
    );
    expect(refused).toEqual(
      refusalOf(
        "groundwork:kubernetes:allowTraffic",
        "web to stock",
        "port is 0: give a whole number from 1 to 65535",
      ),
    );
  });

  test("fails for what is no workload, before anything is made", async () => {
    const stock = workload("stock", "shop");
    const refused = await refusal(() => allowTraffic("web" as never, stock));
    expect(refused).toEqual(
      refusalOf(
        "groundwork:kubernetes:allowTraffic",
        "undefined to stock",
        "caller is text: give who calls, like a Microservice",
      ),
    );
  });
});
