import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";

const root = resolve(__dirname, "../..");
const place = join(root, ".groundwork", "integration");

/** The program and everything it reads. */
const parts = [
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "package.json",
  "tsconfig.json",
  "index.ts",
  "config",
  "components",
  "stacks",
  "apps",
];

/** A copy of the program, which a test may change, with a state of its own. */
export interface Copy {
  readonly directory: string;
  readonly stack: Stack;
  /** Where the backend keeps the stack's state. */
  readonly stateFile: string;
}

/**
 * Copies the program and makes its dev stack in a new backend, so that the user's own dev stack is
 * left alone.
 * @param program a file to run in place of the program's own, from the root of the repository
 * @param files what that file reads
 */
export async function copyProgram(program?: string, ...files: readonly string[]): Promise<Copy> {
  const directory = join(place, "program");
  const state = join(place, "state");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  for (const part of parts) {
    cpSync(join(root, part), join(directory, part), { recursive: true });
  }
  if (program !== undefined) {
    for (const part of ["test/support", program, ...files]) {
      cpSync(join(root, part), join(directory, part), { recursive: true });
    }
    writeFileSync(
      join(directory, "index.ts"),
      `export * from "./${program.replace(/\.ts$/, "")}";\n`,
    );
  }
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "dev", workDir: directory },
    { envVars: { PULUMI_BACKEND_URL: `file://${state}` } },
  );
  const stateFile = join(state, ".pulumi", "stacks", "groundwork", "dev.json");
  return { directory, stack, stateFile };
}

/** Takes the copy and its state away. */
export function removeCopy(): void {
  rmSync(place, { recursive: true, force: true });
}
