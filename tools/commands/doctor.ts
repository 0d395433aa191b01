import { enginesOnPath } from "../engine/probe";
import { isRecentEnough, OLDEST_ENGINE, pinnedVersions } from "../engine/versions";
import { isGoRecentEnough } from "../from-modules/go";
import { goNeeded } from "../from-modules/parts";
import { type Decision, decide, type Missing, type Wishes } from "../machine/decision";
import { lookAtMachine, type Machine, SOURCES, type ToolName } from "../machine/machine";
import { wishesOf } from "../machine/wishes";
import {
  clusterInWords,
  imagesInWords,
  networkInWords,
  SYSTEMS,
  sourceInWords,
  TITLES,
} from "../machine/words";
import { Failure } from "../support/failure";
import { capture, findOnPath } from "../support/programs";
import { printWrapped } from "../support/terminal";
import type { Command } from "./command";

/** One line: a thing, and what was found or chosen. */
export type Line = readonly [about: string, found: string];

/** `make doctor`: what was found on this machine, what is chosen and why, and what is missing. */
export const doctor: Command = async ({ here, stack }) => {
  const wishes = wishesOf(here, stack);
  const pinned = pinnedVersions(here.root);
  const machine = await lookAtMachine(here, pinned, wishes.forced);
  const decision = decide(machine, wishes);
  const lines: Line[] = [
    ["node", `${process.version} (${process.execPath})`],
    ...diagnosis(machine, wishes, decision),
    ...(await passedOver()),
    ...(await python(machine, wishes)),
    ...["kubectl", "aws"].map((name): Line => [name, onPath(name)]),
  ];
  for (const line of lines) print(line);
  console.log(
    `\nGROUNDWORK_ENGINE=${SOURCES.join(", ")} forces a source` +
      (wishes.forced === undefined ? "." : `; it is ${wishes.forced} now.`),
  );
  if (decision.missing.length === 0) return;
  throw new Failure("What is missing, the first first:", decision.missing.flatMap(advice));
};

/** What is said of a machine and of what was decided for it. */
export function diagnosis(machine: Machine, wishes: Wishes, decision: Decision): Line[] {
  const tools = Object.entries(decision.tools).map(
    ([name, choice]): Line => [TITLES[name as ToolName], sourceInWords(choice)],
  );
  return [
    ["system", `${SYSTEMS[machine.os] ?? machine.os} on ${machine.arch}`],
    ["network", networkInWords(machine.network)],
    ["container engine", machine.containers.runs ? "runs" : machine.containers.why],
    ["go", goInWords(machine, decision)],
    ...tools,
    ...(wishes.local
      ? ([
          ["cluster", clusterInWords(decision.cluster)],
          ["images", imagesInWords(decision.images)],
        ] as const)
      : []),
    ...decision.missing.map(({ words }): Line => ["MISSING", words]),
  ];
}

function goInWords({ go }: Machine, { tools }: Decision): string {
  const needed = Object.values(tools).some(({ source, tool }) => source === "modules" && !tool);
  const version = go === undefined ? "none" : go.version;
  if (!needed) return `${version}; not needed`;
  return isGoRecentEnough(go) ? version : `${version}; ${goNeeded()} or newer is needed`;
}

/** Engines on PATH that are too old. */
async function passedOver(): Promise<Line[]> {
  return (await enginesOnPath())
    .filter(({ version }) => !isRecentEnough(version))
    .map(({ path, version }) => [
      "passed over",
      `${path} is ${version}, older than ${OLDEST_ENGINE}`,
    ]);
}

async function python({ python }: Machine, { local, ownEmulator }: Wishes): Promise<Line[]> {
  if (!local) return [];
  if (ownEmulator) return [["AWS emulator", "from the configuration"]];
  if (typeof python !== "string") return [];
  const { stdout } = await capture(python, ["--version"]);
  return [["python", `${stdout.trim().replace(/^Python /, "")} (${findOnPath(python)[0]})`]];
}

function onPath(program: string): string {
  return findOnPath(program)[0] ?? "not on PATH; not needed";
}

function print([about, found]: Line): void {
  printWrapped(`${about.padEnd(18)} ${found}`, " ".repeat(19));
}

function advice({ words, next }: Missing): string[] {
  return [`- ${words}`, ...next.map((line) => `  ${line}`)];
}
