import type { ArgumentCheck } from "./arguments";
import { wholeNumber } from "./rules";

/** How a change takes the place of what serves, whatever it is that serves. */
export interface Rollout {
  /**
   * How long it may take until what is new serves everything. Then the update fails with the
   * reason, and what was there before goes on serving.
   */
  readonly deadlineSeconds?: number;
}

/**
 * Checks how long a rollout may take.
 * @param standard the deadline where none is given
 * @param max the longest that can be waited for
 */
export function checkDeadline(
  check: ArgumentCheck,
  rollout: Rollout | undefined,
  standard: number,
  max: number,
): number {
  const deadlineSeconds = rollout?.deadlineSeconds ?? standard;
  check.plain("rollout.deadlineSeconds", deadlineSeconds, wholeNumber(30, max, "seconds"));
  return deadlineSeconds;
}

/** Checks the rollout of what has no choice but when to give up. */
export function checkRollout(
  check: ArgumentCheck,
  rollout: Rollout | undefined,
  standard: number,
  max: number,
): number {
  check.known<Rollout>(rollout ?? {}, { deadlineSeconds: true }, "rollout.");
  return checkDeadline(check, rollout, standard, max);
}
