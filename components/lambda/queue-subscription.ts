import type * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck, InvalidArgumentsError } from "../arguments";
import type { EventPattern } from "../messaging/event-pattern";
import type { Queue } from "../messaging/queue";
import { componentName, wholeNumber } from "../rules";
import { checkFilters, createEventSourceMapping } from "./event-source";
import type { LambdaFunction } from "./lambda-function";
import { checkFunction } from "./permission";

const type = "groundwork:lambda:QueueSubscription";

/** Arguments of {@link QueueSubscription}. */
export interface QueueSubscriptionArgs {
  /** Where the messages come from. */
  readonly queue: Queue;
  /**
   * What handles them. It answers with the messages that failed (`batchItemFailures`); the others
   * are deleted.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   */
  readonly function: LambdaFunction;
  /**
   * The most messages in one call, 1 to 10000. More than 10 need `maximumBatchingWindowSeconds`;
   * a FIFO queue gives 10 at the most.
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * For how long to wait for a batch to fill, 0 to 300 seconds. Not for a FIFO queue.
   * @default 0
   */
  readonly maximumBatchingWindowSeconds?: number;
  /**
   * How many calls this queue may have running at once, 2 to 1000.
   * @default no limit but the function's
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maximumConcurrency?: number;
  /**
   * Pollers that wait for messages of this queue alone, for sudden peaks; each handles up to 10
   * calls at once. They cost by the hour, and take the place of `maximumConcurrency`.
   * @default none: Lambda's own, shared ones
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly provisionedPollers?: ProvisionedPollers;
  /**
   * Which messages the function is called for, 5 patterns at the most of which one is enough. The
   * others are deleted.
   * @default all
   * @example filters: [{ body: { type: ["order", "refund"] } }]
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
   */
  readonly filters?: readonly EventPattern[];
}

/** How many pollers a queue has of its own. */
export interface ProvisionedPollers {
  /** How many wait all the time, 2 to 200. */
  readonly minimum: number;
  /** How many there may be under load, 2 to 2000. */
  readonly maximum: number;
}

/**
 * Has a function handle the messages of a queue, and gives it the permission to. Messages that
 * fail again and again end in the queue's dead-letter queue.
 *
 * Children: `name` (the event source mapping) and `name-consume` (the permission).
 *
 * @example
 * new QueueSubscription("archive", { queue: orders, function: archive });
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class QueueSubscription extends pulumi.ComponentResource {
  /** The event source mapping itself. */
  readonly eventSourceMapping: lambda.EventSourceMapping;

  /**
   * @throws {InvalidArgumentsError} for numbers and patterns outside what Lambda takes. That the
   * queue hides a message for less than six times the function's timeout is known only with the
   * values, and fails the update then.
   */
  constructor(name: string, args: QueueSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);

    this.eventSourceMapping = createEventSourceMapping(
      name,
      {
        function: args.function,
        statements: args.queue.grantConsume().statements,
        eventSourceArn: checked.queueArn,
        batchSize: checked.batchSize,
        maximumBatchingWindowInSeconds: args.maximumBatchingWindowSeconds ?? 0,
        filterCriteria: checked.filterCriteria,
        scalingConfig: checked.scalingConfig,
        provisionedPollerConfig: checked.provisionedPollerConfig,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

function check(name: string, args: QueueSubscriptionArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<QueueSubscriptionArgs>(args, {
    queue: true,
    function: true,
    batchSize: true,
    maximumBatchingWindowSeconds: true,
    maximumConcurrency: true,
    provisionedPollers: true,
    filters: true,
  });
  // "-consume" and Pulumi's 8 characters are added; IAM takes 128.
  check.input("name", name, componentName(112));
  const batchSize = args.batchSize ?? 10;
  check.plain("batchSize", batchSize, wholeNumber(1, 10_000, "messages"));
  check.plain(
    "maximumBatchingWindowSeconds",
    args.maximumBatchingWindowSeconds,
    wholeNumber(0, 300, "seconds"),
  );
  check.input("maximumConcurrency", args.maximumConcurrency, wholeNumber(2, 1_000, "calls"));
  const filterCriteria = checkFilters(check, args.filters);
  const provisionedPollerConfig = checkPollers(check, args);
  checkFunction(check, "function", args.function);
  check.shaped("queue", args.queue, ["arn", "visibilityTimeoutSeconds"], "a Queue");
  if (!args.queue.fifo && batchSize > 10 && !args.maximumBatchingWindowSeconds) {
    check.problem(
      `batchSize is ${batchSize}: more than 10 messages need maximumBatchingWindowSeconds of at least 1`,
    );
  }
  if (args.queue.fifo) checkFifo(check, args);
  check.throwIfAny();
  const { maximumConcurrency } = args;
  return {
    batchSize,
    filterCriteria,
    provisionedPollerConfig,
    scalingConfig: maximumConcurrency === undefined ? undefined : { maximumConcurrency },
    queueArn: queueArn(name, args),
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
function checkFifo(check: ArgumentCheck, args: QueueSubscriptionArgs): void {
  if ((args.batchSize ?? 10) > 10) {
    check.problem(`batchSize is ${args.batchSize}: a FIFO queue gives 10 messages at the most`);
  }
  if (args.maximumBatchingWindowSeconds) {
    check.problem(
      `maximumBatchingWindowSeconds is ${args.maximumBatchingWindowSeconds}: leave it out, a FIFO queue has none`,
    );
  }
}

function checkPollers(check: ArgumentCheck, args: QueueSubscriptionArgs) {
  if (args.provisionedPollers === undefined) return undefined;
  check.known<ProvisionedPollers>(
    args.provisionedPollers,
    { minimum: true, maximum: true },
    "provisionedPollers.",
  );
  const { minimum, maximum } = args.provisionedPollers;
  check.required("provisionedPollers.minimum", minimum, wholeNumber(2, 200, "pollers"));
  check.required("provisionedPollers.maximum", maximum, wholeNumber(2, 2_000, "pollers"));
  if (minimum > maximum) {
    check.problem(`provisionedPollers has a minimum of ${minimum} above its maximum of ${maximum}`);
  }
  if (args.maximumConcurrency !== undefined) {
    check.problem("maximumConcurrency and provisionedPollers exclude each other: give one of them");
  }
  return { minimumPollers: minimum, maximumPollers: maximum };
}

/**
 * The queue's ARN, once it is known that a message stays hidden for long enough: Lambda may try a
 * batch several times within one visibility timeout when it is throttled.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
function queueArn(name: string, args: QueueSubscriptionArgs): pulumi.Output<string> {
  return pulumi
    .all([args.queue.arn, args.queue.visibilityTimeoutSeconds, args.function.timeoutSeconds])
    .apply(([queueArn, visibility, timeout]) => {
      if (visibility >= 6 * timeout) return queueArn;
      throw new InvalidArgumentsError(`${type} "${name}"`, [
        `the queue's visibilityTimeoutSeconds is ${visibility}: give at least ${6 * timeout}, ` +
          `six times the function's timeoutSeconds of ${timeout}`,
      ]);
    });
}
