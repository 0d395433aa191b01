import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { arn, matching } from "../rules";
import { packageFolder } from "./package";
import { hasSnapStart, runtimeIdentifier, runtimeOf } from "./runtime";

/** What a function that is a package runs. */
export interface CodeArgs {
  /**
   * The folder that holds the code, from where the program runs; or a ready-made archive. A folder
   * is zipped so that the same content is the same package on every machine.
   */
  readonly code: string | pulumi.asset.Archive;
  /**
   * What Lambda calls, in the words of the runtime: `module.function` for Python and Node.js.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/foundation-progmodel.html
   */
  readonly handler: pulumi.Input<string>;
  /**
   * The runtime's identifier, like `python3.13` or `nodejs22.x`. One that AWS no longer patches is
   * refused.
   * @default "python3.13" for a handler in a .py file of the folder, "nodejs22.x" for one in a
   * .mjs, .js or .cjs file
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
   */
  readonly runtime?: pulumi.Input<string>;
  /**
   * Starts the function from a snapshot that is taken of it, initialized, when a version is
   * published: for Java 11, Python 3.12, .NET 8 and newer. Not together with
   * `provisionedConcurrency`, `fileSystem` or more than 512 MiB of `ephemeralStorageMiB`. What must
   * be unique or fresh, like a connection, belongs into the handler.
   * @default false
   * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
   */
  readonly snapStart?: boolean;
  /**
   * ARN of the code signing configuration that says whose signature the package must have.
   * @default none: the package needs no signature
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
   */
  readonly codeSigningConfigArn?: pulumi.Input<string>;
}

/** The names of a package's arguments, for `check.known`. */
export const codeArguments: Readonly<Record<keyof CodeArgs, true>> = {
  code: true,
  handler: true,
  runtime: true,
  snapStart: true,
  codeSigningConfigArn: true,
};

/** Checks a package, and completes what is said of it. */
export function checkCode(check: ArgumentCheck, args: CodeArgs): Partial<lambda.FunctionArgs> {
  const { code: folder, handler } = args;
  const runtime =
    args.runtime ??
    (typeof folder === "string" && typeof handler === "string"
      ? runtimeOf(folder, handler)
      : undefined);
  if (args.snapStart && typeof runtime === "string" && !hasSnapStart(runtime)) {
    check.problem(`snapStart does not go with runtime ${runtime}: leave it out`);
  }
  return {
    code: code(check, folder),
    handler: check.required(
      "handler",
      handler,
      matching(/^[^\s]{1,128}$/, "1 to 128 characters without blanks, like handler.handler"),
    ),
    runtime: check.required("runtime", runtime as pulumi.Input<string>, runtimeIdentifier),
    codeSigningConfigArn: check.input(
      "codeSigningConfigArn",
      args.codeSigningConfigArn,
      arn("lambda"),
    ),
    ...(args.snapStart && { snapStart: { applyOn: "PublishedVersions" } }),
  };
}

function code(check: ArgumentCheck, given: CodeArgs["code"]) {
  if (given === undefined || given === null) check.problem("code is missing: give a folder");
  if (typeof given !== "string") return given;
  try {
    return packageFolder(given);
  } catch (error) {
    check.problem(`code: ${(error as Error).message}`);
    return undefined;
  }
}
