/**
 * What it takes to package files of 40 kB, and to bundle TypeScript, against other ways. See README.md.
 *
 *     node --import tsx bench/package.ts [ROUNDS] [FILES]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { makeFiles } from "./package/folder";
import { type Cost, measure, median } from "./preview/measure";

const root = resolve(__dirname, "..");
const place = join(root, ".groundwork/bench/package");
const folder = join(place, "files");
const entry = join(root, "components/arguments.ts");

/** Runs one way once. What it is compared with is run in the same round. */
type Way = () => Promise<Cost>;

const inNode = (what: string, source: string, cache = "kept"): Way => {
  const args = ["--import", "tsx", join(root, "bench/package/run.ts"), what, source, place];
  return () => {
    const cacheFolder = join(place, "cache", cache);
    if (cache === "new") rmSync(cacheFolder, { recursive: true, force: true });
    return measure("node", args, { cwd: root, env: { XDG_CACHE_HOME: cacheFolder } });
  };
};
const zip: Way = () => {
  rmSync(join(place, "zip.zip"), { force: true });
  return measure("zip", ["-q", "-r", join(place, "zip.zip"), "."], { cwd: folder });
};
const python: Way = () =>
  measure("python3", ["-m", "zipfile", "-c", join(place, "python.zip"), "."], { cwd: folder });

const ways: Readonly<Record<string, Way>> = {
  "start of Node.js": inNode("start", folder),
  "package, new": inNode("package", folder, "new"),
  "package, unchanged": inNode("package", folder),
  "zip -r": zip,
  "python3 -m zipfile": python,
  archiver: inNode("archiver", folder),
  "bundle, unchanged": inNode("bundle", entry),
  "esbuild alone": inNode("esbuild", entry),
};
const against: Readonly<Record<string, string>> = {
  "package, new": "zip -r",
  "package, unchanged": "zip -r",
  "python3 -m zipfile": "zip -r",
  archiver: "zip -r",
  "bundle, unchanged": "esbuild alone",
};

async function main([rounds = "3", files = "5000"]: readonly string[]): Promise<void> {
  rmSync(place, { recursive: true, force: true });
  makeFiles(folder, Number(files), 40_000);
  mkdirSync(join(place, "cache"), { recursive: true });
  writeFileSync(join(place, "package.json"), "{}");
  // Here alone, because nothing but this needs it.
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "archiver@7.0.1"], {
    cwd: place,
  });
  // What is unchanged has been packaged before.
  for (const name of ["package, unchanged", "bundle, unchanged"]) await ways[name]?.();

  const costs: Record<string, Cost[]> = {};
  for (let round = 0; round < Number(rounds); round++) {
    for (const [name, way] of Object.entries(ways)) {
      costs[name] ??= [];
      costs[name].push(await way());
    }
  }
  print(costs);
  rmSync(place, { recursive: true });
}

function print(costs: Readonly<Record<string, readonly Cost[]>>): void {
  const load = loadavg()[0]?.toFixed(1);
  const rounds = Object.values(costs)[0]?.length;
  console.log(`Median of ${rounds} rounds at a load of ${load}; in brackets against another way\n`);
  for (const [name, own] of Object.entries(costs)) {
    const others = costs[against[name] ?? ""];
    const figure = (key: keyof Cost, digits: number) => {
      const value = median(own.map((cost) => cost[key])).toFixed(digits);
      const ratio = median(own.map((cost, round) => cost[key] / (others?.[round]?.[key] ?? 1)));
      return `${value}${others ? ` (${ratio.toFixed(2)})` : ""}`.padEnd(16);
    };
    console.log(
      `${name.padEnd(20)} wall ${figure("wallSeconds", 1)} cpu ${figure("cpuSeconds", 1)} memory ${figure("peakMiB", 0)}`,
    );
  }
}

void main(process.argv.slice(2));
