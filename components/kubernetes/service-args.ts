import type { ArgumentCheck } from "../arguments";
import { matching, wholeNumber } from "../rules";
import { checkLongRunning, type LongRunningArgs, longRunningArguments } from "./long-running-args";
import type { Peer } from "./network";
import { checkAllowFrom } from "./network-args";

/** What a workload is that answers HTTP requests. */
export interface ServiceArgs extends LongRunningArgs {
  /**
   * The port the container listens on, 1024 to 65535: a process that is not root can't take a
   * lower one.
   * @default 8080
   */
  readonly port?: number;
  /**
   * Answers whether the process is alive; three states of trouble and it is started again. Must
   * not depend on anything outside the pod.
   * @default "/healthz"
   */
  readonly livenessPath?: string;
  /**
   * Answers whether the pod can serve now; while it can't it gets no requests.
   * @default "/readyz"
   */
  readonly readinessPath?: string;
  /**
   * Who may send requests, besides those that are let in with `allowFrom`.
   * @default nobody
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  readonly allowFrom?: readonly Peer[];
}

/** The names of a service's arguments, for `check.known`. */
export const serviceArguments: Readonly<Record<keyof ServiceArgs, true>> = {
  ...longRunningArguments,
  port: true,
  livenessPath: true,
  readinessPath: true,
  allowFrom: true,
};

const absolutePath = matching(/^\/[^\s?#]*$/, "an absolute path, like /healthz");

/**
 * Checks what a service of any kind is made of, and completes it.
 * @param ownVariables those that the component sets
 */
export function checkService(
  check: ArgumentCheck,
  name: string,
  args: ServiceArgs,
  ownVariables: readonly string[] = [],
) {
  const { port = 8080, livenessPath = "/healthz", readinessPath = "/readyz" } = args;
  const longRunning = checkLongRunning(check, name, args, port, ownVariables);
  const { startupSeconds } = longRunning;
  check.plain("port", port, wholeNumber(1024, 65_535));
  check.plain("livenessPath", livenessPath, absolutePath);
  check.plain("readinessPath", readinessPath, absolutePath);
  if (livenessPath === readinessPath) {
    check.problem(
      `livenessPath and readinessPath are both "${livenessPath}": give two, or what can't serve ` +
        "for a moment is restarted",
    );
  }
  return {
    ...longRunning,
    http: { port, startupSeconds, livenessPath, readinessPath },
    allowFrom: checkAllowFrom(check, args.allowFrom),
  };
}
