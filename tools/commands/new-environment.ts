import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { nearest } from "../../components/nearest";
import { environmentKind, environments, type Platform } from "../../config/environments";
import { init } from "../../config/mending";
import { stackFile } from "../../config/stack-file";
import { type Copy, copyStackFile, environmentName, withEnvironment } from "../new-environment";
import { Failure } from "../support/failure";
import { writeText } from "../support/files";
import type { Command } from "./command";

/**
 * `make new-environment NAME=qa FROM=staging`: an environment of the same kind, with the same values
 * but for those that belong to one alone.
 */
export const newEnvironment: Command = async ({ here, args: [name = "", from = ""] }) => {
  refuseIf([...problemsOfName(here.root, name), ...problemsOfFrom(here.root, from)]);
  const table = join(here.root, "config", "environments.ts");
  const before = readFileSync(table, "utf8");
  const isListed = environmentKind(name) !== undefined;
  const after = isListed ? before : withEnvironment(before, name, from);
  const platform = environmentKind(from)?.platform as Platform;
  refuseIf([
    ...(isListed && environmentKind(name)?.platform !== platform
      ? [`${name} and ${from} are not on the same platform: give another FROM`]
      : []),
    ...(after === undefined
      ? [`${table} has no line like ${from}: { ... }, to write one for ${name} below it`]
      : []),
  ]);
  const copied = copyStackFile(
    readFileSync(stackFile(here.root, from), "utf8"),
    from,
    name,
    platform,
  );
  writeText(stackFile(here.root, name), copied.text);
  writeText(table, after ?? before);
  console.log(whatToDoNext(name, from, platform, copied, isListed));
};

/** Everything is refused before anything is written. */
function refuseIf(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Failure("No environment was made:", [
    ...problems.map((problem) => `  - ${problem}`),
    "For instance: make new-environment NAME=qa FROM=staging",
  ]);
}

function problemsOfName(root: string, name: string): string[] {
  if (name === "") return ["NAME is missing: give the new environment's name"];
  const complaint = environmentName(name);
  if (complaint !== undefined) return [`NAME is "${name}": ${complaint}`];
  const path = stackFile(root, name);
  return existsSync(path) ? [`there is a ${basename(path)}: give another NAME, or remove it`] : [];
}

function problemsOfFrom(root: string, from: string): string[] {
  const names = Object.keys(environments);
  const choice = `give one of ${names.join(", ")}`;
  if (from === "") return [`FROM is missing: ${choice}`];
  if (environmentKind(from) === undefined) {
    return [`FROM is "${from}", which is no environment: ${nearest(from, names) ?? choice}`];
  }
  return existsSync(stackFile(root, from)) ? [] : [`there is no Pulumi.${from}.yaml to copy`];
}

function whatToDoNext(
  name: string,
  from: string,
  platform: Platform,
  { leftOut, commands }: Copy,
  isListed: boolean,
): string {
  const written = [
    `Pulumi.${name}.yaml is written, with the values of ${from}.`,
    ...(leftOut.length === 0 ? [] : [`Left out, as ${from}'s own: ${leftOut.join(", ")}.`]),
    ...(isListed
      ? []
      : [
          `config/environments.ts has a line for ${name} behind that of ${from}. They stand in the`,
          "order of promotion: move it if it belongs elsewhere.",
        ]),
    "",
  ];
  if (platform === "local") return [...written, `Next: make up STACK=${name}`].join("\n");
  return [
    ...written,
    "Next, in a new shell with credentials of the account that it is for:",
    `  make engine && eval "$(make -s env STACK=${name})"`,
    "  pulumi login",
    `  ${init(name)}`,
    ...commands.map((command) => `  ${command}`),
    `  make preview STACK=${name}`,
  ].join("\n");
}
