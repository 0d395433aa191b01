import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { isLater, kindOf } from "../values";

/**
 * A resource on whose behalf a service of AWS sends, without a role of its own: what the policy of
 * a queue or a topic lets in. Components hand it out (`topic.source`), and whatever is sent to
 * takes it as an argument (`QueueArgs.senders`, `TopicArgs.publishers`).
 *
 * It is a value given to a constructor, like a {@link Grant}: a queue has one policy, which is
 * there from its first moment.
 */
export interface ServiceSource {
  /** The service that sends, like `sns.amazonaws.com`. */
  readonly service: string;
  /** ARN of the one resource on whose behalf it may. */
  readonly arn: pulumi.Input<string>;
}

/**
 * Checks an argument that says what sends without a role.
 * @returns the sources to use from here on; none where none were given
 */
export function checkSources(
  check: ArgumentCheck,
  argument: string,
  sources: readonly ServiceSource[] | undefined,
): readonly ServiceSource[] {
  return check.list(argument, sources).filter((source, i) => {
    const { service, arn } = source ?? {};
    const fits = typeof service === "string" && (typeof arn === "string" || isLater(arn ?? ""));
    if (!fits) {
      check.problem(
        `${argument}[${i}] is ${kindOf(source)}: give what sends, like topic.source, or { service, arn }`,
      );
    }
    return fits;
  });
}

/**
 * The statements that let services send on behalf of these resources, and of no other: a service
 * acts for each one of its customers.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function allowSources(
  action: string,
  resource: pulumi.Input<string>,
  sources: readonly ServiceSource[],
) {
  return sources.map(({ service, arn }) => ({
    Effect: "Allow",
    Principal: { Service: service },
    Action: action,
    Resource: resource,
    Condition: { ArnEquals: { "aws:SourceArn": arn } },
  }));
}
