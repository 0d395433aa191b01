import type { Layout } from "../support/layout";

/** What a command works on. */
export interface Context {
  readonly here: Layout;
  /** The stack's name, from STACK. */
  readonly stack: string;
  readonly args: readonly string[];
}

/** One of the commands that the Makefile's targets run. Throws a `Failure` if it fails. */
export type Command = (context: Context) => Promise<void>;
