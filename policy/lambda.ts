import { deprecatedRuntimes } from "../components/lambda/runtime";
import { logRetentionDays } from "../components/rules";
import type { Rule } from "./rule";
import { at, isThere, later, looksSecret, shown } from "./values";

const types = ["aws:lambda/function:Function"];

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
    name: "lambda-image-digest",
    description: "Nobody can say what a tag meant when a function's version was published",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    types,
    check: ({ props }) => {
      const given = at(props, "imageUri");
      if (typeof given !== "string" || given === "" || /@sha256:[0-9a-f]{64}$/.test(given)) {
        return [];
      }
      return [`imageUri is ${shown(given)}: give the image by its digest`];
    },
  },
  {
    name: "lambda-zones",
    description: "A function with one subnet stops when that subnet's zone fails",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    types,
    productionOnly: true,
    check: ({ props }) => {
      const given = at(props, "vpcConfig", "subnetIds");
      if (!Array.isArray(given) || given.length !== 1) return [];
      return ["vpcConfig.subnetIds has one subnet: give one in each of two zones or more"];
    },
  },
  {
    name: "lambda-async-failures",
    description: "An asynchronous call that was given up is lost, unless it is sent somewhere",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    types: ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"],
    check: ({ props }) => {
      if (isThere(at(props, "destinationConfig", "onFailure", "destination"))) return [];
      return ["destinationConfig.onFailure is not set: give a queue or a topic that is watched"];
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
