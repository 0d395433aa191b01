import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { ServiceSource } from "../iam/service-source";
import type { LambdaFunction } from "./lambda-function";

/**
 * Checks that an argument is a function.
 * @throws {InvalidArgumentsError} at once for anything else, with all that was found wrong until then
 */
export function checkFunction(check: ArgumentCheck, argument: string, given: LambdaFunction): void {
  check.shaped(argument, given, ["functionName", "alias", "role"], "a LambdaFunction");
}

/**
 * Lets a service call a function, on behalf of one resource and of no other, and by the alias
 * `live` alone.
 * @param sourceAccount who owns the resource, where its ARN does not say
 * @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 */
export function allowInvoke(
  name: string,
  called: LambdaFunction,
  source: ServiceSource,
  opts: pulumi.CustomResourceOptions,
  sourceAccount?: pulumi.Input<string>,
): lambda.Permission {
  return new lambda.Permission(
    name,
    {
      action: "lambda:InvokeFunction",
      function: called.functionName,
      qualifier: called.alias.name,
      principal: source.service,
      sourceArn: source.arn,
      sourceAccount,
    },
    opts,
  );
}

/** The account that an ARN names. */
export function accountOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(arn).apply((text) => text.split(":")[4] ?? "");
}
