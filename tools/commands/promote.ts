import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { nearest } from "../../components/nearest";
import { environmentKind, environments } from "../../config/environments";
import { stackFile } from "../../config/stack-file";
import { cutOff, type ExportedStack } from "../cut-off";
import { Preparation } from "../preparation";
import { imagesOf, type Promotion, promotions, unfit, withImages } from "../promotion";
import { exportStack, lastUpdate } from "../stack";
import { Failure } from "../support/failure";
import { writeText } from "../support/files";
import { runSteps } from "../support/steps";
import type { Command } from "./command";

/**
 * `make promote FROM=staging TO=prod`: writes the images that one environment runs into the file of
 * another, as a change to commit and review.
 */
export const promote: Command = async ({ here, args: [from = "", to = ""] }) => {
  refuseIf([...problemsOf("FROM", from), ...problemsOf("TO", to)]);
  refuseIf(from === to ? [`FROM and TO are both ${from}: give two environments`] : []);
  const path = stackFile(here.root, to);
  refuseIf(existsSync(path) ? [] : [`there is no ${basename(path)}`]);
  const prepared = new Preparation(here, from);
  let promoted: readonly Promotion[] = [];
  await runSteps([
    prepared.getEngine(),
    {
      title: `Images of ${from}`,
      run: async () => {
        const state = await exportStack(prepared.stack);
        const result = state && (await lastUpdate(prepared.stack));
        refuseIf(unsettled(from, state, result));
        const text = readFileSync(path, "utf8");
        promoted = promotions(text, imagesOf(state as ExportedStack));
        refuseIf(unfit(promoted, to));
        if (promoted.length > 0) writeText(path, withImages(text, promoted));
      },
    },
  ]);
  console.log(whatChanged(promoted, from, to, basename(path)));
};

/** Why what a stack says it runs is not sure to be what was tested. */
export function unsettled(
  from: string,
  state: ExportedStack | undefined,
  result: string | undefined,
): string[] {
  if (state === undefined) return [`there is no stack ${from}`];
  const pending = cutOff(state).map(({ doing, label }) => `${doing} ${label}`);
  if (pending.length > 0) {
    return [`the last update of ${from} was cut off in the middle of: ${pending.join(", ")}`];
  }
  if (result !== undefined && result !== "succeeded") {
    return [`the last update of ${from} is ${result}: promote what one that succeeded has left`];
  }
  return imagesOf(state).size > 0
    ? []
    : [`${from} has no output that is an image and a config key: bring it up first`];
}

/** Which image replaces which, and what to do next. */
export function whatChanged(
  promoted: readonly Promotion[],
  from: string,
  to: string,
  file: string,
): string {
  if (promoted.length === 0) return `${file} has the images of ${from} already.`;
  return [
    ...promoted.flatMap(({ name, before, after }) => [
      `${name} in ${file}:`,
      `  - ${before ?? "not set"}`,
      `  + ${after}`,
    ]),
    `Next: make preview STACK=${to}, commit ${file}, and have it reviewed.`,
  ].join("\n");
}

/** Everything is refused before anything is written. */
function refuseIf(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Failure("Nothing was promoted:", [
    ...problems.map((problem) => `  - ${problem}`),
    "For instance: make promote FROM=staging TO=prod",
  ]);
}

function problemsOf(argument: string, name: string): string[] {
  const names = Object.keys(environments);
  const choice = `give one of ${names.join(", ")}`;
  if (name === "") return [`${argument} is missing: ${choice}`];
  if (environmentKind(name) !== undefined) return [];
  return [`${argument} is "${name}", which is no environment: ${nearest(name, names) ?? choice}`];
}
