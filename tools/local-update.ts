import { statSync } from "node:fs";
import { join } from "node:path";
import { noteWhole } from "./platform/losses";
import { type Stack, type Update, update } from "./stack";
import { fileFailure, filesBelow, tryToWrite } from "./support/files";
import { say } from "./support/steps";

/**
 * Runs an update of a local stack. Where something is gone that the state has, because someone has
 * deleted it, pulumi looks at what is there and tries once more: what is gone is gone.
 */
export async function updateLocal(
  stack: Stack,
  args: readonly string[],
  run = update,
): Promise<Update> {
  let found = await run(stack, args);
  if (found.code !== 0 && found.gone.length > 0) {
    say(`gone, though the state has it: ${found.gone.map(nameOf).join(", ")}`);
    say("once more, after a look at what is there (--refresh)");
    found = await run(stack, [...args, "--refresh"]);
  }
  const isWhole = found.code === 0 && !args.some((arg) => arg.startsWith("--target"));
  if (isWhole) noteWhole(stack.here, stack.name);
  return found;
}

/** Type and name, without the components that it belongs to. */
const nameOf = (urn: string) => urn.split("::").slice(2).join("::").split("$").at(-1);

/** What is known of the state after an update that did not finish. */
export function stateInWords(
  { here, name }: Stack,
  { inDoubt }: Pick<Update, "inDoubt">,
): string[] {
  if (inDoubt.length > 0) {
    return [
      "pulumi has lost sight of these in the middle; the next command finds out how they ended:",
      ...inDoubt.map(({ type, resource }) => `  ${type} ${nameOf(resource.urn)}`),
    ];
  }
  try {
    const folder = join(here.state, ".pulumi", "stacks");
    const files = filesBelow(folder).filter((file) => file.endsWith(`${name}.json`));
    const bytes = files.map((file) => statSync(join(folder, file)).size);
    tryToWrite(here.state, Math.max(4096, ...bytes));
    return ["What was made is in the stack's state."];
  } catch (error) {
    const failure = fileFailure(error);
    if (failure === undefined) throw error;
    return [
      "The stack's state could not be written, and what was made last may not be in it:",
      failure.message,
      "The next command finds out, once there is room.",
    ];
  }
}
