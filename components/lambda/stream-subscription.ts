import type * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { Table } from "../data/table";
import type { Statement } from "../iam/grant";
import { createDeadLetters } from "../messaging/dead-letters";
import type { EventPattern } from "../messaging/event-pattern";
import { Queue } from "../messaging/queue";
import type { Stream } from "../messaging/stream";
import type { Topic } from "../messaging/topic";
import { checkAlarmActions, createAlarm } from "../monitoring/alarm";
import { componentName, oneOf, trueOrFalse, wholeNumber } from "../rules";
import { checkFilters, createEventSourceMapping } from "./event-source";
import type { LambdaFunction } from "./lambda-function";
import { checkFunction } from "./permission";

const type = "groundwork:lambda:StreamSubscription";

/** How far a function may be behind before the alarm goes off. */
const tenMinutes = 600_000;

/** Arguments of {@link StreamSubscription}. */
export interface StreamSubscriptionArgs {
  /** Where the records come from: a Kinesis stream, or a DynamoDB table that has a stream. */
  readonly stream: Stream | Table;
  /**
   * What handles them, a shard's in their order. It answers with the first that failed
   * (`batchItemFailures`); from there on they come again.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
   */
  readonly function: LambdaFunction;
  /**
   * Where it begins: with the oldest record that is kept, or with what comes after the subscription
   * is ready, which is some minutes after the update.
   * @default "TRIM_HORIZON"
   */
  readonly startingPosition?: "TRIM_HORIZON" | "LATEST";
  /**
   * The most records in one call, 1 to 10000.
   * @default 100
   */
  readonly batchSize?: number;
  /**
   * For how long to wait for a batch to fill, 0 to 300 seconds.
   * @default 0
   */
  readonly maximumBatchingWindowSeconds?: number;
  /**
   * How many batches of a shard are handled at once, 1 to 10. Records of the same key stay in their
   * order.
   * @default 1
   */
  readonly parallelizationFactor?: number;
  /**
   * For how many seconds calls share a state, 1 to 900, to count or add up what came in them.
   * @default none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
   */
  readonly tumblingWindowSeconds?: number;
  /**
   * How often a batch that failed is tried again, 0 to 10000. Until then the shard waits.
   * @default 10
   */
  readonly maximumRetryAttempts?: number;
  /**
   * From what age on a record is no longer tried, 60 to 604800 seconds.
   * @default none: until the stream no longer has it
   */
  readonly maximumRecordAgeSeconds?: number;
  /**
   * Whether a batch that failed is tried in halves, so that one bad record does not hold up the
   * others.
   * @default true
   */
  readonly bisectBatchOnFunctionError?: boolean;
  /**
   * What is told which records were given up: where they are in the stream, not what is in them.
   * @default a dead-letter queue of its own
   * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
   */
  readonly onFailure?: Queue | Topic;
  /**
   * Which records the function is called for, 5 patterns at the most of which one is enough. The
   * others are passed over.
   * @default all
   * @example filters: [{ eventName: ["INSERT"] }]
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
   */
  readonly filters?: readonly EventPattern[];
  /**
   * ARNs of what is told when the function is ten minutes behind the stream, or records were given
   * up, and when that is over: best an {@link AlarmTopic}'s.
   * @default none, and no alarms are made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * Has a function handle the records of a stream, each shard's in their order. Batches that fail are
 * halved and tried again; which records were given up is kept.
 *
 * Children: `name` (the event source mapping), `name-consume` (the permission), `name-dead-letters`
 * unless `onFailure` is given, and `name-age-alarm` and `name-dead-letters-alarm` where there is
 * somebody to tell.
 *
 * @example
 * const orders = new Table("orders", { ..., streamViewType: "NEW_IMAGE" });
 * new StreamSubscription("index", { stream: orders, function: index, filters: [{ eventName: ["INSERT"] }] });
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export class StreamSubscription extends pulumi.ComponentResource {
  /** The event source mapping itself. */
  readonly eventSourceMapping: lambda.EventSourceMapping;

  /** @throws {InvalidArgumentsError} for numbers and filters that Lambda refuses, and no stream */
  constructor(name: string, args: StreamSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const { alarmActions } = checked;
    const failures = this.failures(name, args, alarmActions);

    this.eventSourceMapping = createEventSourceMapping(
      name,
      {
        function: args.function,
        statements: [...args.stream.grantStream().statements, ...failures.statements],
        eventSourceArn: checked.streamArn,
        startingPosition: args.startingPosition ?? "TRIM_HORIZON",
        batchSize: args.batchSize ?? 100,
        maximumBatchingWindowInSeconds: args.maximumBatchingWindowSeconds ?? 0,
        parallelizationFactor: args.parallelizationFactor ?? 1,
        tumblingWindowInSeconds: args.tumblingWindowSeconds,
        maximumRetryAttempts: args.maximumRetryAttempts ?? 10,
        // -1 is without end.
        maximumRecordAgeInSeconds: args.maximumRecordAgeSeconds ?? -1,
        bisectBatchOnFunctionError: args.bisectBatchOnFunctionError ?? true,
        destinationConfig: { onFailure: { destinationArn: failures.arn } },
        filterCriteria: checked.filterCriteria,
      },
      { parent: this },
    );
    if (alarmActions.length > 0) {
      createAlarm(
        `${name}-age-alarm`,
        {
          description: pulumi.interpolate`${args.function.functionName} is more than ten minutes behind its stream: its log says whether it fails, or is too slow`,
          namespace: "AWS/Lambda",
          metricName: "IteratorAge",
          dimensions: { FunctionName: args.function.functionName },
          statistic: "Maximum",
          threshold: tenMinutes,
          actions: alarmActions,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }

  /** Where it is told which records were given up, and what that takes. */
  private failures(
    name: string,
    { onFailure, function: called }: StreamSubscriptionArgs,
    alarmActions: readonly pulumi.Input<string>[],
  ): { readonly arn: pulumi.Output<string>; readonly statements: readonly Statement[] } {
    if (onFailure instanceof Queue) {
      return { arn: onFailure.arn, statements: onFailure.grantSend().statements };
    }
    if (onFailure !== undefined) {
      return { arn: onFailure.arn, statements: onFailure.grantPublish().statements };
    }
    const { arn } = createDeadLetters(
      name,
      {
        description: pulumi.interpolate`${called.functionName} gave up records of its stream: the messages say where they are`,
        alarmActions,
      },
      { parent: this },
    );
    return { arn, statements: [{ actions: ["sqs:SendMessage"], resources: [arn] }] };
  }
}

function check(name: string, args: StreamSubscriptionArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<StreamSubscriptionArgs>(args, {
    stream: true,
    function: true,
    startingPosition: true,
    batchSize: true,
    maximumBatchingWindowSeconds: true,
    parallelizationFactor: true,
    tumblingWindowSeconds: true,
    maximumRetryAttempts: true,
    maximumRecordAgeSeconds: true,
    bisectBatchOnFunctionError: true,
    onFailure: true,
    filters: true,
    alarmActions: true,
  });
  // "-dead-letters" and Pulumi's 8 characters are added; SQS takes 80.
  check.input("name", name, componentName(59));
  check.input("startingPosition", args.startingPosition, oneOf("TRIM_HORIZON", "LATEST"));
  check.plain("bisectBatchOnFunctionError", args.bisectBatchOnFunctionError ?? true, trueOrFalse);
  for (const [argument, min, max, unit] of numbers) {
    check.input(argument, args[argument], wholeNumber(min, max, unit));
  }
  const filterCriteria = checkFilters(check, args.filters);
  const alarmActions = checkAlarmActions(check, args.alarmActions);
  checkFunction(check, "function", args.function);
  check.shaped("stream", args.stream, ["arn", "grantStream"], "a Stream or a Table");
  const { onFailure } = args;
  if (onFailure !== undefined) {
    check.shaped("onFailure", onFailure, ["arn", "fifo"], "a Queue or a Topic");
  }
  const streamArn = args.stream instanceof Table ? args.stream.streamArn : args.stream.arn;
  if (streamArn === undefined) {
    check.problem('the table has no stream: give it a streamViewType, like "NEW_AND_OLD_IMAGES"');
  }
  if (onFailure?.fifo) {
    check.problem("onFailure keeps an order, which Lambda can't send to: give one without fifo");
  }
  check.throwIfAny();
  return { streamArn: streamArn as pulumi.Output<string>, filterCriteria, alarmActions };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const numbers = [
  ["batchSize", 1, 10_000, "records"],
  ["maximumBatchingWindowSeconds", 0, 300, "seconds"],
  ["parallelizationFactor", 1, 10, "batches"],
  ["tumblingWindowSeconds", 1, 900, "seconds"],
  ["maximumRetryAttempts", 0, 10_000, "attempts"],
  ["maximumRecordAgeSeconds", 60, 604_800, "seconds"],
] as const;
