import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { checkDeadline, type Rollout } from "../rollout";
import { componentName, matching, oneOf, wholeNumber } from "../rules";
import type { LambdaFunction } from "./lambda-function";
import { checkFunction } from "./permission";

/** How a new version of a function takes the place of the one before it. */
export interface FunctionRollout extends Rollout {
  /**
   * How the calls of `live` go over to a new version.
   *
   * - `AllAtOnce`: all from one moment to the next
   * - `Canary`: a share of them first, and the others when it has stood the test
   * - `Linear`: the same share more with every step
   *
   * @default "AllAtOnce"
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configuration-lambda
   */
  readonly strategy?: "AllAtOnce" | "Canary" | "Linear";
  /**
   * The share of the calls that goes over with each step, 1 to 99 percent.
   * @default 10
   */
  readonly percentage?: number;
  /**
   * How long it is from one step to the next, 1 to 2880 minutes; all steps together take two days at
   * most.
   * @default 5
   */
  readonly intervalMinutes?: number;
  /**
   * Names of alarms that take a new version back when one of them goes off during its rollout, at
   * most 9. Errors of the new version do so anyway.
   * @default none
   */
  readonly alarms?: readonly pulumi.Input<string>[];
  /**
   * Is called before the first call goes to a new version, and says whether it may: see
   * docs/releases.md. It is given what that takes: to call the version, and to answer.
   * @default none
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-lambda
   */
  readonly beforeTraffic?: LambdaFunction;
  /**
   * Is called when all calls go to a new version, and says whether they may stay; as `beforeTraffic`.
   * @default none
   */
  readonly afterTraffic?: LambdaFunction;
  /**
   * How long a rollout may take, 30 to 259200 seconds. Then it is stopped and taken back, and the
   * update fails.
   * @default what its steps take, and 900 more
   */
  readonly deadlineSeconds?: number;
  /**
   * The version that `live` leads to, in place of the last published: holds what `make rollback` did
   * until it is taken away again. `live` moves to it at once.
   * @default the last published
   * @example version: "7"
   */
  readonly version?: pulumi.Input<string>;
}

/** A rollout that takes its time, or may be refused. */
export interface GradualRollout {
  readonly strategy: "AllAtOnce" | "Canary" | "Linear";
  readonly percentage: number;
  readonly intervalMinutes: number;
  readonly alarms: readonly pulumi.Input<string>[];
  readonly beforeTraffic: LambdaFunction | undefined;
  readonly afterTraffic: LambdaFunction | undefined;
  readonly deadlineSeconds: number;
}

/**
 * Checks the rollout of a function, and completes it.
 * @returns `gradual` where CodeDeploy is needed for it, and the version that is held, if one is
 */
export function checkFunctionRollout(
  check: ArgumentCheck,
  name: string,
  rollout: FunctionRollout = {},
): { gradual: GradualRollout | undefined; version: pulumi.Input<string> | undefined } {
  check.known<FunctionRollout>(
    rollout,
    {
      strategy: true,
      percentage: true,
      intervalMinutes: true,
      alarms: true,
      beforeTraffic: true,
      afterTraffic: true,
      deadlineSeconds: true,
      version: true,
    },
    "rollout.",
  );
  const { strategy = "AllAtOnce", percentage = 10, intervalMinutes = 5 } = rollout;
  const alarms = check.list("rollout.alarms", rollout.alarms);
  const { beforeTraffic, afterTraffic } = rollout;
  check.plain("rollout.strategy", strategy, oneOf("AllAtOnce", "Canary", "Linear"));
  check.plain("rollout.percentage", percentage, wholeNumber(1, 99, "percent"));
  check.plain("rollout.intervalMinutes", intervalMinutes, wholeNumber(1, 2_880, "minutes"));
  const version = check.input("rollout.version", rollout.version, publishedVersion);
  if (beforeTraffic !== undefined) checkFunction(check, "rollout.beforeTraffic", beforeTraffic);
  if (afterTraffic !== undefined) checkFunction(check, "rollout.afterTraffic", afterTraffic);
  const needed = strategy !== "AllAtOnce" || alarms.length > 0 || beforeTraffic || afterTraffic;
  if (strategy === "AllAtOnce") refuseSteps(check, rollout, !needed);
  if (!needed) return { gradual: undefined, version };

  // "-release-role" and Pulumi's 8 characters are added; IAM takes 64.
  check.input("name", name, componentName(43));
  if (alarms.length > 9) {
    check.problem(
      `rollout.alarms has ${alarms.length} names: CodeDeploy takes 10 alarms, and one is the function's`,
    );
  }
  const steps = { AllAtOnce: 0, Canary: 1, Linear: Math.ceil(100 / percentage) - 1 }[strategy];
  const minutes = steps * intervalMinutes;
  if (minutes > 2_880) {
    check.problem(
      `rollout takes ${minutes} minutes (${steps} steps of ${intervalMinutes}): CodeDeploy takes 2880 at the most`,
    );
  }
  const deadlineSeconds = checkDeadline(check, rollout, minutes * 60 + 900, 259_200);
  if (deadlineSeconds <= minutes * 60) {
    check.problem(
      `rollout.deadlineSeconds is ${deadlineSeconds}: give more than ${minutes * 60}, which the steps take`,
    );
  }
  const gradual = {
    strategy,
    percentage,
    intervalMinutes,
    alarms: alarms.map((alarm, i) => check.required(`rollout.alarms[${i}]`, alarm, alarmName)),
    beforeTraffic,
    afterTraffic,
    deadlineSeconds,
  };
  return { gradual, version };
}

/** Refuses what would have no effect where all calls go over at once. */
function refuseSteps(check: ArgumentCheck, rollout: FunctionRollout, isInstant: boolean): void {
  const idle = ["percentage", "intervalMinutes", ...(isInstant ? ["deadlineSeconds"] : [])];
  for (const argument of idle.filter((each) => each in rollout)) {
    check.problem(
      `rollout.${argument} has no effect when all calls go over at once: give a strategy, Canary or Linear`,
    );
  }
}

const publishedVersion = matching(/^[1-9][0-9]*$/, "the number of a published version, like 7");

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const alarmName = matching(
  /^(?!arn:)[^\p{Cc}]{1,255}$/u,
  "an alarm's name, of 1 to 255 characters",
);
