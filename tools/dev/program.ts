import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { pulumiQuietly, type Stack } from "../stack";
import { Failure } from "../support/failure";
import { merged } from "../support/programs";
import type { Answer, Question } from "./recorder";

/** The stack's program, kept loaded, so that what it would make is known in a moment. */
export class Program {
  private child: ChildProcess | undefined;
  private question: Question | undefined;

  constructor(private readonly stack: Stack) {}

  /** What the program would make of the files as they are now. */
  async ask(): Promise<Answer> {
    this.question ??= await questionFor(this.stack);
    this.child ??= this.start();
    const { child, question } = this;
    return new Promise((done) => {
      const ended = () => {
        this.child = undefined;
        done({ problem: "the program ended before it was done", program: [] });
      };
      child.once("exit", ended);
      child.once("message", (answer: Answer) => {
        child.off("exit", ended);
        done(answer);
      });
      child.send(question);
    });
  }

  /** Forgets the program, whose files or config have changed. */
  forget(): void {
    this.child?.removeAllListeners().kill("SIGKILL");
    this.child = undefined;
    this.question = undefined;
  }

  private start(): ChildProcess {
    return fork(join(__dirname, "recorder.ts"), {
      cwd: this.stack.here.root,
      env: merged(this.stack.env),
      execArgv: ["--import", "tsx"],
      // What the program prints, the engine's update has shown.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }
}

async function questionFor(stack: Stack): Promise<Question> {
  const options = ["config", "--show-secrets", "--json", "--stack", stack.name];
  const { code, stdout, stderr } = await pulumiQuietly(stack, options);
  if (code !== 0) throw new Failure("The config can't be read:", [stderr.trim()]);
  const config: Record<string, { value?: string; objectValue?: unknown; secret: boolean }> =
    JSON.parse(stdout);
  const entries = Object.entries(config);
  return {
    stack: stack.name,
    config: Object.fromEntries(
      entries.map(([key, { value, objectValue }]) => [key, value ?? JSON.stringify(objectValue)]),
    ),
    secretKeys: entries.filter(([, { secret }]) => secret).map(([key]) => key),
  };
}
