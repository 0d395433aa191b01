import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { type Cors, checkCors } from "../http/cors";
import { environmentName, type Grant } from "../iam/grant";
import { componentName, oneOf } from "../rules";
import type { LambdaFunction } from "./lambda-function";
import { checkFunction } from "./permission";

const type = "groundwork:lambda:FunctionUrl";

/** Arguments of {@link FunctionUrl}. */
export interface FunctionUrlArgs {
  /** What answers the requests. */
  readonly function: LambdaFunction;
  /**
   * Who may call: `AWS_IAM` is who signs the request and has the permission, see
   * {@link FunctionUrl.grantInvoke}; `NONE` is everybody who finds the address.
   * @default "AWS_IAM"
   * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
   */
  readonly authorizationType?: "AWS_IAM" | "NONE";
  /**
   * Which web pages may call.
   * @default none
   */
  readonly cors?: Cors;
  /**
   * `RESPONSE_STREAM` sends the answer while the function writes it, up to 200 MB; `BUFFERED` when
   * it is complete, up to 6 MB. Of Lambda's own runtimes only Node.js streams.
   * @default "BUFFERED"
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
   */
  readonly invokeMode?: "BUFFERED" | "RESPONSE_STREAM";
}

/**
 * An HTTPS address of a function, by its alias `live`. For routes, tokens, limits or a domain of
 * your own take {@link HttpApi}.
 *
 * Children: `name` (the URL), and for `NONE` the permissions `name-invoke-url` and `name-invoke`.
 *
 * @example
 * const url = new FunctionUrl("report", { function: report });
 * new LambdaFunction("daily", { ..., grants: [url.grantInvoke()] });
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 */
export class FunctionUrl extends pulumi.ComponentResource {
  /** The URL's resource itself. */
  readonly functionUrl: lambda.FunctionUrl;
  /** The address. */
  readonly url: pulumi.Output<string>;

  private readonly functionArn: pulumi.Output<string>;
  private readonly environmentName: string;

  /** @throws {InvalidArgumentsError} for what Lambda does not take */
  constructor(name: string, args: FunctionUrlArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const called = {
      qualifier: args.function.alias.name,
      functionName: args.function.functionName,
    };

    this.functionUrl = new lambda.FunctionUrl(
      name,
      {
        ...called,
        authorizationType: checked.authorizationType,
        cors: checked.cors,
        invokeMode: args.invokeMode ?? "BUFFERED",
      },
      parent,
    );
    // The provider adds the like when it makes an open URL, but not when it opens a closed one,
    // and leaves them behind.
    if (checked.authorizationType === "NONE") {
      const everybody = {
        principal: "*",
        function: called.functionName,
        qualifier: called.qualifier,
      };
      new lambda.Permission(
        `${name}-invoke-url`,
        { ...everybody, action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "NONE" },
        parent,
      );
      // Since October 2025 a new URL needs this as well. It does not open the function's own API.
      new lambda.Permission(
        `${name}-invoke`,
        { ...everybody, action: "lambda:InvokeFunction", invokedViaFunctionUrl: true },
        parent,
      );
    }

    this.url = this.functionUrl.functionUrl;
    this.functionArn = args.function.arn;
    this.environmentName = environmentName(name, "FUNCTION_URL");
    this.registerOutputs({ url: this.url });
  }

  /** What it takes to call it with signed requests. Environment: `NAME_FUNCTION_URL`. */
  grantInvoke(): Grant {
    return {
      statements: [
        {
          actions: ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"],
          resources: [this.functionArn],
        },
      ],
      environment: { [this.environmentName]: this.url },
    };
  }
}

function check(name: string, args: FunctionUrlArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<FunctionUrlArgs>(args, {
    function: true,
    authorizationType: true,
    cors: true,
    invokeMode: true,
  });
  // "-invoke-url" and Pulumi's 8 characters are added; a statement's id takes 100.
  check.input("name", name, componentName(81));
  const authorizationType = args.authorizationType ?? "AWS_IAM";
  check.input("authorizationType", authorizationType, oneOf("AWS_IAM", "NONE"));
  check.input("invokeMode", args.invokeMode, oneOf("BUFFERED", "RESPONSE_STREAM"));
  const checked = { authorizationType, cors: checkCors(check, args.cors) };
  checkFunction(check, "function", args.function);
  check.throwIfAny();
  return checked;
}
