import * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { Grant, Statement } from "../iam/grant";
import { matching, wholeNumber } from "../rules";

/**
 * What Lambda can hand the record of an asynchronous call to: anything with an ARN that says what
 * it takes to send there, as a {@link Queue}, a topic, an event bus and a {@link LambdaFunction} do.
 */
export type Destination = { readonly arn: pulumi.Input<string> } & (
  | { grantSend(): Grant }
  | { grantPublish(): Grant }
  | { grantPut(): Grant }
  | { grantInvoke(): Grant }
);

/**
 * What becomes of calls whose caller does not wait: those of topics, buckets, schedules and rules.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
 */
export interface AsyncInvocation {
  /**
   * How often a call that failed is tried again, 0 to 2 times.
   * @default 2
   */
  readonly maximumRetryAttempts?: number;
  /**
   * For how long a call may wait, with all that it is tried again, 60 to 21600 seconds.
   * @default 21600, which is six hours
   */
  readonly maximumEventAgeSeconds?: number;
  /**
   * Where the call and its error go when it is given up. The role may send there.
   * @default none: what is given up is lost
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
   */
  readonly onFailure?: Destination;
  /**
   * Where the call and its result go when it went well. The role may send there.
   * @default none
   */
  readonly onSuccess?: Destination;
}

const sentTo = "a queue or a topic that is not FIFO, an event bus or a function";

/** Of a destination that it can't send to, Lambda says so only in a metric. */
const destinationArn = matching(/^arn:[^:]+:(sqs|sns|events|lambda):.+(?<!\.fifo)$/, sentTo);

/** Checks what becomes of asynchronous calls, and completes it. */
export function checkAsyncInvocation(check: ArgumentCheck, args: AsyncInvocation | undefined) {
  if (args === undefined) return undefined;
  check.known<AsyncInvocation>(
    args,
    {
      maximumRetryAttempts: true,
      maximumEventAgeSeconds: true,
      onFailure: true,
      onSuccess: true,
    },
    "asyncInvocation.",
  );
  const maximumRetryAttempts = args.maximumRetryAttempts ?? 2;
  check.input("asyncInvocation.maximumRetryAttempts", maximumRetryAttempts, wholeNumber(0, 2));
  const maximumEventAgeSeconds = args.maximumEventAgeSeconds ?? 21_600;
  check.input(
    "asyncInvocation.maximumEventAgeSeconds",
    maximumEventAgeSeconds,
    wholeNumber(60, 21_600, "seconds"),
  );
  return {
    maximumRetryAttempts,
    maximumEventAgeSeconds,
    onFailure: destination(check, "asyncInvocation.onFailure", args.onFailure),
    onSuccess: destination(check, "asyncInvocation.onSuccess", args.onSuccess),
  };
}

type CheckedAsyncInvocation = NonNullable<ReturnType<typeof checkAsyncInvocation>>;

function destination(check: ArgumentCheck, argument: string, given: Destination | undefined) {
  if (given === undefined) return undefined;
  const statements = sending(given);
  if (statements === undefined) {
    check.problem(`${argument} can't be sent to: give ${sentTo}`);
    return undefined;
  }
  return { arn: check.input(argument, given.arn, destinationArn), statements };
}

/** What it takes to send to a destination. */
function sending(to: Destination): readonly Statement[] | undefined {
  if (typeof to !== "object" || to === null) return undefined;
  if ("grantSend" in to) return to.grantSend().statements;
  if ("grantPublish" in to) return to.grantPublish().statements;
  if ("grantInvoke" in to) return to.grantInvoke().statements;
  return "grantPut" in to ? to.grantPut().statements : undefined;
}

/** What the role needs for the destinations. */
export function asyncStatements(args: CheckedAsyncInvocation | undefined): readonly Statement[] {
  return [args?.onFailure, args?.onSuccess].flatMap((to) => to?.statements ?? []);
}

/** Tells Lambda, for the calls of an alias. */
export function createAsyncInvocation(
  name: string,
  alias: lambda.Alias,
  args: CheckedAsyncInvocation,
  opts: pulumi.CustomResourceOptions,
): lambda.FunctionEventInvokeConfig {
  const to = (destination: CheckedAsyncInvocation["onFailure"]) =>
    destination && { destination: destination.arn };
  return new lambda.FunctionEventInvokeConfig(
    name,
    {
      functionName: alias.functionName,
      qualifier: alias.name,
      maximumRetryAttempts: args.maximumRetryAttempts,
      maximumEventAgeInSeconds: args.maximumEventAgeSeconds,
      ...((args.onFailure ?? args.onSuccess) && {
        destinationConfig: { onFailure: to(args.onFailure), onSuccess: to(args.onSuccess) },
      }),
    },
    opts,
  );
}
