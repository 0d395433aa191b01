import * as pulumi from "@pulumi/pulumi";
import type { Inputs } from "./answers";

/** The type token of {@link pulumi.StackReference}. */
export const stackReferenceType = "pulumi:pulumi:StackReference";

/** The outputs of stacks, by the stack's full name. */
export type Stacks = Readonly<Record<string, Readonly<Record<string, pulumi.Input<unknown>>>>>;

/**
 * What the engine answers to a reference to another stack.
 * @throws {Error} when that stack is not given
 */
export async function answerStackReference(inputs: Inputs, stacks: Stacks = {}) {
  const name = String(inputs["name"]);
  const outputs = stacks[name];
  if (outputs === undefined) {
    throw new Error(
      `The program refers to the stack "${name}", whose outputs are not given. Give them: ` +
        `record(program, { stacks: { ${JSON.stringify(name)}: { ... } } })`,
    );
  }
  const secret = await Promise.all(
    Object.entries(outputs).map(async ([key, value]) =>
      pulumi.Output.isInstance(value) && (await pulumi.isSecret(value)) ? [key] : [],
    ),
  );
  return { id: name, state: { name, outputs, secretOutputNames: secret.flat() } };
}
