import { EventRule, type EventRuleArgs } from "../../../components/lambda/event-rule";
import { EventBus } from "../../../components/messaging/event-bus";
import { record } from "../../../components/testing";
import { deadLettersFor } from "../../support/dead-letters";
import { aliasOf, functionNamed, invocationBy } from "../../support/functions";
import { parsed } from "../../support/inputs";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:lambda:EventRule";
const rule = "aws:cloudwatch/eventRule:EventRule";
const target = "aws:cloudwatch/eventTarget:EventTarget";
const permission = "aws:lambda/permission:Permission";
const queue = "aws:sqs/queue:Queue";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const ruleArn = "arn:aws:events:eu-central-1:123456789012:rule/paid-1234567";
const alarms = "arn:aws:sns:eu-central-1:123456789012:alarms";

const recordRule = (args: () => Partial<EventRuleArgs> = () => ({})) =>
  record(() => {
    const { rule } = new EventRule("paid", {
      function: functionNamed("ship"),
      pattern: { source: ["shop"] },
      ...args(),
    });
    return { rule: rule.name };
  });

describe("EventRule", () => {
  test("default hands events of the account's bus to the alias, and keeps what it can't", async () => {
    const recording = await recordRule();

    expect(recording.one(type, "paid").inputs).toEqual({});
    expect([...recording.childrenOf(type, "paid")].sort()).toEqual([
      `${rule} paid`,
      `${target} paid-target`,
      `${permission} paid-invoke`,
      `${queue} paid-dead-letters`,
    ]);
    expect(recording.one(rule, "paid").inputs).toEqual({ eventPattern: '{"source":["shop"]}' });
    expect(recording.one(permission, "paid-invoke").inputs).toEqual(
      invocationBy("ship", "events.amazonaws.com", ruleArn),
    );
    expect(parsed(recording.one(queue, "paid-dead-letters"), "policy")).toEqual(
      deadLettersFor("events.amazonaws.com", ruleArn),
    );
    expect(recording.one(target, "paid-target").inputs).toEqual({
      rule: "paid-1234567",
      arn: aliasOf("ship"),
      retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
      deadLetterConfig: {
        arn: "arn:aws:sqs:eu-central-1:123456789012:paid-dead-letters-1234567",
      },
    });
    expect(recording.one(target, "paid-target").dependencies).toContain(
      `${permission} paid-invoke`,
    );
    expect(recording.outputs).toEqual({ rule: "paid-1234567" });
  });

  test("custom takes events of a bus, tries less, and tells somebody", async () => {
    const recording = await recordRule(() => ({
      bus: new EventBus("shop"),
      pattern: { detail: { total: [{ numeric: [">", 100] }] } },
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 60,
      alarmActions: [alarms],
    }));

    expect(recording.one(rule, "paid").inputs).toEqual({
      eventBusName: "shop-1234567",
      eventPattern: '{"detail":{"total":[{"numeric":[">",100]}]}}',
    });
    expect(recording.one(target, "paid-target").inputs).toMatchObject({
      eventBusName: "shop-1234567",
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    });
    expect(recording.one(alarm, "paid-failures-alarm").inputs).toEqual({
      alarmDescription: "Events of the rule paid-1234567 could not be handed over",
      namespace: "AWS/Events",
      metricName: "FailedInvocations",
      dimensions: { EventBusName: "shop-1234567", RuleName: "paid-1234567" },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [alarms],
      okActions: [alarms],
    });
    expect(recording.one(alarm, "paid-dead-letters-alarm").inputs).toMatchObject({
      alarmDescription:
        "Events of the rule paid-1234567 did not reach ship-1234567: see in its permissions and concurrency why, and start a redrive",
      dimensions: { QueueName: "paid-dead-letters-1234567" },
    });
  });

  test("watches the rule alone where it is one of the account's bus", async () => {
    const recording = await recordRule(() => ({ alarmActions: [alarms] }));
    expect(recording.one(alarm, "paid-failures-alarm").inputs["dimensions"]).toEqual({
      RuleName: "paid-1234567",
    });
  });

  test("fails when EventBridge would refuse it, with all of it and before it makes anything", async () => {
    const refused = await refusal(
      () =>
        new EventRule("paid", {
          function: undefined as never,
          pattern: { source: "shop" } as never,
          maximumRetryAttempts: 186,
          maximumEventAgeSeconds: 59,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "paid",
        'pattern.source is "shop": give a list of what it may be',
        "maximumRetryAttempts is 186: give a whole number from 0 to 185 attempts",
        "maximumEventAgeSeconds is 59: give a whole number from 60 to 86400 seconds",
        "function is undefined: give a LambdaFunction",
      ),
    );
  });
});
