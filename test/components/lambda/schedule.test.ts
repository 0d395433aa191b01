import * as pulumi from "@pulumi/pulumi";
import { Schedule, type ScheduleArgs } from "../../../components/lambda/schedule";
import { record } from "../../../components/testing";
import { aliasOf, functionNamed } from "../../support/functions";
import { parsed } from "../../support/inputs";
import { allowing, policyOf, tlsOnly } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:lambda:Schedule";
const schedule = "aws:scheduler/schedule:Schedule";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const queue = "aws:sqs/queue:Queue";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const deadLetters = "arn:aws:sqs:eu-central-1:123456789012:nightly-dead-letters-1234567";
const target = {
  arn: aliasOf("report"),
  roleArn: "arn:aws:iam::123456789012:role/nightly-role-1234567",
  input: "{}",
  retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
  deadLetterConfig: { arn: deadLetters },
};

const nightly = (args: Partial<ScheduleArgs> = {}) =>
  new Schedule("nightly", {
    function: functionNamed("report"),
    scheduleExpression: "cron(30 2 * * ? *)",
    ...args,
  });
const recordNightly = (args?: Partial<ScheduleArgs>) =>
  record(() => ({ name: nightly(args).schedule.name }));

describe("Schedule", () => {
  test("default calls the alias in time, by a role that may do nothing else", async () => {
    const recording = await recordNightly();

    expect(recording.one(type, "nightly").inputs).toEqual({});
    expect([...recording.childrenOf(type, "nightly")].sort()).toEqual([
      `${role} nightly-role`,
      `${rolePolicy} nightly-policy`,
      `${schedule} nightly`,
      `${queue} nightly-dead-letters`,
    ]);
    expect(parsed(recording.one(role, "nightly-role"), "assumeRolePolicy")).toEqual({
      assumeRolePolicy: policyOf({
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      }),
    });
    expect(parsed(recording.one(rolePolicy, "nightly-policy"), "policy")).toEqual({
      role: "nightly-role-1234567",
      policy: policyOf(
        allowing(["lambda:InvokeFunction"], aliasOf("report")),
        allowing(["sqs:SendMessage"], deadLetters),
      ),
    });
    expect(parsed(recording.one(queue, "nightly-dead-letters"), "policy")).toEqual({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      policy: tlsOnly("sqs:*", "*"),
    });
    expect(recording.one(schedule, "nightly").inputs).toEqual({
      scheduleExpression: "cron(30 2 * * ? *)",
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target,
    });
    expect(recording.one(schedule, "nightly").dependencies).toContain(
      `${rolePolicy} nightly-policy`,
    );
    expect(recording.outputs).toEqual({ name: "nightly-1234567" });
  });

  test("custom has a zone, a window and an input, and tells somebody", async () => {
    const alarms = "arn:aws:sns:eu-central-1:123456789012:alarms";
    const recording = await recordNightly({
      timeZone: "Europe/Berlin",
      flexibleTimeWindowMinutes: 15,
      input: { shop: pulumi.output("berlin") },
      maximumRetryAttempts: 3,
      maximumEventAgeSeconds: 600,
      alarmActions: [alarms],
    });
    expect(recording.one(schedule, "nightly").inputs).toEqual({
      scheduleExpression: "cron(30 2 * * ? *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
      target: {
        ...target,
        input: '{"shop":"berlin"}',
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 600 },
      },
    });
    expect(recording.one(alarm, "nightly-dead-letters-alarm").inputs).toMatchObject({
      alarmDescription:
        "The schedule nightly could not call report-1234567: see in its concurrency and the schedule's role why",
      dimensions: { QueueName: "nightly-dead-letters-1234567" },
      alarmActions: [alarms],
    });
  });

  test("fails when Scheduler would refuse it, with all of it and before it makes anything", async () => {
    const refused = await refusal(
      () =>
        new Schedule("nightly", {
          function: undefined as never,
          scheduleExpression: "rate(1 days)",
          timeZone: "Berlin",
          flexibleTimeWindowMinutes: 0,
          maximumRetryAttempts: -1,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "nightly",
        'scheduleExpression is "rate(1 days)": give a whole number and minutes, hours or days: rate(1 hour), rate(5 minutes)',
        'timeZone is "Berlin": give a name of the IANA time zone database, like Etc/UTC or Europe/Berlin',
        "flexibleTimeWindowMinutes is 0: give a whole number from 1 to 1440 minutes",
        "maximumRetryAttempts is -1: give a whole number from 0 to 185 attempts",
        "function is undefined: give a LambdaFunction",
      ),
    );
  });

  test("rejects later an input with a secret", async () => {
    expect(await laterFailure(() => nightly({ input: { key: pulumi.secret("k") } }))).toBe(
      unusable(
        type,
        "nightly",
        "input is a secret, and here others can read it: put it into a SecretStore and pass its grantRead() to the function",
      ),
    );
  });
});
