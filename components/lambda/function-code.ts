import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { arn, matching, trueOrFalse } from "../rules";
import { type Architecture, type CodeSource, isCode, packageCode } from "./code";
import { checkLayers, type Layer } from "./layer";
import { hasSnapStart, runtimeFor, runtimeIdentifier, runtimeOf } from "./runtime";

/** What a function that is a package runs. */
export interface CodeArgs {
  /**
   * The folder that holds the code, from where the program runs; or code that is built for the
   * runtime and the processor: {@link pythonCode} with the packages it needs, {@link bundledCode} for
   * TypeScript and JavaScript; or a ready-made archive. What is packaged here is the same package on
   * every machine as long as its content is the same.
   */
  readonly code: CodeSource;
  /**
   * What Lambda calls, in the words of the runtime: `module.function` for Python and Node.js.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/foundation-progmodel.html
   */
  readonly handler: pulumi.Input<string>;
  /**
   * The runtime's identifier, like `python3.13` or `nodejs22.x`. One that AWS no longer patches is
   * refused.
   * @default "python3.13" or "nodejs22.x", by what the code is built for; for a folder by whether the
   * handler is in a .py, or in a .mjs, .js or .cjs file
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
   */
  readonly runtime?: pulumi.Input<string>;
  /**
   * What the function shares with others, at most 5: {@link Layer}s, or ARNs of versions. They are
   * unpacked in this order, so that a later one wins. Lambda counts them to the size of the code.
   * @default none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
   */
  readonly layers?: readonly (Layer | pulumi.Input<string>)[];
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
  layers: true,
  snapStart: true,
  codeSigningConfigArn: true,
};

/** What a function runs, and what it needs for it. */
export interface FunctionSource {
  readonly source: Partial<lambda.FunctionArgs>;
  /** Environment variables without which the code does not run as meant. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Checks a package, and completes what is said of it. */
export function checkCode(
  check: ArgumentCheck,
  args: CodeArgs,
  architecture: Architecture,
): FunctionSource {
  const { code, handler } = args;
  const runtime = (args.runtime ?? defaultRuntime(code, handler)) as pulumi.Input<string>;
  check.plain("snapStart", args.snapStart ?? false, trueOrFalse);
  if (args.snapStart && typeof runtime === "string" && !hasSnapStart(runtime)) {
    check.problem(`snapStart does not go with runtime ${runtime}: leave it out`);
  }
  const built = packageCode(check, code, { runtime, architecture });
  const layers = checkLayers(check, args.layers, { runtime, architecture }, built?.unzippedBytes);
  const source = {
    code: built?.archive,
    ...(layers.length > 0 && { layers: [...layers] }),
    handler: check.required(
      "handler",
      handler,
      matching(/^[^\s]{1,128}$/, "1 to 128 characters without blanks, like handler.handler"),
    ),
    runtime: check.required("runtime", runtime, runtimeIdentifier),
    codeSigningConfigArn: check.input(
      "codeSigningConfigArn",
      args.codeSigningConfigArn,
      arn("lambda"),
    ),
    ...(args.snapStart && { snapStart: { applyOn: "PublishedVersions" } }),
  };
  return { source, environment: built?.environment ?? {} };
}

function defaultRuntime(code: CodeSource, handler: pulumi.Input<string>): string | undefined {
  if (typeof code !== "string") return isCode(code) ? runtimeFor(code.language) : undefined;
  return typeof handler === "string" ? runtimeOf(code, handler) : undefined;
}
