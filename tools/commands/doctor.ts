import { chooseEngine, choosePlugin, forcedSource, SOURCES } from "../engine/choose";
import { IN_WORDS } from "../engine/engine";
import { engineProbes, enginesOnPath, pluginProbes } from "../engine/probe";
import { isRecentEnough, OLDEST_ENGINE, type PluginName, pinnedVersions } from "../engine/versions";
import { goNeeded } from "../from-modules/parts";
import { findPython } from "../platform/aws";
import { containerEngineRuns } from "../platform/containers";
import { hasKind } from "../platform/kind";
import { chooseCluster } from "../platform/kubernetes";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";
import { capture, findOnPath } from "../support/programs";
import { readSettings } from "../support/settings";
import type { Command } from "./command";

/** One thing that was looked at. */
interface Finding {
  readonly about: string;
  readonly found: string;
  /** What to do, where something that is needed is missing. */
  readonly missing?: readonly string[];
}

/** `make doctor`: every tool with where it comes from, and what to do about what is missing. */
export const doctor: Command = async ({ here, stack }) => {
  const forced = process.env["GROUNDWORK_ENGINE"];
  console.log(
    [
      `Sources, in this order: ${SOURCES.map((source) => `${source} (${IN_WORDS[source]})`).join(", ")}.`,
      "GROUNDWORK_ENGINE=path, official or modules forces one of them" +
        (forced ? `; it is "${forced}" now.` : "; it is not set."),
      "",
    ].join("\n"),
  );
  const containers = await containerEngineRuns();
  const settings = readSettings(here.root, stack);
  const cluster = chooseCluster(settings, { kind: hasKind(), containerEngine: containers });
  const findings = [
    { about: "node", found: `${process.version} (${process.execPath})` },
    ...(await engineFindings(here, containers)),
    await goFinding(),
    await pythonFinding(settings.awsEndpoint),
    {
      about: "container engine",
      found: containers ? "runs: images are built" : "none runs: images are taken by reference",
    },
    { about: "cluster", found: CLUSTER_IN_WORDS[cluster] },
    optional("kind"),
    optional("kubectl"),
    optional("aws"),
  ];
  for (const { about, found, missing = [] } of findings) {
    console.log(`${missing.length > 0 ? "MISSING" : "ok"}`.padEnd(9) + about.padEnd(20) + found);
    for (const line of missing) console.log(`${" ".repeat(29)}${line}`);
  }
  const count = findings.filter(({ missing }) => missing !== undefined).length;
  if (count > 0) throw new Failure(`${count} of the things that are needed are missing.`);
};

const CLUSTER_IN_WORDS = {
  configured: "your own, from the configuration",
  kind: "kind",
  simulated: "simulated control plane (kind needs `kind` on PATH and a running container engine)",
} as const;

async function engineFindings(here: Layout, containers: boolean): Promise<Finding[]> {
  const pinned = pinnedVersions(here.root);
  const others = (await enginesOnPath())
    .filter(({ version }) => !isRecentEnough(version))
    .map(({ path, version }) => `; ${path} is ${version}, older than ${OLDEST_ENGINE}`);
  const names: PluginName[] = ["kubernetes", "aws", ...(containers ? (["docker"] as const) : [])];
  return [
    await choiceFinding("pulumi", pinned.engine, others.join(""), () =>
      chooseEngine(engineProbes(here, pinned), forcedSource(process.env["GROUNDWORK_ENGINE"])),
    ),
    ...(await Promise.all(
      names.map((name) => {
        const version = pinned.plugins[name];
        return choiceFinding(`${name} plugin`, version, "", () =>
          choosePlugin(
            pluginProbes(here, name, version),
            forcedSource(process.env["GROUNDWORK_ENGINE"]),
          ),
        );
      }),
    )),
  ];
}

async function choiceFinding(
  about: string,
  wanted: string,
  note: string,
  choose: () => ReturnType<typeof chooseEngine>,
): Promise<Finding> {
  try {
    const { source, tool } = await choose();
    const missing = source === "official" ? `${wanted}, to be downloaded` : "to be built";
    const what = tool === undefined ? missing : `${tool.version} (${tool.path})`;
    return { about, found: `${source}: ${what}${note}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { about, found: `${error.message}${note}`, missing: error.next };
  }
}

async function goFinding(): Promise<Finding> {
  const { code, stdout } = await capture("go", ["env", "GOVERSION"], { cwd: "/" });
  const needed = `${goNeeded()} or newer is needed to build what can't be downloaded`;
  return { about: "go", found: code === 0 ? stdout.trim().replace(/^go/, "") : `none; ${needed}` };
}

async function pythonFinding(awsEndpoint: string | undefined): Promise<Finding> {
  if (awsEndpoint !== undefined) return { about: "AWS emulator", found: awsEndpoint };
  try {
    const python = await findPython();
    const { stdout } = await capture(python, ["--version"]);
    return { about: "python", found: `${stdout.trim()} (${findOnPath(python)[0]})` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { about: "python", found: error.message, missing: error.next };
  }
}

function optional(program: string): Finding {
  const [path] = findOnPath(program);
  return { about: program, found: path ?? "not on PATH; not needed" };
}
