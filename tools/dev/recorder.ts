import { join, sep } from "node:path";
import { record } from "../../components/testing";
import { type Registrations, registrationsOf } from "./registrations";

// A process of its own that has the program loaded, and runs it without an engine whenever it is
// asked: that takes a fraction of a second, of which an engine needs ten times as much. A changed
// program is loaded by another such process.

/** What the process is asked for: the stack, with its config in clear text. */
export interface Question {
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** What it answers. */
export interface Answer {
  readonly registrations?: Registrations;
  /** What is wrong with the program or with what it packs. */
  readonly problem?: string;
  /** The files that the program itself is made of. */
  readonly program: readonly string[];
}

const root = process.cwd();

// The SDK notes a stack for each of its promises. Half of the time would go there, and only the
// messages of errors are of interest here.
Error.stackTraceLimit = 0;

async function answer({ stack, config, secretKeys }: Question): Promise<Answer> {
  const main = join(root, "index.ts");
  try {
    const recording = await record(
      () => {
        delete require.cache[main];
        return require(main);
      },
      { stack, config, secretKeys },
    );
    return { registrations: await registrationsOf(recording), program: programFiles() };
  } catch (error) {
    const { message } = error as Error;
    return { problem: message, program: programFiles() };
  }
}

function programFiles(): string[] {
  const libraries = `${sep}node_modules${sep}`;
  return Object.keys(require.cache).filter(
    (path) =>
      path.startsWith(root + sep) && !path.includes(libraries) && !path.startsWith(__dirname),
  );
}

// Ctrl-C goes to the whole group; whoever has started this process ends it.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", (question: Question) => {
  answer(question).then((given) => process.send?.(given));
});
