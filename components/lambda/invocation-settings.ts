import * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import { createAsyncInvocation } from "./async-invocation";
import type { LambdaFunction } from "./lambda-function";
import type { CheckedArguments } from "./lambda-function-args";

/** How calls of a function are handled, where that is other than Lambda does by itself. */
export function createInvocationSettings(
  name: string,
  called: Pick<LambdaFunction, "function" | "alias">,
  checked: CheckedArguments,
  opts: pulumi.CustomResourceOptions,
): void {
  const { provisionedConcurrency, asyncInvocation, recursiveLoop } = checked;
  if (provisionedConcurrency !== undefined) {
    new lambda.ProvisionedConcurrencyConfig(
      `${name}-provisioned`,
      {
        functionName: called.alias.functionName,
        qualifier: called.alias.name,
        provisionedConcurrentExecutions: provisionedConcurrency,
      },
      opts,
    );
  }
  if (asyncInvocation !== undefined) {
    createAsyncInvocation(`${name}-async`, called.alias, asyncInvocation, opts);
  }
  // What goes makes Lambda stop loops again.
  if (recursiveLoop === "Allow") {
    new lambda.FunctionRecursionConfig(
      `${name}-recursion`,
      { functionName: called.function.name, recursiveLoop },
      opts,
    );
  }
}
