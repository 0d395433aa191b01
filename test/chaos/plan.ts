/** One round: a command that is killed. */
export interface Round {
  readonly command: (typeof commands)[number];
  /** What the stack is before: whole, whole with a change to deploy, or nothing. */
  readonly before: "whole" | "change" | "nothing";
  readonly signal: (typeof signals)[number];
  /** Whether the signal goes to all that the command has started, or to one process. */
  readonly target: "group" | "one";
  /** How long after its start. */
  readonly seconds: number;
  /** Which of the processes, as a part of one in the order of their start. */
  readonly which: number;
}

const commands = ["up", "preview", "deploy", "down"] as const;
const signals = ["SIGKILL", "SIGINT", "SIGTERM"] as const;
const targets = ["group", "one"] as const;
const before: Readonly<Record<Round["command"], readonly Round["before"][]>> = {
  up: ["nothing", "change"],
  preview: ["whole", "change"],
  deploy: ["change"],
  down: ["whole"],
};

/** About how long each takes. */
const LONGEST: Readonly<Record<Round["command"], number>> = {
  up: 60,
  preview: 30,
  deploy: 50,
  down: 40,
};

/** The rounds that follow from a seed, always the same. */
export function plan(seed: number, count: number): Round[] {
  const next = random(seed);
  const one = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T;
  return Array.from({ length: count }, () => {
    const command = one(commands);
    return {
      command,
      before: one(before[command]),
      signal: one(signals),
      target: one(targets),
      seconds: Math.round(next() * LONGEST[command] * 10) / 10,
      which: next(),
    };
  });
}

/** Numbers between 0 and 1 that depend on the seed alone (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A round in words. */
export function inWords({ command, before, signal, target, seconds }: Round): string {
  const of = target === "group" ? "all of it" : "one process";
  return `make ${command} of ${before === "change" ? "a change" : before}; ${signal} to ${of} after ${seconds} s`;
}
