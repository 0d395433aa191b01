import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pulumiQuietly, type Stack } from "../../tools/stack";

/** The programs that are compared, by what their `index.ts` is. */
const programs = {
  /** The engine alone: a program that makes nothing. */
  empty: "export = {};\n",
  /** The dev stack with the providers' classes alone. */
  "by hand":
    'import { deployByHand } from "./bench/preview/by-hand";\n\nexport = deployByHand();\n',
  /** The dev stack as it is. */
  components: undefined,
} as const;

/** One of the programs. */
export type Program = keyof typeof programs;

/** All of them. */
export const names = Object.keys(programs) as readonly Program[];

/** What the programs need of this project. */
const parts = [
  ...["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "tsconfig.json", "index.ts", "config"],
  ...["components", "stacks", "apps", "bench"],
];

/** A program as a project of its own, with a state and a namespace of its own. */
export function provide(stack: Stack, name: Program): Promise<Stack> {
  return provideProject(stack, name.replace(" ", "-"), programs[name]);
}

/** The same, for a program of any name. */
export async function provideProject(stack: Stack, name: string, index?: string): Promise<Stack> {
  const { root, home } = stack.here;
  const place = join(home, "bench", name);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(join(place, "state"), { recursive: true });
  for (const part of parts) cpSync(join(root, part), join(place, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(place, "node_modules"));
  if (index !== undefined) writeFileSync(join(place, "index.ts"), index);
  appendFileSync(join(place, "Pulumi.dev.yaml"), `  groundwork:namespace: bench-${name}\n`);
  const own = {
    ...stack,
    here: { ...stack.here, root: place },
    env: { ...stack.env, PULUMI_BACKEND_URL: `file://${join(place, "state")}` },
  };
  await run(own, ["stack", "init", own.name]);
  return own;
}

/** Runs pulumi on a program's stack. */
export async function run(stack: Stack, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await pulumiQuietly(stack, args);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${stdout}${stderr}`);
}
