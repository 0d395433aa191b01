import { throwIfInterrupted } from "./interruption";
import { print, printWrapped, progress } from "./terminal";

/** One stage of a command: announced, then run. */
export interface Step {
  readonly title: string;
  /** What the reader may expect, for instance how long it takes. */
  readonly about?: string;
  run(): Promise<void>;
}

/** Prints a line below the step that is under way. */
export function say(line: string): void {
  printWrapped(`  ${line}`);
}

/** Milliseconds in words: `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A step that has nothing to do unless the condition holds when its turn comes. */
export function onlyIf(condition: () => boolean, step: Step): Step {
  return {
    title: step.title,
    run: async () => (condition() ? step.run() : say("nothing to do")),
  };
}

/** Runs the steps one after the other, each announced by number and closed with its time. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    throwIfInterrupted();
    const about = step.about === undefined ? "" : ` (${step.about})`;
    print(`Step ${index + 1}/${steps.length} ${step.title}${about}`);
    const began = Date.now();
    try {
      await step.run();
    } finally {
      progress(undefined);
    }
    say(`done in ${duration(Date.now() - began)}`);
  }
}
