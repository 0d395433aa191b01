/**
 * What `pulumi preview` takes of the dev stack, against the bare engine and against the same
 * resources written by hand. See README.md.
 *
 *     node --import tsx bench/preview.ts [ROUNDS]
 */
import { loadavg } from "node:os";
import { resolve } from "node:path";
import { withoutOwnTools } from "../tools/platform/environment";
import { Preparation } from "../tools/preparation";
import type { Stack } from "../tools/stack";
import { layout } from "../tools/support/layout";
import { takeLock } from "../tools/support/lock";
import { merged } from "../tools/support/programs";
import { runSteps } from "../tools/support/steps";
import { type Cost, measure, median } from "./preview/measure";
import { names, type Program, provide, run } from "./preview/programs";

type Stacks = Readonly<Record<Program, Stack>>;

async function main([rounds = "5"]: readonly string[]): Promise<void> {
  const here = layout(resolve(__dirname, ".."));
  process.env = merged(withoutOwnTools(here, process.env));
  const unlock = takeLock(here.lock, "bench");
  try {
    const prepared = new Preparation(here, "dev");
    await runSteps(prepared.everything());
    await compare(prepared.stack, Number(rounds));
  } finally {
    unlock();
  }
}

async function compare(stack: Stack, rounds: number): Promise<void> {
  const provided: [Program, Stack][] = [];
  for (const name of names) provided.push([name, await provide(stack, name)]);
  const stacks = Object.fromEntries(provided) as Stacks;
  // Everything is read from disk once, so that no program pays for the others.
  for (const name of names) await preview(stacks[name]);
  print("Cold: nothing is deployed", await inTurn(stacks, rounds));
  const deployed = [stacks["by hand"], stacks.components];
  try {
    for (const each of deployed) await run(each, ["up", "--yes", "--skip-preview"]);
    print("Warm: deployed, and nothing changed", await inTurn(stacks, rounds));
  } finally {
    for (const each of deployed) await run(each, ["destroy", "--yes", "--skip-preview"]);
  }
}

/** The programs one after the other, again and again, so that all see the same machine. */
async function inTurn(stacks: Stacks, rounds: number): Promise<Record<Program, Cost[]>> {
  const costs: Record<Program, Cost[]> = { empty: [], "by hand": [], components: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of names) costs[name].push(await preview(stacks[name]));
  }
  return costs;
}

function preview({ engine, here, env, name }: Stack): Promise<Cost> {
  const args = ["preview", "--stack", name, "--non-interactive"];
  return measure(engine.path, args, { cwd: here.root, env });
}

function print(title: string, costs: Record<Program, readonly Cost[]>): void {
  const rounds = costs.components.length;
  console.log(`\n${title} (median of ${rounds} rounds, load ${loadavg()[0]?.toFixed(1)})`);
  const line = (of: string, figure: (measure: keyof Cost) => string) =>
    console.log(
      `  ${of.padEnd(22)} wall ${figure("wallSeconds")}  cpu ${figure("cpuSeconds")}  memory ${figure("peakMiB")}`,
    );
  for (const name of names) {
    line(name, (key) =>
      median(costs[name].map((cost) => cost[key]))
        .toFixed(key === "peakMiB" ? 0 : 2)
        .padStart(6),
    );
  }
  for (const base of ["empty", "by hand"] as const) {
    // Within one round, since the machine is not the same in the next.
    const ratios = (key: keyof Cost) =>
      costs.components.map((cost, round) => cost[key] / (costs[base][round]?.[key] ?? Number.NaN));
    line(`components / ${base}`, (key) => median(ratios(key)).toFixed(3).padStart(6));
  }
}

void main(process.argv.slice(2));
