import type { Machine, Network } from "../../../tools/machine/machine";

/** The axes of the matrix: every machine is one of each. */
export const SYSTEMS = ["linux", "darwin"] as const;
export const CONTAINERS = ["Docker and kind", "Docker alone", "neither"] as const;
export const NETWORKS = ["internet", "proxy", "registries"] as const;
export const GOES = [true, false] as const;

const NETWORK: Readonly<Record<Network["reach"], Network>> = {
  internet: { reach: "internet" },
  proxy: { reach: "proxy", proxy: "http://proxy:3128" },
  registries: { reach: "registries", why: "get.pulumi.com: no such host" },
};

/** A machine that has nothing else than what is said. */
export function machine(
  os: NodeJS.Platform,
  containers: (typeof CONTAINERS)[number],
  reach: Network["reach"],
  go: boolean,
): Machine {
  const kind = { source: "path", tool: { path: "/usr/bin/kind", version: "" } } as const;
  return {
    os,
    arch: "arm64",
    network: NETWORK[reach],
    containers:
      containers === "neither"
        ? { runs: false, why: "`docker` is not on PATH" }
        : { runs: true, podman: false, env: {} },
    nodes: false,
    ...(go && { go: { version: "1.26.8", upgrades: false } }),
    python: "python3",
    has: containers === "Docker and kind" ? { kind: [kind] } : {},
  };
}

/** What `make up` wants of the dev stack as it comes. */
export const DEV = { local: true, ownCluster: false, ownEmulator: false } as const;
