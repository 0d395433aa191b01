import { clusterReleases, engineRelease, kindReleases } from "../../tools/official/releases";

const machines = (["linux", "darwin"] as const).flatMap((os) =>
  ["x64", "arm64"].map((arch) => ({ os, arch })),
);

test("the engine's release", () => {
  expect(engineRelease("3.250.0", { os: "darwin", arch: "arm64" })).toEqual({
    url: "https://get.pulumi.com/releases/sdk/pulumi-v3.250.0-darwin-arm64.tar.gz",
  });
});

test("the simulated cluster's releases on Linux, all with a checksum", () => {
  const releases = clusterReleases({ os: "linux", arch: "x64" });
  expect(releases.map(({ url, programs }) => [url, programs])).toEqual([
    [
      "https://dl.k8s.io/v1.33.3/kubernetes-server-linux-amd64.tar.gz",
      {
        "kube-apiserver": "kubernetes/server/bin/kube-apiserver",
        "kube-controller-manager": "kubernetes/server/bin/kube-controller-manager",
        "kube-scheduler": "kubernetes/server/bin/kube-scheduler",
        kubectl: "kubernetes/server/bin/kubectl",
      },
    ],
    [
      "https://github.com/etcd-io/etcd/releases/download/v3.5.21/etcd-v3.5.21-linux-amd64.tar.gz",
      { etcd: "etcd-v3.5.21-linux-amd64/etcd" },
    ],
    [
      "https://github.com/kubernetes-sigs/kwok/releases/download/v0.7.0/kwok-linux-amd64",
      { kwok: "" },
    ],
    [
      "https://github.com/kubernetes-sigs/kwok/releases/download/v0.7.0/kwokctl-linux-amd64",
      { kwokctl: "" },
    ],
  ]);
  for (const { sum } of releases) expect(sum).toMatch(/^([0-9a-f]{64}|[0-9a-f]{128})$/);
});

test("the simulated cluster's releases on macOS, where Kubernetes publishes kubectl alone", () => {
  const github = "https://github.com";
  const builds = `${github}/kwok-ci/k8s/releases/download/v1.33.0-kwok.0-darwin-arm64`;
  expect(clusterReleases({ os: "darwin", arch: "arm64" }).map(({ url }) => url)).toEqual([
    `${builds}/kube-apiserver`,
    `${builds}/kube-controller-manager`,
    `${builds}/kube-scheduler`,
    "https://dl.k8s.io/v1.33.3/kubernetes-client-darwin-arm64.tar.gz",
    `${github}/etcd-io/etcd/releases/download/v3.5.21/etcd-v3.5.21-darwin-arm64.zip`,
    `${github}/kubernetes-sigs/kwok/releases/download/v0.7.0/kwok-darwin-arm64`,
    `${github}/kubernetes-sigs/kwok/releases/download/v0.7.0/kwokctl-darwin-arm64`,
  ]);
});

test.each(machines)("on $os, $arch the cluster has all of its programs, each once", (machine) => {
  const programs = clusterReleases(machine).flatMap((release) => Object.keys(release.programs));
  expect(programs.sort()).toEqual([
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubectl",
    "kwok",
    "kwokctl",
  ]);
});

test.each(machines)("on $os, $arch kind has a checksum", (machine) => {
  const [kind] = kindReleases(machine);
  expect(kind?.sum).toMatch(/^[0-9a-f]{64}$/);
});

test("a processor without releases is named", () => {
  expect(() => kindReleases({ os: "linux", arch: "riscv64" })).toThrow(
    "Nothing is released for linux on riscv64.",
  );
});
