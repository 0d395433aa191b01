import { logRetentionDays } from "../components/rules";
import type { Rule } from "./rule";
import { at, isThere, later, looksSecret, shown } from "./values";

const types = ["aws:lambda/function:Function"];

/**
 * Runtimes that AWS no longer patches. Add those whose date has come.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated
 */
export const deprecatedRuntimes: readonly string[] = [
  ...["nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x"],
  ...["nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x", "nodejs20.x"],
  ...["python2.7", "python3.6", "python3.7", "python3.8", "python3.9"],
  ...["ruby2.5", "ruby2.7", "ruby3.2"],
  ...["dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet6", "dotnet7"],
  ...["java8", "go1.x", "provided"],
];

/** Rules for functions. */
export const lambdaRules: readonly Rule[] = [
  {
    name: "lambda-runtime-supported",
    description: "AWS no longer patches deprecated runtimes, and in time refuses to update them",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated",
    types,
    check: ({ props }) => {
      const given = at(props, "runtime");
      if (typeof given !== "string" || !deprecatedRuntimes.includes(given)) return [];
      return [`runtime is ${shown(given)}, which is deprecated: give a newer one`];
    },
  },
  {
    name: "lambda-log-group",
    description: "A log group that Lambda makes by itself is kept for ever, and outlives the stack",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
    types,
    check: ({ props }) => {
      if (isThere(at(props, "loggingConfig", "logGroup"))) return [];
      return ["loggingConfig.logGroup is not set: give a log group of the stack"];
    },
  },
  {
    name: "log-retention",
    description: "Logs without an end cost more every month, and keep personal data too long",
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html#SettingLogRetention",
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    check: ({ props }) => {
      const given = at(props, "retentionInDays");
      if (given === later) return [];
      const problem = logRetentionDays(given as number);
      return problem === undefined ? [] : [`retentionInDays is ${shown(given)}: ${problem}`];
    },
  },
  {
    name: "lambda-no-secrets",
    description: "Whoever may look at a function sees its environment",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    types,
    check: ({ props }) =>
      Object.keys(Object(at(props, "environment", "variables")))
        .filter(looksSecret)
        .map(
          (name) =>
            `environment has "${name}", which looks like a secret: put it into a SecretStore ` +
            "and pass its grantRead() in grants, which tells the function where it is",
        ),
  },
  {
    name: "lambda-alias",
    description: "What calls a function by its name runs $LATEST, which can't be taken back",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html",
    types: ["aws:lambda/eventSourceMapping:EventSourceMapping"],
    check: ({ props }) => {
      const given = at(props, "functionName");
      if (given === later || qualifier(String(given)) !== undefined) return [];
      return [
        `functionName is ${shown(given)}, without an alias or version: ` +
          "give the ARN of an alias, as LambdaFunction's arn is",
      ];
    },
  },
];

/** What follows the function's name: `live` in `archive:live` and in `arn:…:function:archive:live`. */
function qualifier(functionName: string): string | undefined {
  const [, found] = /^(?:.*:function:)?[\w-]+:([\w$-]+)$/.exec(functionName) ?? [];
  return found === "$LATEST" ? undefined : found;
}
