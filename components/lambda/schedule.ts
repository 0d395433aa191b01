import * as iam from "@pulumi/aws/iam";
import * as scheduler from "@pulumi/aws/scheduler";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { policyDocument } from "../iam/grant";
import { createDeadLetters } from "../messaging/dead-letters";
import { checkAlarmActions } from "../monitoring/alarm";
import { componentName, timeZone, wholeNumber } from "../rules";
import type { LambdaFunction } from "./lambda-function";
import { accountOf, checkFunction } from "./permission";
import { checkRetry, type RetryArgs } from "./retry";
import { scheduleExpression } from "./schedule-expression";

const type = "groundwork:lambda:Schedule";

/** Arguments of {@link Schedule}. */
export interface ScheduleArgs extends RetryArgs {
  /** What is called. */
  readonly function: LambdaFunction;
  /**
   * When: `cron(minutes hours day-of-month month day-of-week year)`, `rate(value unit)`, or once
   * `at(yyyy-mm-ddThh:mm:ss)`.
   * @example scheduleExpression: "cron(30 2 * * ? *)"
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly scheduleExpression: string;
  /**
   * The time zone of `cron` and `at`, as the IANA database names it; with daylight saving time.
   * @default "UTC"
   */
  readonly timeZone?: string;
  /**
   * Within how many minutes after its time it may come, 1 to 1440: many schedules of the same time
   * then don't come at once.
   * @default none: within the minute
   */
  readonly flexibleTimeWindowMinutes?: number;
  /**
   * What the function is given, as JSON. Not for secrets: whoever may see the schedule sees it.
   * @default an empty object
   */
  readonly input?: Readonly<Record<string, unknown>>;
  /**
   * ARNs of what is told when the function could not be called, and when no such call lies there
   * any more: best an {@link AlarmTopic}'s.
   * @default none, and no alarm is made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * Calls a function at given times. What can't be handed over ends in a dead-letter queue.
 *
 * Children: `name` (the schedule), `name-role` and `name-policy` (as which EventBridge calls this
 * function, and no other), `name-dead-letters`, and `name-dead-letters-alarm` where there is
 * somebody to tell.
 *
 * @example
 * new Schedule("report", { function: report, scheduleExpression: "cron(0 6 ? * MON-FRI *)", timeZone: "Europe/Berlin" });
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
 */
export class Schedule extends pulumi.ComponentResource {
  /** The schedule itself. */
  readonly schedule: scheduler.Schedule;

  /** @throws {InvalidArgumentsError} for an expression, a zone or a number that Scheduler refuses */
  constructor(name: string, args: ScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const called = args.function;

    const deadLetters = createDeadLetters(
      name,
      {
        description: pulumi.interpolate`The schedule ${name} could not call ${called.functionName}: see in its concurrency and the schedule's role why`,
        alarmActions: checked.alarmActions,
      },
      parent,
    );
    const role = new iam.Role(
      `${name}-role`,
      { assumeRolePolicy: ownSchedules(accountOf(called.arn)) },
      parent,
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: policyDocument([
          { actions: ["lambda:InvokeFunction"], resources: [called.arn] },
          { actions: ["sqs:SendMessage"], resources: [deadLetters.arn] },
        ]),
      },
      parent,
    );
    this.schedule = new scheduler.Schedule(
      name,
      {
        scheduleExpression: args.scheduleExpression,
        scheduleExpressionTimezone: args.timeZone ?? "UTC",
        flexibleTimeWindow:
          args.flexibleTimeWindowMinutes === undefined
            ? { mode: "OFF" }
            : { mode: "FLEXIBLE", maximumWindowInMinutes: args.flexibleTimeWindowMinutes },
        target: {
          arn: called.arn,
          roleArn: role.arn,
          input: checked.input,
          retryPolicy: checked.retry,
          deadLetterConfig: { arn: deadLetters.arn },
        },
      },
      // Its first call needs what the policy allows.
      { ...parent, dependsOn: policy },
    );
    this.registerOutputs({});
  }
}

/**
 * Only schedules of this account become the role: Scheduler acts for every one of its customers.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function ownSchedules(account: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });
}

function check(name: string, args: ScheduleArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<ScheduleArgs>(args, {
    function: true,
    scheduleExpression: true,
    timeZone: true,
    flexibleTimeWindowMinutes: true,
    input: true,
    maximumRetryAttempts: true,
    maximumEventAgeSeconds: true,
    alarmActions: true,
  });
  // "-role" and Pulumi's 8 characters are added; IAM takes 64.
  check.input("name", name, componentName(51));
  check.required("scheduleExpression", args.scheduleExpression, scheduleExpression);
  check.input("timeZone", args.timeZone, timeZone);
  check.input(
    "flexibleTimeWindowMinutes",
    args.flexibleTimeWindowMinutes,
    wholeNumber(1, 1_440, "minutes"),
  );
  const checked = {
    input: check.noSecret(
      "input",
      pulumi.jsonStringify(check.map("input", args.input)),
      "put it into a SecretStore and pass its grantRead() to the function",
    ),
    retry: checkRetry(check, args),
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  checkFunction(check, "function", args.function);
  check.throwIfAny();
  return checked;
}
