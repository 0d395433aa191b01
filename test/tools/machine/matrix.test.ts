import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosis } from "../../../tools/commands/doctor";
import { type Decision, decide } from "../../../tools/machine/decision";
import { refuseMissing } from "../../../tools/machine/provide";
import { CONTAINERS, DEV, GOES, machine, NETWORKS, SYSTEMS } from "./machines";

const NAMES = { linux: "Linux", darwin: "macOS" } as const;
const README = readFileSync(join(__dirname, "../../../tools/README.md"), "utf8");

/** The cells of the README's table that say what is decided. */
function outcome({ tools, cluster, images, missing }: Decision): string[] {
  const from = (name: "pulumi" | "aws" | "kind" | "cluster") => {
    const choice = tools[name];
    if (choice === undefined) return "none";
    if (choice.tool !== undefined) return "there";
    return choice.source === "official" ? "downloaded" : "built";
  };
  const engine = from("pulumi");
  expect(from("aws")).toBe(engine);
  const programs = from(cluster.kind === "kind" ? "kind" : "cluster");
  const [first] = missing;
  return [
    engine,
    `${cluster.kind}, ${programs}`,
    typeof images === "object" ? "by reference" : images === "plugin" ? "plugin" : "`docker build`",
    first === undefined ? "nothing" : first.words.startsWith("Go ") ? "Go" : "downloads",
  ];
}

/** The README's row for a machine. */
function row(
  os: (typeof SYSTEMS)[number],
  containers: (typeof CONTAINERS)[number],
  reach: (typeof NETWORKS)[number],
  go: boolean,
): string {
  const network = reach === "registries" ? "registries only" : "internet or proxy";
  const goes = reach === "registries" ? (go ? "yes" : "no") : "yes or no";
  const cells = outcome(decide(machine(os, containers, reach, go), DEV));
  return [NAMES[os], containers, network, goes, ...cells].join(" | ");
}

const rows = README.split("\n")
  .filter((line) => /^\| (Linux|macOS) /.test(line))
  .map((line) =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim())
      .join(" | "),
  );

const all = SYSTEMS.flatMap((os) =>
  CONTAINERS.flatMap((containers) =>
    NETWORKS.flatMap((reach) => GOES.map((go) => [os, containers, reach, go] as const)),
  ),
);

describe("the table of machines in tools/README.md", () => {
  test("has each of the 36 machines, and no other row", () => {
    expect(all).toHaveLength(36);
    expect(rows).toEqual([...new Set(all.map((each) => row(...each)))]);
  });

  test.each(all)("on %s with %s, %s and Go %s doctor says the same as up", (...each) => {
    const it = machine(...each);
    const decision = decide(it, DEV);
    const said = diagnosis(it, DEV, decision);
    const asked = said.filter(([about]) => about === "MISSING").map(([, words]) => words);
    expect(asked).toEqual(decision.missing.map(({ words }) => words));
    const refuse = () => refuseMissing(decision, "Nothing was done.");
    if (asked.length === 0) expect(refuse).not.toThrow();
    else expect(refuse).toThrow(asked[0]);
  });
});

describe("doctor", () => {
  test("on Linux with Docker alone and a proxy", () => {
    const it = machine("linux", "Docker alone", "proxy", false);
    expect(diagnosis(it, DEV, decide(it, DEV))).toEqual([
      ["system", "Linux on arm64"],
      ["network", "official downloads, proxy http://proxy:3128"],
      ["container engine", "runs"],
      ["go", "none; not needed"],
      ["engine", "to be downloaded"],
      ["kubernetes plugin", "to be downloaded"],
      ["aws plugin", "to be downloaded"],
      ["docker plugin", "to be downloaded"],
      ["kind", "to be downloaded"],
      ["cluster", "kind, because a container engine runs"],
      ["images", "built by the docker plugin"],
    ]);
  });

  test("on Linux with Docker alone, registries and Go: no image is built that nobody pulls", () => {
    const it = machine("linux", "Docker alone", "registries", true);
    expect(diagnosis(it, DEV, decide(it, DEV))).toEqual([
      ["system", "Linux on arm64"],
      ["network", "package registries only (get.pulumi.com: no such host)"],
      ["container engine", "runs"],
      ["go", "1.26.8"],
      ["engine", "to be built from Go modules"],
      ["kubernetes plugin", "to be built from Go modules"],
      ["aws plugin", "to be built from Go modules"],
      ["simulated cluster", "to be built from Go modules"],
      ["cluster", "simulated, because there is no `kind`, nor its nodes' images"],
      ["images", "by reference, because the simulated cluster pulls none"],
    ]);
  });

  test("on macOS without downloads", () => {
    const it = machine("darwin", "neither", "registries", true);
    const decision = decide(it, DEV);
    expect(diagnosis(it, DEV, decision).at(-1)).toEqual([
      "MISSING",
      "Official downloads must be reachable, got registries only.",
    ]);
    expect(decision.missing).toEqual([
      {
        words: "Official downloads must be reachable, got registries only.",
        next: [
          "Network: package registries only (get.pulumi.com: no such host).",
          "On macOS nothing is built from Go modules.",
          "Missing: engine, kubernetes plugin, aws plugin, simulated cluster.",
          "HTTPS to get.pulumi.com, github.com and dl.k8s.io, if need be by a proxy:",
          "  export HTTPS_PROXY=http://proxy.example.com:8080",
        ],
      },
    ]);
  });
});
