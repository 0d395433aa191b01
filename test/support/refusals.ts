import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck, InvalidArgumentsError } from "../../components/arguments";
import { type RecordedResource, type RecordOptions, record } from "../../components/testing";

/** How a program was refused, and what it had registered by then. */
interface Refusal {
  /** The whole message of what was thrown. */
  readonly message: string;
  /** The type of what was thrown, as its `name` says. */
  readonly error: string;
  readonly resources: readonly RecordedResource[];
}

/**
 * Runs a program that is expected to throw before it registers anything, and goes on after it.
 * @throws {Error} when the program does not throw
 */
export async function refusal(program: () => unknown, options?: RecordOptions): Promise<Refusal> {
  let caught: unknown;
  const { resources } = await record(() => {
    try {
      program();
    } catch (error) {
      caught = error;
    }
  }, options);
  if (!(caught instanceof Error)) throw new Error("The program was not refused.");
  return { message: caught.message, error: caught.name, resources };
}

/**
 * The message with which a program fails once a value has become known. The SDK says before it,
 * for every resource on the way, which property it was about to send; that part is left out.
 * @throws {Error} when the program does not fail
 */
export async function laterFailure(program: () => unknown): Promise<string> {
  const failure = await record(() => {
    program();
  }).then(
    () => new Error("The program did not fail."),
    (error: unknown) => error as pulumi.RunError,
  );
  return failure.message.replace(/^(error serializing property "\w+": )+/, "");
}

/** What a component says that can't be used, with everything that is wrong. */
export function unusable(type: string, name: string, ...problems: readonly string[]): string {
  const lines = problems.map((problem) => `\n  - ${problem}`);
  return `${type} "${name}" can't be used as written:${lines.join("")}`;
}

/** How a component is refused: with everything that is wrong, and before anything is made. */
export function refusalOf(type: string, name: string, ...problems: readonly string[]): Refusal {
  const message = unusable(type, name, ...problems);
  return { error: "InvalidArgumentsError", message, resources: [] };
}

/** What is noted on a check, problem by problem. */
export function problemsOf(fill: (check: ArgumentCheck) => unknown): readonly string[] {
  const check = new ArgumentCheck("groundwork:test:Thing", "it");
  try {
    // What nothing more can be said of ends the checking by itself.
    fill(check);
    check.throwIfAny();
  } catch (error) {
    if (error instanceof InvalidArgumentsError) return error.problems;
    throw error;
  }
  return [];
}
