import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./folders";

/** What a faked program does when it is run. */
export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

/**
 * Answers by how the arguments begin; the first that fits counts. Of a list each is given once, and
 * the last one from then on. Arguments that nothing fits succeed without a word.
 */
export type Answers = Readonly<Record<string, Answer | readonly Answer[]>>;

/** Programs of these names are all that there is on PATH, until the end of each test. */
export class FakePrograms {
  private readonly folder = makeFolder();
  private readonly before = process.env["PATH"];

  /** Puts a program on PATH. */
  add(name: string, answers: Answers = {}): void {
    const program = join(this.folder, name);
    writeFileSync(program, script(program, answers));
    chmodSync(program, 0o755);
    rmSync(`${program}.log`, { force: true });
    process.env["PATH"] = this.folder;
  }

  /** How a program was called so far, and with which input, line ends after it left out. */
  calls(name: string): readonly { readonly args: string; readonly input: string }[] {
    const log = join(this.folder, `${name}.log`);
    if (!existsSync(log)) return [];
    return readFileSync(log, "utf8")
      .split("\u001e")
      .slice(0, -1)
      .map((call) => {
        const [args = "", input = ""] = call.split("\u001f");
        return { args, input };
      });
  }

  /** The arguments of the calls that begin with one of these words. */
  called(name: string, ...words: readonly string[]): readonly string[] {
    return this.calls(name)
      .map(({ args }) => args)
      .filter((args) => words.some((word) => args.startsWith(word)));
  }

  /** Gives PATH back. */
  end(): void {
    process.env["PATH"] = this.before;
  }
}

/** A shell starts faster than Node.js. */
function script(program: string, answers: Answers): string {
  const rules = Object.entries(answers).map(([start, given], rule) => {
    const list = Array.isArray(given) ? (given as readonly Answer[]) : [given as Answer];
    const cases = list.map(({ stdout = "", stderr = "", code = 0 }, index) => {
      const pattern = index === list.length - 1 ? "*" : String(index);
      return `${pattern}) printf %s ${quoted(stdout)}; printf %s ${quoted(stderr)} >&2; exit ${code};;`;
    });
    const count = quoted(`${program}.${rule}`);
    return `${quoted(start)}*) n=$(cat ${count} 2>/dev/null || echo 0); echo $((n + 1)) >${count}
      case $n in ${cases.join("\n")} esac;;`;
  });
  return `#!/bin/sh
PATH=/usr/bin:/bin
printf '%s\\037%s\\036' "$*" "$(cat)" >>${quoted(`${program}.log`)}
case "$*" in
${rules.join("\n")}
esac
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
