import {
  chooseEngine,
  choosePlugin,
  type EngineProbes,
  forcedSource,
  type PluginProbes,
} from "../../tools/engine/choose";
import { isRecentEnough } from "../../tools/engine/versions";

const own = { path: "/usr/bin/pulumi", version: "3.250.0" };
const downloaded = { path: "/home/me/.pulumi/versions/3.265.0/bin/pulumi", version: "3.265.0" };
const built = { path: "/tree/.groundwork/bin/pulumi", version: "3.220.0" };

/** A machine that has nothing and reaches nothing, but for what a test gives it. */
function machine(has: Partial<EngineProbes> = {}): EngineProbes & { asked: string[] } {
  const asked: string[] = [];
  const probes: EngineProbes = {
    onPath: async () => undefined,
    downloaded: async () => undefined,
    built: async () => undefined,
    officialReachable: async () => false,
    canBuild: async () => false,
    ...has,
  };
  const noted = <T>(name: string, ask: () => Promise<T>) => {
    return () => {
      asked.push(name);
      return ask();
    };
  };
  return {
    asked,
    onPath: noted("onPath", probes.onPath),
    downloaded: noted("downloaded", probes.downloaded),
    built: noted("built", probes.built),
    officialReachable: noted("officialReachable", probes.officialReachable),
    canBuild: noted("canBuild", probes.canBuild),
  };
}

const yes = async () => true;

describe("the engine", () => {
  test("is the one on PATH, without asking further", async () => {
    const probes = machine({ onPath: async () => own, built: async () => built });
    expect(await chooseEngine(probes)).toEqual({ source: "path", tool: own });
    expect(probes.asked).toEqual(["onPath"]);
  });

  test("is the downloaded one where none is on PATH, without the network", async () => {
    const probes = machine({ downloaded: async () => downloaded, built: async () => built });
    expect(await chooseEngine(probes)).toEqual({ source: "official", tool: downloaded });
    expect(probes.asked).toEqual(["onPath", "downloaded"]);
  });

  test("is the built one before anything is got from the network", async () => {
    const probes = machine({ built: async () => built, officialReachable: yes });
    expect(await chooseEngine(probes)).toEqual({ source: "modules", tool: built });
    expect(probes.asked).toEqual(["onPath", "downloaded", "built"]);
  });

  test("is downloaded where the host answers, also when it could be built", async () => {
    const probes = machine({ officialReachable: yes, canBuild: yes });
    expect(await chooseEngine(probes)).toEqual({ source: "official" });
  });

  test("is built where the host doesn't answer and the machine can build", async () => {
    expect(await chooseEngine(machine({ canBuild: yes }))).toEqual({ source: "modules" });
  });

  test("fails with the three ways out where nothing helps", async () => {
    await expect(chooseEngine(machine())).rejects.toMatchObject({
      message: "the Pulumi engine is not installed and can't be got.",
      next: [
        "One of these is enough:",
        "- install the Pulumi CLI, so that `pulumi` is on PATH;",
        "- let this machine reach get.pulumi.com, it is downloaded then;",
        "- on Linux, install Go 1.26 or newer: it is built from the Go module proxy then.",
      ],
    });
  });

  const everything = {
    onPath: async () => own,
    downloaded: async () => downloaded,
    built: async () => built,
    officialReachable: yes,
    canBuild: yes,
  };

  test.each([
    ["path", own],
    ["official", downloaded],
    ["modules", built],
  ] as const)("forced to %s asks about nothing else", async (source, tool) => {
    const probes = machine(everything);
    expect(await chooseEngine(probes, source)).toEqual({ source, tool });
    expect(probes.asked).toHaveLength(1);
  });

  test("forced to path fails where PATH has none", async () => {
    const probes = machine({ ...everything, onPath: async () => undefined });
    await expect(chooseEngine(probes, "path")).rejects.toThrow(
      "GROUNDWORK_ENGINE=path, but there is no recent `pulumi` on PATH.",
    );
  });

  test("forced to official fails where the host doesn't answer", async () => {
    const probes = machine({ onPath: async () => own, canBuild: yes });
    await expect(chooseEngine(probes, "official")).rejects.toThrow(
      "GROUNDWORK_ENGINE=official, but the host of the Pulumi engine doesn't answer.",
    );
  });

  test("forced to modules doesn't touch the network", async () => {
    const probes = machine({ officialReachable: yes, canBuild: yes });
    expect(await chooseEngine(probes, "modules")).toEqual({ source: "modules" });
    expect(probes.asked).toEqual(["built", "canBuild"]);
    await expect(chooseEngine(machine({ officialReachable: yes }), "modules")).rejects.toThrow(
      "can't be got",
    );
  });
});

describe("a plugin", () => {
  const installed = { path: "/home/me/.pulumi/plugins/x", version: "7.48.0" };
  const plugin = (name: PluginProbes["name"], has: Partial<PluginProbes> = {}): PluginProbes => ({
    name,
    version: "7.48.0",
    installed: async () => undefined,
    built: async () => undefined,
    officialReachable: async () => false,
    canBuild: async () => false,
    ...has,
  });

  test("is the user's own before the built one", async () => {
    const probes = plugin("aws", { installed: async () => installed, built: async () => built });
    expect(await choosePlugin(probes)).toEqual({ source: "path", tool: installed });
    expect(await choosePlugin(probes, "official")).toEqual({ source: "path", tool: installed });
    expect(await choosePlugin(probes, "modules")).toEqual({ source: "modules", tool: built });
  });

  test("is downloaded, else built", async () => {
    expect(await choosePlugin(plugin("aws", { officialReachable: yes, canBuild: yes }))).toEqual({
      source: "official",
    });
    expect(await choosePlugin(plugin("kubernetes", { canBuild: yes }))).toEqual({
      source: "modules",
    });
  });

  test("forced to path names the command that installs it", async () => {
    await expect(choosePlugin(plugin("aws", { canBuild: yes }), "path")).rejects.toMatchObject({
      message: "GROUNDWORK_ENGINE=path, but the aws plugin 7.48.0 is not installed.",
      next: ["pulumi plugin install resource aws 7.48.0"],
    });
  });

  test("for docker can't be built", async () => {
    await expect(choosePlugin(plugin("docker", { canBuild: yes }))).rejects.toThrow(
      "the docker plugin 7.48.0 can't be had: its host doesn't answer and no Go module has it.",
    );
  });
});

test.each([
  ["3.200.0", true],
  ["v3.200.1", true],
  ["3.265.0-alpha.1", true],
  ["3.199.9", false],
  ["2.300.0", false],
  ["4.0.0", false],
  ["nonsense", false],
])("an engine of version %s is recent enough: %s", (version, expected) => {
  expect(isRecentEnough(version)).toBe(expected);
});

test("GROUNDWORK_ENGINE is one of the sources or nothing", () => {
  expect(forcedSource(undefined)).toBeUndefined();
  expect(forcedSource("")).toBeUndefined();
  expect(forcedSource("modules")).toBe("modules");
  expect(() => forcedSource("brew")).toThrow('GROUNDWORK_ENGINE is "brew".');
});
