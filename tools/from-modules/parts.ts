import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";

// What the parts consist of. Versions of what is built are read from go.mod, so that they stand in
// one place.

/** What can be built, each for itself. */
export type Part = "engine" | "kubernetes-plugin" | "aws-plugin" | "cluster";

/** What is wanted, and where. */
export interface FromModulesPlan {
  /** Where the programs go. */
  readonly binDir: string;
  /** PULUMI_HOME/plugins: gets a folder resource-NAME-vVERSION for each plugin. */
  readonly pluginsDir: string;
  /** The plugin versions that the npm packages ask the engine for. */
  readonly versions: { readonly kubernetes: string; readonly aws: string };
  readonly parts: readonly Part[];
}

/** Parts of the working tree's own, in the folder for what is built. */
export function planFor(
  { bin }: Layout,
  versions: FromModulesPlan["versions"],
  parts: readonly Part[],
): FromModulesPlan {
  return { binDir: bin, pluginsDir: join(bin, "plugins"), versions, parts };
}

/** This folder: a Go module. */
export const FOLDER = __dirname;

/** The plugin whose main package needs a file of that module. */
export const KUBERNETES_PLUGIN = "github.com/pulumi/pulumi-kubernetes/provider/v4";

const SDK_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const KUBE_LINKS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
];

const PACKAGES: Readonly<Record<Part, readonly string[]>> = {
  engine: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "./pulumi-language-nodejs"],
  "kubernetes-plugin": ["./pulumi-resource-kubernetes"],
  "aws-plugin": ["./pulumi-resource-aws"],
  cluster: ["./kube", "sigs.k8s.io/kwok/cmd/kwok", "sigs.k8s.io/kwok/cmd/kwokctl"],
};

/** The main packages of the parts. */
export function packagesOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => PACKAGES[part]);
}

/** The files that a part puts in place, the last segment being the name it is built under. */
export function filesOf(part: Part, plan: FromModulesPlan): string[] {
  const plugin = (name: "aws" | "kubernetes") =>
    join(plan.pluginsDir, `resource-${name}-v${plan.versions[name]}`, `pulumi-resource-${name}`);
  const programs = (...names: string[]) => names.map((name) => join(plan.binDir, name));
  switch (part) {
    case "engine":
      return programs("pulumi", "pulumi-language-nodejs", "pulumi-analyzer-policy");
    case "kubernetes-plugin":
      return [plugin("kubernetes")];
    case "aws-plugin":
      return [plugin("aws")];
    case "cluster":
      return programs("kube", "kwok", "kwokctl", ...KUBE_LINKS);
  }
}

/** The names by which `kube` is called. */
export function linksOf(parts: readonly Part[]): readonly string[] {
  return parts.includes("cluster") ? KUBE_LINKS : [];
}

/** What the linker writes into the programs; each takes what it has a use for. */
export function linkerFlags({ versions }: FromModulesPlan): string {
  // -s -w: without debugging information, which is half of each program.
  const flags = ["-s", "-w"];
  const set = (variable: string, value: string) => flags.push("-X", `${variable}=${value}`);
  set(SDK_VERSION, versionIn("github.com/pulumi/pulumi/pkg/v3"));
  set(`${KUBERNETES_PLUGIN}/pkg/version.Version`, versions.kubernetes);
  set("main.version", versions.aws);
  const kubernetes = versionIn("k8s.io/kubernetes");
  const [major = "", minor = ""] = kubernetes.split(".");
  for (const library of ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]) {
    set(`${library}.gitVersion`, `v${kubernetes}`);
    set(`${library}.gitMajor`, major);
    set(`${library}.gitMinor`, minor);
    set(`${library}.gitTreeState`, "clean");
  }
  return flags.join(" ");
}

/** The version of Go that the module needs: the line `go 1.26`. */
export function goNeeded(): string {
  return found(/^go (\S+)$/m.exec(goMod()), "Go");
}

function versionIn(path: string): string {
  const line = new RegExp(`^\\t?(?:require )?${path.replaceAll(".", "\\.")} v(\\S+)`, "m");
  return found(line.exec(goMod()), path);
}

function goMod(): string {
  return readFileSync(join(FOLDER, "go.mod"), "utf8");
}

function found(match: RegExpExecArray | null, what: string): string {
  if (match?.[1] === undefined) throw new Failure(`tools/from-modules: go.mod has no ${what}.`);
  return match[1];
}
