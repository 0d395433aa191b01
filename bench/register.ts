/**
 * What it takes to register many microservices and functions through the components, against the
 * same resources written by hand. See README.md.
 *
 *     node --import tsx bench/register.ts [ROUNDS]
 */
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { withoutOwnTools } from "../tools/platform/environment";
import { Preparation } from "../tools/preparation";
import type { Stack } from "../tools/stack";
import { layout } from "../tools/support/layout";
import { takeLock } from "../tools/support/lock";
import { merged } from "../tools/support/programs";
import { runSteps } from "../tools/support/steps";
import { type Cost, measure, median } from "./preview/measure";
import { provideProject } from "./preview/programs";
import { type Kind, kinds } from "./register/kinds";
import type { Way } from "./register/services";

const ways: readonly Way[] = ["by hand", "components"];

/** What one program costs, whenever it is asked. */
type Run = () => Promise<Cost>;

async function main([rounds = "5"]: readonly string[]): Promise<void> {
  const here = layout(resolve(__dirname, ".."));
  process.env = merged(withoutOwnTools(here, process.env));
  const unlock = takeLock(here.lock, "bench");
  try {
    const prepared = new Preparation(here, "dev");
    await runSteps(prepared.everything());
    for (const kind of Object.keys(kinds) as Kind[]) {
      for (const count of [10, 100, 1000]) {
        const mocks = (way: Way): Run => {
          const args = ["--import", "tsx", join(here.root, "bench/register/mocks.ts")];
          return () => measure("node", [...args, kind, way, String(count)], { cwd: here.root });
        };
        const title = `${count} ${kind} under mocks`;
        await compare(title, mocks("by hand"), mocks("components"), Number(rounds));
      }
      for (const count of [10, 100]) {
        const [byHand, components] = await Promise.all(
          ways.map((way) => preview(prepared.stack, kind, way, count)),
        );
        if (!byHand || !components) throw new Error("there are two ways");
        await compare(`${count} ${kind} in a preview`, byHand, components, Number(rounds));
      }
    }
  } finally {
    unlock();
  }
}

/** The preview of a program that registers so many of one kind and nothing else. */
async function preview(stack: Stack, kind: Kind, way: Way, count: number): Promise<Run> {
  const call = `kinds.${kind}(${JSON.stringify(way)}, ${count})`;
  const index = `import { kinds } from "./bench/register/kinds";\n\n${call};\n`;
  const name = `register-${kind}-${way.replace(" ", "-")}-${count}`;
  const own = await provideProject(stack, name, index);
  const args = ["preview", "--stack", own.name, "--non-interactive"];
  return () => measure(own.engine.path, args, { cwd: own.here.root, env: own.env });
}

/** Runs both in turn, so that they see the same machine, and prints the medians. */
async function compare(title: string, byHand: Run, components: Run, rounds: number): Promise<void> {
  const costs: { readonly byHand: Cost; readonly components: Cost }[] = [];
  // Everything is read from disk once, so that no program pays for the other.
  await byHand();
  for (let round = 0; round < rounds; round++) {
    costs.push({ byHand: await byHand(), components: await components() });
  }
  const load = loadavg()[0]?.toFixed(1);
  console.log(`\n${title} (median of ${rounds} rounds, load ${load})`);
  for (const [unit, key] of [
    ["s", "wallSeconds"],
    ["s of cpu", "cpuSeconds"],
    ["MiB", "peakMiB"],
  ] as const) {
    const of = (figure: (pair: (typeof costs)[number]) => number) => median(costs.map(figure));
    const hand = of((pair) => pair.byHand[key]).toFixed(2);
    const component = of((pair) => pair.components[key]).toFixed(2);
    // Within one round, since the machine is not the same in the next.
    const ratio = of((pair) => pair.components[key] / pair.byHand[key]).toFixed(3);
    console.log(`  by hand ${hand}  components ${component} ${unit}  ratio ${ratio}`);
  }
}

void main(process.argv.slice(2));
