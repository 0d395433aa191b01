import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ExportedStack } from "../../tools/cut-off";
import { recordedEngine } from "../../tools/engine/engine";
import { environment } from "../../tools/platform/environment";
import { recordedPlatform } from "../../tools/platform/platform";
import { exportStack, type Stack } from "../../tools/stack";
import { layout } from "../../tools/support/layout";
import { type Process, processes, signal, workingDirectory } from "../../tools/support/pids";
import { capture, merged } from "../../tools/support/programs";
import { type ClusterObject, changes, differencesAtAws, differencesInCluster } from "./compare";
import { inWords, plan, type Round } from "./plan";

// `make chaos ROUNDS=5 SEED=1`: kills commands at random moments. After each, one `make up` has to
// make everything whole: the next finds nothing to do, and emulator, cluster and state agree.

const here = layout(resolve(__dirname, "..", ".."));
const stackFile = join(here.root, "Pulumi.dev.yaml");
const logs = join(here.logs, "chaos");
const STACK = "dev";

async function main(rounds: number, seed: number): Promise<void> {
  mkdirSync(logs, { recursive: true });
  const original = readFileSync(stackFile, "utf8");
  let failures = 0;
  console.log(`Seed ${seed}; logs: ${logs}`);
  try {
    for (const [index, round] of plan(seed, rounds).entries()) {
      console.log(`Round ${index + 1}/${rounds}: ${inWords(round)}`);
      const problems = await play(round, index + 1, original);
      for (const problem of problems) console.log(`  ${problem}`);
      console.log(`  ${problems.length === 0 ? "recovered" : "NOT RECOVERED"}`);
      if (problems.length > 0) failures += 1;
    }
  } finally {
    writeFileSync(stackFile, original);
  }
  console.log(`${rounds - failures} of ${rounds} recovered.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

async function play(round: Round, number: number, original: string): Promise<string[]> {
  const log = (name: string) => join(logs, `${number}-${name}.log`);
  await mustSucceed(round.before === "nothing" ? "down" : "up", log("before"));
  if (round.before === "change") {
    const changed = original.replace(
      "config:\n",
      `config:\n  groundwork:greeting: Round ${number}\n`,
    );
    writeFileSync(stackFile, changed);
  }
  if (round.command === "deploy") await mustSucceed("plan", log("plan"));

  const child = make(round.command, log("killed"));
  const ended = endOf(child);
  await Promise.race([ended, new Promise((done) => setTimeout(done, round.seconds * 1000))]);
  const running = child.exitCode === null ? descendants(child.pid ?? 0) : [];
  const chosen = running[Math.floor(round.which * running.length)];
  const targets = round.target === "group" ? running : running.filter((each) => each === chosen);
  signal(
    round.signal,
    targets.map(({ pid }) => pid),
  );
  for (const { command } of targets.slice(0, 1)) {
    console.log(`  ${targets.length} of ${running.length} processes: ${command.slice(0, 90)}`);
  }
  console.log(`  ended with ${await ended}`);

  const again = await endOf(make("up", log("recovery")));
  if (again !== 0) return [`make up failed with ${again}: ${log("recovery")}`];
  const unchanged = await endOf(make("up", log("unchanged")));
  const said = readFileSync(log("unchanged"), "utf8");
  return [
    ...(unchanged === 0 ? [] : [`the second make up failed with ${unchanged}`]),
    ...changes(said).map((counts) => `the second make up: ${counts}`),
    ...(await differencesNow()),
    ...strays(),
  ];
}

/** Runs a command in a process group of its own, as a shell does. */
function make(command: string, log: string) {
  const output = openSync(log, "w");
  return spawn("make", [command, `STACK=${STACK}`], {
    cwd: here.root,
    detached: true,
    stdio: ["ignore", output, output],
  });
}

function endOf(child: ReturnType<typeof make>): Promise<number | string> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => child.on("close", (code, by) => done(code ?? by ?? "nothing")));
}

async function mustSucceed(command: string, log: string): Promise<void> {
  const code = await endOf(make(command, log));
  if (code !== 0) throw new Error(`make ${command} failed with ${code}: ${log}`);
}

/** A process and all below it, in the order of their start. */
function descendants(pid: number): Process[] {
  const all = processes();
  const below = (parent: number): Process[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return [...all.filter((each) => each.pid === pid), ...below(pid)].sort((a, b) => a.pid - b.pid);
}

async function differencesNow(): Promise<string[]> {
  const [engine, platform] = [recordedEngine(here), recordedPlatform(here)];
  if (engine === undefined || platform === undefined) return ["there is no engine or no platform"];
  const env = environment({ here, engine, isLocal: true, platform });
  const stack: Stack = { here, name: STACK, engine, env };
  const state = (await exportStack(stack)) as ExportedStack;
  const { resources = [], pending_operations: pending = [] } = state.deployment ?? {};
  const python = join(here.emulator, "bin", "python");
  const listing = await output(stack, python, [join(__dirname, "emulator.py")]);
  const kubectl = platform.cluster === "simulated" ? join(here.bin, "kubectl") : "kubectl";
  const kinds = spawnSync(kubectl, ["api-resources", "--verbs=list,delete", "--output=name"], {
    env: merged(env),
    encoding: "utf8",
  });
  const names = kinds.stdout
    .trim()
    .split("\n")
    .filter((name) => !/^events|metrics/.test(name));
  const get = ["get", names.join(","), "--all-namespaces", "--show-managed-fields", "-o", "json"];
  const { items } = (await output(stack, kubectl, get)) as { items: ClusterObject[] };
  return [
    ...pending.map(({ type, resource }) => `still ${type} in the state: ${resource.urn}`),
    ...differencesAtAws(resources, listing as [string, string][]),
    ...differencesInCluster(resources, items),
  ];
}

async function output({ env }: Stack, program: string, args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await capture(program, args, { env });
  if (code !== 0) throw new Error(`${program} ${args[0]} failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** What runs in this tree, once nothing is at work there, and is no part of the platform. */
function strays(): string[] {
  return processes()
    .filter(({ command }) => /pulumi|tools\/cli\.ts|kwokctl/.test(command))
    .filter(({ pid }) => pid !== process.pid && workingDirectory(pid)?.startsWith(here.root))
    .filter(({ command }) => !command.includes("chaos") && !command.startsWith("make "))
    .map(({ pid, command }) => `still running (pid ${pid}): ${command.slice(0, 100)}`);
}

const [rounds = "5", seed = String(Date.now() % 100_000)] = process.argv.slice(2).filter(Boolean);
main(Number(rounds), Number(seed)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
