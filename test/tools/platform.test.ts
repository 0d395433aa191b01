import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { containerName } from "../../tools/platform/containers";
import { provideCluster, removeCluster } from "../../tools/platform/kubernetes";
import {
  clusterConfig,
  nodesNotReady,
  simulatedNodes,
  withoutLeadership,
} from "../../tools/platform/simulated";
import { writeJson } from "../../tools/support/files";
import { type Layout, layout } from "../../tools/support/layout";
import { readSettings } from "../../tools/support/settings";
import { FakePrograms } from "../support/fake-programs";
import { makeFolder } from "../support/folders";
import { printed } from "../support/printed";

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

  describe("simulated: is ready", () => {
    const since = new Date("2026-01-02T03:04:05Z");
    const lease = (name: string, renewTime: string) => ({
      metadata: { name },
      spec: { renewTime },
    });
    const [manager, scheduler] = ["kube-controller-manager", "kube-scheduler"];

    test("when its leaders have renewed their Leases since", () => {
      const fresh = "2026-01-02T03:04:05.000000Z";
      const items = [lease(manager, fresh), lease(scheduler, "2026-01-02T03:04:04.999999Z")];
      expect(withoutLeadership({ items }, since)).toEqual([scheduler]);
      expect(withoutLeadership({ items: [lease(manager, fresh)] }, since)).toEqual([scheduler]);
      expect(withoutLeadership(undefined, since)).toEqual([manager, scheduler]);
    });

    test("when all its nodes are", () => {
      const node = (name: string, status: string) => ({
        metadata: { name },
        status: { conditions: [{ type: "Ready", status }] },
      });
      const items = [node("simulated-a", "True"), node("simulated-b", "Unknown")];
      expect(nodesNotReady({ items })).toEqual(["simulated-b", "simulated-c"]);
      expect(nodesNotReady(undefined)).toEqual(["simulated-a", "simulated-b", "simulated-c"]);
    });
  });
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
        "  groundwork:podAwsEndpoint: http://host.docker.internal:4566",
        "  groundwork:webImage: example.com/web:1",
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
      podAwsEndpoint: "http://host.docker.internal:4566",
      webImage: "example.com/web:1",
    });
  });
});

describe("moving to another cluster", () => {
  let programs: FakePrograms;
  let here: Layout;
  const said = printed();
  beforeEach(() => {
    programs = new FakePrograms();
    here = layout(makeFolder({ ".groundwork/cluster/complete": "", ".groundwork/kubeconfig": "" }));
  });
  afterEach(() => programs.end());

  const settings = { awsRegion: "eu-central-1", kubeconfig: "/home/me/kubeconfig" };

  test("removes the simulated one", async () => {
    programs.add("kind");
    await provideCluster(here, "configured", settings, () => {});
    expect(existsSync(here.cluster)).toBe(false);
    expect(said()).toEqual([
      "  the simulated cluster was removed: it is not used any more",
      "  Kubernetes: /home/me/kubeconfig, from the configuration",
    ]);
  });

  test("removes kind's, once the cluster is the user's own", async () => {
    const node = `${containerName(here)}-control-plane`;
    rmSync(here.cluster, { recursive: true });
    programs.add("docker", {
      "context inspect": { code: 1 },
      "ps --all": { stdout: `${node} running\n` },
    });
    await provideCluster(here, "configured", settings, () => {});
    expect(programs.called("docker", "rm")).toEqual([`rm --force --volumes ${node}`]);
    expect(said()[0]).toBe("  the kind cluster was removed: it is not used any more");
  });

  test("and taking everything away say what stays where no engine runs", async () => {
    programs.add("kind");
    writeJson(here.platformRecord, { cluster: "kind" });
    await removeCluster(here);
    const name = containerName(here);
    expect(said()).toEqual([
      "  The kind cluster's containers stay, because `docker` is not on PATH. When that runs again:",
      `    docker rm --force --volumes $(docker ps --all --quiet --filter name=${name})`,
    ]);
  });
});
