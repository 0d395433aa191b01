import { join } from "node:path";
import { adopt, type CutOff, cutOff } from "../cut-off";
import { Preparation } from "../preparation";
import { exportStack, importStack, lookAt } from "../stack";
import { Failure } from "../support/failure";
import { writeJson } from "../support/files";
import { runSteps, say } from "../support/steps";
import type { Command } from "./command";

/** `make recover`: takes what a killed update has made into the stack's state. */
export const recover: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  if (prepared.isLocal) {
    throw new Failure("`make recover` is for stacks in the cloud.", [
      `What was cut off in ${stack}, \`make up\` clears up by itself.`,
    ]);
  }
  let operations: CutOff[] = [];
  await runSteps([
    prepared.getEngine(),
    {
      title: `Stack ${stack}`,
      run: async () => {
        const state = await exportStack(prepared.stack);
        if (state === undefined) throw new Failure(`There is no stack ${stack}.`);
        operations = cutOff(state);
        if (operations.length === 0) return say("nothing was cut off");
        for (const { doing, label } of operations) say(`${doing} ${label}`);
        const ids = idsOf(operations, args, stack);
        const backup = join(here.home, `${stack}-before-recover-${Date.now()}.json`);
        writeJson(backup, state);
        say(`the state as it was: ${backup}`);
        const adopted = adopt(state, ids);
        await importStack(prepared.stack, adopted);
        if ((await lookAt(prepared.stack, adopted, operations)) !== 0) {
          throw new Failure("The refresh did not finish (see above).", [
            `Mend the cause, then: pulumi refresh --stack ${stack}`,
          ]);
        }
      },
    },
  ]);
  for (const { kubectl, replaces, label, physicalName } of operations) {
    if (kubectl !== undefined) console.log(`Now: kubectl ${kubectl.join(" ")}`);
    else if (replaces) console.log(`Delete it if it is there: ${label}, named ${physicalName}`);
  }
  console.log(`\`make preview STACK=${stack}\` shows what is still to be done.`);
};

/**
 * The IDs, by URN, of what was being made: from its inputs, else as the arguments say.
 * @throws {Failure} when one is left
 */
export function idsOf(
  operations: readonly CutOff[],
  args: readonly string[],
  stack: string,
): Map<string, string> {
  const given = new Map(args.map((arg) => splitAtFirst(arg, "=")));
  const creates = operations.filter(
    ({ doing, replaces, kubectl }) => doing === "creating" && !replaces && kubectl === undefined,
  );
  const stray = [...given.keys()].find((label) => !creates.some((each) => each.label === label));
  if (stray !== undefined) throw new Failure(`${stray} was not being made in ${stack}.`);
  const found = creates.map((each) => ({ ...each, id: given.get(each.label) ?? each.id }));
  const open = found.filter(({ id }) => !id);
  if (open.length > 0) {
    throw new Failure("The ID of these is known to AWS alone. Nothing was changed.", [
      ...open.map(({ label, physicalName }) => `  ${label}, named ${physicalName ?? "by AWS"}`),
      "Look each one up, and give its ID, or `none` if there is no such thing:",
      `make recover STACK=${stack} ARGS="${open.map(({ label }) => `${label}=ID`).join(" ")}"`,
    ]);
  }
  return new Map(found.flatMap(({ urn, id }) => (!id || id === "none" ? [] : [[urn, id]])));
}

function splitAtFirst(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
