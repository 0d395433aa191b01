import type { ImageSource } from "../platform/images";
import type { Decision } from "./decision";
import { type Choice, IN_WORDS, type Network, type ToolName } from "./machine";

/** How the tools are called in lists. */
export const TITLES: Readonly<Record<ToolName, string>> = {
  pulumi: "engine",
  kubernetes: "kubernetes plugin",
  aws: "aws plugin",
  docker: "docker plugin",
  kind: "kind",
  cluster: "simulated cluster",
};

/** The systems' names. */
export const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: "Linux",
  darwin: "macOS",
  win32: "Windows",
};

const CLUSTERS = {
  configured: "your own",
  kind: "kind",
  simulated: "simulated",
} as const;

/** A decision in lines: each tool with its source, then cluster and images with the reason. */
export function choiceLines({ tools, cluster, images }: Decision): string[] {
  return [
    ...Object.entries(tools).map(
      ([name, choice]) => `${TITLES[name as ToolName]}: ${sourceInWords(choice)}`,
    ),
    `cluster: ${clusterInWords(cluster)}`,
    `images: ${imagesInWords(images)}`,
  ];
}

/** A tool's version and source, with the path of what is the user's own, or how it is got. */
export function sourceInWords({ source, tool }: Choice): string {
  if (tool === undefined) {
    return source === "official" ? "to be downloaded" : "to be built from Go modules";
  }
  const place = source === "path" ? ` (${tool.path})` : "";
  return `${tool.version} ${IN_WORDS[source]}${place}`.trim();
}

/** The cluster with the reason for it. */
export function clusterInWords({ kind, why }: Decision["cluster"]): string {
  return `${CLUSTERS[kind]}, because ${why}`;
}

/** How the program comes by images. */
export function imagesInWords(images: ImageSource): string {
  if (images === "plugin") return "built by the docker plugin";
  if (images === "command")
    return "built by `docker build`, because the docker plugin can't be had";
  return `by reference, because ${images.byReference}`;
}

/** What can be reached. */
export function networkInWords(network: Network | undefined): string {
  if (network === undefined) return "not asked: all tools are here";
  const proxy = network.proxy === undefined ? "" : `, proxy ${network.proxy}`;
  return network.reach === "registries"
    ? `package registries only (${network.why}${proxy})`
    : `official downloads${proxy}`;
}
