import type { Release } from "../support/download";
import { Failure } from "../support/failure";
import type { MachineKind } from "../support/this-machine";

// The official releases of what is not from Pulumi, pinned. Kubernetes and etcd publish checksums
// (CHANGELOG-1.33.md, SHA256SUMS), kind one beside each program. kwok publishes none, nor do the
// builds of the control plane for macOS, which kwok's makers provide because Kubernetes has none:
// where no checksum is known, HTTPS alone says that the file is theirs.

/** A release with the programs that are taken out of it. */
export interface ProgramRelease extends Release {
  /** The programs with their paths in the archive; "" where the file is the program. */
  readonly programs: Readonly<Record<string, string>>;
}

const KIND = "0.33.0";
const KWOK = "0.7.0";
const ETCD = "3.5.21";
const KUBERNETES = "1.33.3";
/** The newest of this line that is known to be there; kwokctl's own choice on macOS. */
const KUBERNETES_ON_MACOS = "1.33.0";

const CONTROL_PLANE = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;

const SUMS: Readonly<Record<string, string>> = {
  "kind-linux-amd64": "aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d",
  "kind-linux-arm64": "20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2",
  "kind-darwin-amd64": "5a99f26f57246dc9319dd294803313197a0f34d33c525b3ea8b655db5916ece0",
  "kind-darwin-arm64": "0c8c7dbe5e23594a198b786c4bc13dacc101fa6196b0cb0b23a1ca44e61f4b4f",
  "kubernetes-server-linux-amd64.tar.gz":
    "2098b70d6e328e0c5777a20d95cb7c5f8f3cd9f26960165c0db3135e9ddfb5b22e3f5471a130692dc48185592f4684c9239ed8e505a51984e31604c9a2e9040e",
  "kubernetes-server-linux-arm64.tar.gz":
    "a4b97b9141b49a5bcb2e271b85d03926503c4272689556814cb0714d114ef327c6b209c4b0f0b339475d1bdc9f3dfcaf865c8b4283abaeb0714d2d8602b57f63",
  "kubernetes-client-darwin-amd64.tar.gz":
    "58fc38f9f7c8952d318ad79139310588e077d2efd5100b586079cbee1cf04211b91d035a897164283bfb792b497139b143dd8bea63b3b538eaa346fb9e9f0379",
  "kubernetes-client-darwin-arm64.tar.gz":
    "15adffb9517df740e806698db5c0e973b8a765ef1e999a94e7f60d3598b9fba3b1299b95b5cccb765d94688cd15e153c4a84f4c4f039c45504fd7d3f44e395a2",
  "etcd-v3.5.21-linux-amd64.tar.gz":
    "adddda4b06718e68671ffabff2f8cee48488ba61ad82900e639d108f2148501c",
  "etcd-v3.5.21-linux-arm64.tar.gz":
    "95bf6918623a097c0385b96f139d90248614485e781ec9bee4768dbb6c79c53f",
  "etcd-v3.5.21-darwin-arm64.zip":
    "d0ffb98e3671b1de1ca82b1fb6d7548661573519174470a33b6efccacb494f06",
  "kwok-linux-amd64": "56ca852c4aa5851b44e99019214942ec55c6b6c25cbf85bea91019c1931b3415",
  "kwokctl-linux-amd64": "f21329c7522f4c3ab3f27caeaa5598820cb4560a0d4584fb69c4c79c66b8e0b5",
};

/** Pulumi's engine with its language hosts, in one folder. Its version decides, so none is pinned. */
export function engineRelease(version: string, { os, arch }: MachineKind): Release {
  return {
    url: `https://get.pulumi.com/releases/sdk/pulumi-v${version}-${os}-${arch}.tar.gz`,
  };
}

/** kind, a single program. */
export function kindReleases(machine: MachineKind): readonly ProgramRelease[] {
  const folder = `https://github.com/kubernetes-sigs/kind/releases/download/v${KIND}`;
  return [released(folder, `kind-${platform(machine)}`, { kind: "" })];
}

/** The programs of the simulated cluster: what `kube`, `kwok` and `kwokctl` are when built. */
export function clusterReleases(machine: MachineKind): readonly ProgramRelease[] {
  const here = platform(machine);
  const kubernetes = `https://dl.k8s.io/v${KUBERNETES}`;
  const etcd = `etcd-v${ETCD}-${here}`;
  const kwok = `https://github.com/kubernetes-sigs/kwok/releases/download/v${KWOK}`;
  return [
    ...(machine.os === "linux"
      ? [
          released(
            kubernetes,
            `kubernetes-server-${here}.tar.gz`,
            inFolder("kubernetes/server/bin", [...CONTROL_PLANE, "kubectl"]),
          ),
        ]
      : [
          ...CONTROL_PLANE.map((name) => {
            const tag = `v${KUBERNETES_ON_MACOS}-kwok.0-${here}`;
            const folder = `https://github.com/kwok-ci/k8s/releases/download/${tag}`;
            return released(folder, name, { [name]: "" });
          }),
          released(
            kubernetes,
            `kubernetes-client-${here}.tar.gz`,
            inFolder("kubernetes/client/bin", ["kubectl"]),
          ),
        ]),
    released(
      `https://github.com/etcd-io/etcd/releases/download/v${ETCD}`,
      `${etcd}.${machine.os === "linux" ? "tar.gz" : "zip"}`,
      inFolder(etcd, ["etcd"]),
    ),
    released(kwok, `kwok-${here}`, { kwok: "" }),
    released(kwok, `kwokctl-${here}`, { kwokctl: "" }),
  ];
}

function released(
  folder: string,
  file: string,
  programs: ProgramRelease["programs"],
): ProgramRelease {
  const sum = SUMS[file];
  return { url: `${folder}/${file}`, ...(sum !== undefined && { sum }), programs };
}

function inFolder(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `${folder}/${name}`]));
}

/** The system and processor, in Go's words. */
function platform({ os, arch }: MachineKind): string {
  const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
  const processor = processors[arch];
  if (processor === undefined) throw new Failure(`Nothing is released for ${os} on ${arch}.`);
  return `${os}-${processor}`;
}
