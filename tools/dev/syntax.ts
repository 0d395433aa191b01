import { existsSync } from "node:fs";
import { extname, join, relative } from "node:path";
import type { Layout } from "../support/layout";
import { capture } from "../support/programs";

/** Parses a file named by its first argument, and says where it goes wrong. */
const parsePython = `
import ast, sys
try:
    ast.parse(open(sys.argv[1], "rb").read(), sys.argv[1])
except SyntaxError as error:
    sys.exit(f"line {error.lineno}: {error.msg}")
`;

/** What is wrong with the syntax of files, a line each; other languages say so themselves. */
export async function syntaxErrors(here: Layout, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.filter((path) => existsSync(path)).map((path) => syntaxError(here, path)),
  );
  return found.filter((error) => error !== undefined);
}

async function syntaxError(here: Layout, path: string): Promise<string | undefined> {
  const command = checkers[extname(path)]?.(here);
  if (command === undefined) return undefined;
  const [program = "", ...args] = command;
  const { code, stderr } = await capture(program, [...args, path], { timeoutMs: 5000 });
  if (code === 0 || code === 127) return undefined;
  const lines = stderr.trim().split("\n");
  return `${relative(here.root, path)}: ${lines.find((line) => /^line|Error/.test(line)) ?? lines[0]}`;
}

const javascript = () => [process.execPath, "--check"];

const checkers: Readonly<Record<string, (here: Layout) => readonly string[]>> = {
  // The emulator's Python is one that functions run on.
  ".py": ({ emulator }) => [join(emulator, "bin", "python"), "-c", parsePython],
  ".js": javascript,
  ".cjs": javascript,
  ".mjs": javascript,
};
