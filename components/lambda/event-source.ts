import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { policyDocument, type Statement } from "../iam/grant";
import { checkPattern, type EventPattern, lambdaFilters } from "../messaging/event-pattern";
import type { LambdaFunction } from "./lambda-function";

/** What an event source mapping leaves to be said of its source. */
export interface EventSourceMappingArgs
  extends Omit<lambda.EventSourceMappingArgs, "functionName" | "functionResponseTypes"> {
  /** What handles the batches. */
  readonly function: LambdaFunction;
  /** What the function's role needs for the source, and for what can't be handled. */
  readonly statements: readonly Statement[];
}

/**
 * Has Lambda read a source and call a function with batches of it, by its alias. The function
 * answers with what failed of a batch (`batchItemFailures`).
 *
 * Makes `name` (the event source mapping) and `name-consume` (the permission).
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 */
export function createEventSourceMapping(
  name: string,
  args: EventSourceMappingArgs,
  opts: pulumi.CustomResourceOptions,
): lambda.EventSourceMapping {
  const { function: called, statements, ...source } = args;
  const policy = new iam.RolePolicy(
    `${name}-consume`,
    { role: called.role.name, policy: policyDocument(statements) },
    opts,
  );
  return new lambda.EventSourceMapping(
    name,
    {
      ...source,
      functionName: called.arn,
      functionResponseTypes: ["ReportBatchItemFailures"],
    },
    // Lambda refuses a mapping whose function may not read the source.
    { ...opts, dependsOn: policy },
  );
}

/**
 * Checks which events a function is called for.
 * @returns the filter criteria of the mapping; none where there are no filters
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function checkFilters(
  check: ArgumentCheck,
  given: readonly EventPattern[] | undefined,
): { filters: { pattern: pulumi.Input<string> }[] } | undefined {
  const filters = check.list("filters", given);
  if (filters.length > 5) {
    check.problem(
      `filters has ${filters.length} patterns: Lambda takes 5 at the most; one of them can list several values`,
    );
  }
  if (filters.length === 0) return undefined;
  return {
    filters: filters.map((filter, i) => ({
      pattern: checkPattern(check, `filters[${i}]`, filter, lambdaFilters),
    })),
  };
}
