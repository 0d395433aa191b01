import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { createDeadLetters } from "../messaging/dead-letters";
import type { EventBus } from "../messaging/event-bus";
import { checkPattern, type EventPattern, eventBridgePatterns } from "../messaging/event-pattern";
import { checkAlarmActions, createAlarm } from "../monitoring/alarm";
import { componentName } from "../rules";
import type { LambdaFunction } from "./lambda-function";
import { allowInvoke, checkFunction } from "./permission";
import { checkRetry, type RetryArgs } from "./retry";

const type = "groundwork:lambda:EventRule";

/** Arguments of {@link EventRule}. */
export interface EventRuleArgs extends RetryArgs {
  /** What handles the events. */
  readonly function: LambdaFunction;
  /**
   * Which events are meant.
   * @example pattern: { source: ["shop"], "detail-type": ["OrderPlaced"] }
   */
  readonly pattern: EventPattern;
  /**
   * The bus they come from.
   * @default the account's default bus, which has the events of AWS
   */
  readonly bus?: EventBus;
  /**
   * ARNs of what is told when an event could not be handed over, and when that is over: best an
   * {@link AlarmTopic}'s.
   * @default none, and no alarms are made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * Has a function handle the events of a bus that match a pattern. What can't be handed over ends in
 * a dead-letter queue.
 *
 * Children: `name` (the rule), `name-target`, `name-invoke` (the permission), `name-dead-letters`,
 * and `name-dead-letters-alarm` and `name-failures-alarm` where there is somebody to tell.
 *
 * @example
 * new EventRule("ship", { bus: shop, pattern: { "detail-type": ["OrderPaid"] }, function: ship });
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
 */
export class EventRule extends pulumi.ComponentResource {
  /** The rule itself. */
  readonly rule: cloudwatch.EventRule;

  /** @throws {InvalidArgumentsError} for a pattern or a number that EventBridge refuses */
  constructor(name: string, args: EventRuleArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { alarmActions } = checked;
    const eventBusName = args.bus?.busName;

    this.rule = new cloudwatch.EventRule(
      name,
      { eventBusName, eventPattern: checked.eventPattern },
      parent,
    );
    const source = { service: "events.amazonaws.com", arn: this.rule.arn };
    const permission = allowInvoke(`${name}-invoke`, args.function, source, parent);
    const deadLetters = createDeadLetters(
      name,
      {
        description: pulumi.interpolate`Events of the rule ${this.rule.name} did not reach ${args.function.functionName}: see in its permissions and concurrency why, and start a redrive`,
        sender: source,
        alarmActions,
      },
      parent,
    );
    new cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: this.rule.name,
        eventBusName,
        arn: args.function.arn,
        retryPolicy: checked.retry,
        deadLetterConfig: { arn: deadLetters.arn },
      },
      { ...parent, dependsOn: permission },
    );
    if (alarmActions.length > 0) {
      createAlarm(
        `${name}-failures-alarm`,
        {
          description: pulumi.interpolate`Events of the rule ${this.rule.name} could not be handed over`,
          namespace: "AWS/Events",
          metricName: "FailedInvocations",
          // Of the default bus, the rule alone.
          dimensions: {
            ...(eventBusName !== undefined && { EventBusName: eventBusName }),
            RuleName: this.rule.name,
          },
          statistic: "Sum",
          threshold: 0,
          actions: alarmActions,
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}

function check(name: string, args: EventRuleArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<EventRuleArgs>(args, {
    function: true,
    pattern: true,
    bus: true,
    maximumRetryAttempts: true,
    maximumEventAgeSeconds: true,
    alarmActions: true,
  });
  // Pulumi's 8 characters are added; EventBridge takes 64.
  check.input("name", name, componentName(56));
  const checked = {
    eventPattern: checkPattern(check, "pattern", args.pattern, eventBridgePatterns),
    retry: checkRetry(check, args),
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  checkFunction(check, "function", args.function);
  if (args.bus !== undefined) check.shaped("bus", args.bus, ["arn", "busName"], "an EventBus");
  check.throwIfAny();
  return checked;
}
