import { ArgumentCheck } from "../arguments";
import { dnsLabel, text } from "../rules";
import { checkDeployment, type DeploymentArgs, deploymentArguments } from "./deployment-args";
import { leaderVariables } from "./leader-election";
import { checkLongRunning, type LongRunningArgs, longRunningArguments } from "./long-running-args";
import { checkResourceScaling, type ResourceScaling } from "./scaling";

/** Arguments of {@link Worker}. */
export interface WorkerArgs extends LongRunningArgs, DeploymentArgs<ResourceScaling> {
  /**
   * A command in the container that ends with 0, within 5 seconds, as long as the worker works; when
   * it has failed for a minute, the worker is started again. No request fails that would tell
   * that it hangs. Must not depend on anything outside the pod, nor fail while there is nothing to
   * do or while one message takes long.
   * @example livenessCommand: ["sh", "-c", 'test "$(find /tmp/alive -mmin -2)"']
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-liveness-command
   */
  readonly livenessCommand: readonly string[];
  /**
   * A command in the container that ends with 0, within 5 seconds, once the worker has reached what
   * it works on. A rollout waits for it: a version that may not read its queue takes no pod's place.
   * @example readinessCommand: ["test", "-e", "/tmp/ready"]
   */
  readonly readinessCommand: readonly string[];
  /**
   * How long a worker may take to finish what it has in hand once it is told to end: it gets
   * SIGTERM at once, and should take nothing new. Give what the longest message takes; for SQS no
   * more than the queue's visibility timeout, after which another worker has it.
   * @default 35
   */
  readonly terminationGracePeriodSeconds?: number;
}

/**
 * Checks the arguments of a worker, and completes them.
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkWorker(type: string, name: string, args: WorkerArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<WorkerArgs>(args, {
    ...longRunningArguments,
    ...deploymentArguments,
    livenessCommand: true,
    readinessCommand: true,
  });
  check.required("name", name, dnsLabel);
  const ownVariables = args.leaderElection === undefined ? [] : leaderVariables;
  const longRunning = checkLongRunning(check, name, args, undefined, ownVariables);
  const deployment = checkDeployment(check, args, checkResourceScaling);
  const health = { startupSeconds: longRunning.startupSeconds, ...checkCommands(check, args) };
  const checked = {
    ...longRunning,
    ...deployment,
    health,
    allowTo: [...longRunning.allowTo, ...deployment.toApiServer],
  };
  check.throwIfAny();
  return checked;
}

function checkCommands(check: ArgumentCheck, args: WorkerArgs) {
  const command = (name: "livenessCommand" | "readinessCommand", tells: string) => {
    const given = check.listOf(name, args[name], text);
    if (given.length === 0) {
      check.problem(`${name} has no command: give one in the container that ends with 0 ${tells}`);
    }
    return given;
  };
  const livenessCommand = command("livenessCommand", "as long as the worker works");
  const readinessCommand = command("readinessCommand", "once it has reached what it works on");
  const same =
    livenessCommand.length === readinessCommand.length &&
    livenessCommand.every((part, i) => part === readinessCommand[i]);
  if (same && livenessCommand.length > 0) {
    check.problem(
      "livenessCommand and readinessCommand are the same: give two, or what can't reach its work " +
        "for a moment is restarted",
    );
  }
  return { livenessCommand, readinessCommand };
}
