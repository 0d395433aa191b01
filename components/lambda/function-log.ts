import type { ArgumentCheck } from "../arguments";
import { logRetentionDays, oneOf, trueOrFalse } from "../rules";

/** What a function's log holds, and for how long. */
export interface FunctionLogArgs {
  /**
   * For how many days the log is kept.
   * @default 30
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  readonly logRetentionDays?: number;
  /**
   * What the function writes, from this level on. At "DEBUG" boto3 writes out what AWS answers,
   * secrets too.
   * @default "INFO"
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
   */
  readonly applicationLogLevel?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";
  /**
   * What Lambda writes of its calls, from this level on. "WARN" leaves out the lines at the start
   * and the end of each call, and with them its duration and its memory.
   * @default "INFO"
   */
  readonly systemLogLevel?: "DEBUG" | "INFO" | "WARN";
  /**
   * Leaves the log group, and what is in it, when the function goes.
   * @default false: the log goes with the function
   */
  readonly retainLogOnDelete?: boolean;
}

/** The names of a log's arguments, for `check.known`. */
export const logArguments: Readonly<Record<keyof FunctionLogArgs, true>> = {
  logRetentionDays: true,
  applicationLogLevel: true,
  systemLogLevel: true,
  retainLogOnDelete: true,
};

/** Checks what a log is to be, and completes it. */
export function checkLog(check: ArgumentCheck, args: FunctionLogArgs) {
  const retentionInDays = args.logRetentionDays ?? 30;
  check.input("logRetentionDays", retentionInDays, logRetentionDays);
  const applicationLogLevel = args.applicationLogLevel ?? "INFO";
  check.input(
    "applicationLogLevel",
    applicationLogLevel,
    oneOf("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
  );
  const systemLogLevel = args.systemLogLevel ?? "INFO";
  check.input("systemLogLevel", systemLogLevel, oneOf("DEBUG", "INFO", "WARN"));
  check.plain("retainLogOnDelete", args.retainLogOnDelete ?? false, trueOrFalse);
  return {
    group: { retentionInDays, ...(args.retainLogOnDelete && { skipDestroy: true }) },
    config: { logFormat: "JSON", applicationLogLevel, systemLogLevel },
  };
}
