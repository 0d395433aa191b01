import { Interrupted } from "./failure";

const controller = new AbortController();

let instead: (() => void) | undefined;

/** Aborted when the user stops the command. */
export const interruption: AbortSignal = controller.signal;

/**
 * Turns the signals that stop a command into {@link interruption}. The process itself lives on: it
 * waits for its child (Ctrl-C reaches the children too: pulumi ends its step and saves its state,
 * a package manager stops), then reports and lets go of the lock.
 */
export function watchForInterruption(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const take = instead ?? (() => controller.abort());
      instead = undefined;
      take();
    });
  }
}

/** Resolves when the user stops what goes on until then; the command itself goes on. */
export function nextInterruption(): Promise<void> {
  return new Promise((done) => {
    instead = done;
  });
}

/** Throws {@link Interrupted} if the user has stopped the command. */
export function throwIfInterrupted(): void {
  if (interruption.aborted) throw new Interrupted();
}

/** Waits, or throws {@link Interrupted} as soon as the user stops the command. */
export async function pause(milliseconds: number): Promise<void> {
  throwIfInterrupted();
  await new Promise<void>((done) => {
    const end = () => {
      clearTimeout(timer);
      interruption.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    interruption.addEventListener("abort", end);
  });
  throwIfInterrupted();
}
