import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { containerName } from "../../tools/platform/containers";
import { registryHosts } from "../../tools/platform/images";
import { kindConfig } from "../../tools/platform/kind";
import { clusterConfig, simulatedNodes } from "../../tools/platform/simulated";
import { readSettings } from "../../tools/support/settings";

describe("the cluster", () => {
  test("simulated: listens on loopback alone, at the given ports", () => {
    const ports = {
      etcd: 1,
      "etcd-peer": 2,
      "kube-apiserver": 3,
      "kube-controller-manager": 4,
      "kube-scheduler": 5,
      "kwok-controller": 6,
    };
    expect(parse(clusterConfig({ bin: "/tree/.groundwork/bin" }, ports))).toEqual({
      apiVersion: "config.kwok.x-k8s.io/v1alpha1",
      kind: "KwokctlConfiguration",
      options: {
        runtime: "binary",
        bindAddress: "127.0.0.1",
        etcdBinary: "/tree/.groundwork/bin/etcd",
        kubeApiserverBinary: "/tree/.groundwork/bin/kube-apiserver",
        kubeControllerManagerBinary: "/tree/.groundwork/bin/kube-controller-manager",
        kubeSchedulerBinary: "/tree/.groundwork/bin/kube-scheduler",
        kubectlBinary: "/tree/.groundwork/bin/kubectl",
        kwokControllerBinary: "/tree/.groundwork/bin/kwok",
        etcdPort: 1,
        etcdPeerPort: 2,
        kubeApiserverPort: 3,
        kubeControllerManagerPort: 4,
        kubeSchedulerPort: 5,
        kwokControllerPort: 6,
      },
    });
  });

  test("simulated: a node in each of three zones, with room for what the pods ask for", () => {
    const { items } = simulatedNodes();
    expect(items.map(({ metadata }) => metadata.labels["topology.kubernetes.io/zone"])).toEqual([
      "local-a",
      "local-b",
      "local-c",
    ]);
    for (const { status } of items) {
      const resources = { cpu: "8", memory: "32Gi", "ephemeral-storage": "100Gi", pods: "110" };
      expect(status).toEqual({ allocatable: resources, capacity: resources });
    }
  });

  test("kind: three nodes that find the local registry", () => {
    const config = parse(kindConfig());
    expect(config.nodes).toEqual([
      { role: "control-plane" },
      { role: "worker", labels: { "topology.kubernetes.io/zone": "local-a" } },
      { role: "worker", labels: { "topology.kubernetes.io/zone": "local-b" } },
    ]);
    expect(config.containerdConfigPatches[0]).toContain('config_path = "/etc/containerd/certs.d"');
    expect(registryHosts("groundwork-1-registry")).toBe(
      '[host."http://groundwork-1-registry:5000"]\n',
    );
  });
});

test("containers bear a name of their working tree", () => {
  const name = containerName({ root: "/one" });
  expect(name).toMatch(/^groundwork-[0-9a-f]{8}$/);
  expect(containerName({ root: "/two" })).not.toBe(name);
});

describe("settings", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "groundwork-test-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("default", () => {
    expect(readSettings(root, "dev")).toEqual({ awsRegion: "eu-central-1" });
    writeFileSync(join(root, "Pulumi.dev.yaml"), "encryptionsalt: v1:abc\n");
    expect(readSettings(root, "dev")).toEqual({ awsRegion: "eu-central-1" });
  });

  test("custom", () => {
    writeFileSync(
      join(root, "Pulumi.dev.yaml"),
      [
        "config:",
        "  groundwork:awsEndpoint: http://127.0.0.1:4566",
        "  groundwork:kubeconfig: /home/me/kubeconfig",
        "  groundwork:kubeContext: lab",
        "  groundwork:region: us-east-1",
        "  groundwork:sessionKey:",
        "    secure: v1:xyz",
      ].join("\n"),
    );
    expect(readSettings(root, "dev")).toEqual({
      awsEndpoint: "http://127.0.0.1:4566",
      awsRegion: "us-east-1",
      kubeconfig: "/home/me/kubeconfig",
      kubeContext: "lab",
    });
  });
});
