import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck, InvalidArgumentsError } from "../arguments";
import { policyDocument } from "../iam/grant";
import type { Queue } from "../messaging/queue";
import { componentName, wholeNumber } from "../rules";
import type { LambdaFunction } from "./lambda-function";

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
   * The most messages in one call, 1 to 10000. More than 10 need `maximumBatchingWindowSeconds`.
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * For how long to wait for a batch to fill, 0 to 300 seconds.
   * @default 0
   */
  readonly maximumBatchingWindowSeconds?: number;
  /**
   * How many calls this queue may have running at once, 2 to 1000.
   * @default no limit but the function's
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maximumConcurrency?: number;
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
   * @throws {InvalidArgumentsError} for numbers outside what Lambda takes. That the queue hides a
   * message for less than six times the function's timeout is known only with the values, and
   * fails the update then.
   */
  constructor(name: string, args: QueueSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    const policy = new iam.RolePolicy(
      `${name}-consume`,
      {
        role: args.function.role.name,
        policy: policyDocument(args.queue.grantConsume().statements),
      },
      parent,
    );
    this.eventSourceMapping = new lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: checked.queueArn,
        functionName: args.function.arn,
        batchSize: checked.batchSize,
        maximumBatchingWindowInSeconds: args.maximumBatchingWindowSeconds ?? 0,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig:
          args.maximumConcurrency === undefined
            ? undefined
            : { maximumConcurrency: args.maximumConcurrency },
      },
      // Lambda refuses a mapping whose function may not read the queue.
      { ...parent, dependsOn: policy },
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
  });
  // "-consume" and Pulumi's 8 characters are added; IAM takes 128.
  check.input("name", name, componentName(112));
  const batchSize = args.batchSize ?? 10;
  check.input("batchSize", batchSize, wholeNumber(1, 10_000, "messages"));
  check.input(
    "maximumBatchingWindowSeconds",
    args.maximumBatchingWindowSeconds,
    wholeNumber(0, 300, "seconds"),
  );
  check.input("maximumConcurrency", args.maximumConcurrency, wholeNumber(2, 1_000, "calls"));
  if (batchSize > 10 && !args.maximumBatchingWindowSeconds) {
    check.problem(
      `batchSize is ${batchSize}: more than 10 messages need maximumBatchingWindowSeconds of at least 1`,
    );
  }
  check.throwIfAny();
  return { batchSize, queueArn: queueArn(name, args) };
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
