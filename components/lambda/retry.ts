import type { ArgumentCheck } from "../arguments";
import { wholeNumber } from "../rules";

/** How often and for how long a service tries to hand over an event. */
export interface RetryArgs {
  /**
   * How often it is tried again, 0 to 185, when Lambda can't take the event: it is throttled, or
   * does not answer. What the function does with it is a matter of the function's own retries.
   * @default 185
   */
  readonly maximumRetryAttempts?: number;
  /**
   * For how long it is tried, 60 to 86400 seconds.
   * @default 86400 (a day)
   */
  readonly maximumEventAgeSeconds?: number;
}

/** Checks how often an event is retried, and fills in what is left out. */
export function checkRetry(check: ArgumentCheck, args: RetryArgs) {
  const retry = {
    maximumRetryAttempts: args.maximumRetryAttempts ?? 185,
    maximumEventAgeInSeconds: args.maximumEventAgeSeconds ?? 86_400,
  };
  check.input("maximumRetryAttempts", retry.maximumRetryAttempts, wholeNumber(0, 185, "attempts"));
  check.input(
    "maximumEventAgeSeconds",
    retry.maximumEventAgeInSeconds,
    wholeNumber(60, 86_400, "seconds"),
  );
  return retry;
}
