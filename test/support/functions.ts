import { LambdaFunction } from "../../components/lambda/lambda-function";
import { makeFolder } from "./folders";

const code = makeFolder({ "handler.py": "" });

/** A function with nothing but what it must have. */
export const functionNamed = (name: string) =>
  new LambdaFunction(name, { code, handler: "handler.handler", runtime: "python3.13" });

/** ARN of the alias of a function of that name. */
export const aliasOf = (name: string) =>
  `arn:aws:lambda:eu-central-1:123456789012:function:${name}-1234567:live`;

/** The permission for a service to call a function by its alias. */
export const invocationBy = (name: string, principal: string, sourceArn: string) => ({
  action: "lambda:InvokeFunction",
  function: `${name}-1234567`,
  qualifier: "live",
  principal,
  sourceArn,
});
