import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { kindOf } from "../values";

/** One statement of an IAM policy that allows something. */
export interface Statement {
  /** The actions allowed, `service:Action`. */
  readonly actions: readonly string[];
  /** The resources they are allowed on; `*` only for actions that IAM can't limit to a resource. */
  readonly resources: readonly pulumi.Input<string>[];
  /**
   * What else must hold: values by key, by operator.
   * @default nothing
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
   */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/**
 * What someone needs in order to use a resource: the permission, and the environment variables by
 * which it finds the resource. Components hand grants out in their own words
 * (`queue.grantSend()`), and whatever runs code takes them (`LambdaFunctionArgs.grants`,
 * `PodIdentityArgs.grants`).
 *
 * A grant is a value given to a constructor, not a call made on a finished resource: Pulumi
 * registers a resource, with its environment, when it is constructed.
 */
export interface Grant {
  /** The permission: the fewest actions, on exact ARNs. */
  readonly statements: readonly Statement[];
  /** Environment variables, by name. Holds names, URLs and ARNs, never secrets. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Checks a component's `grants`.
 * @returns the grants to use from here on; none where none were given
 */
export function checkGrants(
  check: ArgumentCheck,
  grants: readonly Grant[] | undefined,
): readonly Grant[] {
  return check.list("grants", grants).filter((grant, i) => {
    const fits = Array.isArray(grant?.statements) && kindOf(grant.environment) === "an object";
    if (!fits) {
      check.problem(
        `grants[${i}] is ${kindOf(grant)}: give what a component grants, like queue.grantSend()`,
      );
    }
    return fits;
  });
}

/**
 * The IAM policy document that allows what the statements say.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources, condition }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(condition !== undefined && { Condition: condition }),
    })),
  });
}

/**
 * The policy document of a role that one AWS service may assume.
 * @param service the service principal, like `lambda.amazonaws.com`
 */
export function trustPolicy(service: string, actions = ["sts:AssumeRole"]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  });
}

/** The statement for the KMS key behind a resource, where it has one of its own. */
export function keyStatements(
  kmsKeyArn: pulumi.Input<string> | undefined,
  actions: readonly string[],
): readonly Statement[] {
  return kmsKeyArn === undefined ? [] : [{ actions, resources: [kmsKeyArn] }];
}

/**
 * The environment variables of several grants together.
 * @throws {Error} when two grants mean different things by one name
 */
export function grantedEnvironment(grants: readonly Grant[]): Grant["environment"] {
  const together: Record<string, pulumi.Input<string>> = {};
  for (const [variable, value] of grants.flatMap((grant) => Object.entries(grant.environment))) {
    // Two grants on one resource say the same: the same Output.
    if (Object.hasOwn(together, variable) && together[variable] !== value) {
      throw new Error(`two grants set "${variable}": give one of the components another name`);
    }
    together[variable] = value;
  }
  return together;
}

/**
 * The policy of a resource that denies every request that does not come over TLS.
 * @param allowed further statements, for those who have no IAM policy of this account
 * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html
 */
export function tlsOnlyPolicy(
  action: string,
  resources: readonly pulumi.Input<string>[],
  allowed: readonly object[] = [],
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: action,
        Resource: resources,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      ...allowed,
    ],
  });
}

/**
 * The name of the environment variable that leads to a resource: the component's name and what it
 * is, in capitals. `environmentName("order-events", "QUEUE_URL")` is `ORDER_EVENTS_QUEUE_URL`.
 */
export function environmentName(component: string, what: string): string {
  return `${component}_${what}`.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
