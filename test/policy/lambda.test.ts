import { LambdaFunction } from "../../components/lambda/lambda-function";
import { QueueSubscription } from "../../components/lambda/queue-subscription";
import { Queue } from "../../components/messaging/queue";
import { lambdaRules } from "../../policy/lambda";
import { canary } from "../support/canary";
import { makeFolder } from "../support/folders";
import { changed, testRules } from "./support";

const ship = ["aws:lambda/function:Function", "ship"] as const;
const pack = ["aws:lambda/function:Function", "pack"] as const;
const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/pack";
const asynchronous = [
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "ship-async",
] as const;
const logs = ["aws:cloudwatch/logGroup:LogGroup", "ship-logs"] as const;
const mapping = ["aws:lambda/eventSourceMapping:EventSourceMapping", "ship"] as const;
const allowedDays =
  "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";
const aliasless = (given: string) =>
  `lambda-alias ship: functionName is "${given}", without an alias or version: give the ARN of an alias, as LambdaFunction's arn is`;
const arn = "arn:aws:lambda:eu-central-1:123456789012:function:ship";

testRules(lambdaRules, () => {
  const code = makeFolder({ "handler.py": "" });
  const args = { code, handler: "handler.handler", runtime: "python3.13" };
  const environment = {
    SEAL_KEY_SECRET_ARN: "arn:aws:secretsmanager:::",
    SEAL_KEY_SECRET_VERSION: "1",
    LOG_LEVEL: "INFO",
  };
  const fn = new LambdaFunction("ship", {
    ...args,
    environment,
    vpc: { vpcId: "vpc-0a", subnetIds: ["subnet-0a", "subnet-0b"] },
    asyncInvocation: { onFailure: new Queue("failed") },
  });
  new LambdaFunction("pack", { image: `${repository}@sha256:${"0".repeat(64)}` });
  new QueueSubscription("ship", { queue: new Queue("orders"), function: fn });
}, [
  [
    "the runtime is deprecated",
    (all) => changed(all, ship, "runtime", "python3.8"),
    'lambda-runtime-supported ship: runtime is "python3.8", which is deprecated: give a newer one',
  ],
  [
    "an image is known by its tag",
    (all) => changed(all, pack, "imageUri", `${repository}:1.0`),
    `lambda-image-digest pack: imageUri is "${repository}:1.0": give the image by its digest`,
  ],
  [
    "one zone is all that there is",
    (all) => changed(all, ship, "vpcConfig.subnetIds", ["subnet-0a"]),
    "lambda-zones ship: vpcConfig.subnetIds has one subnet: give one in each of two zones or more",
  ],
  [
    "asynchronous calls that fail are lost",
    (all) => changed(all, asynchronous, "destinationConfig", undefined),
    "lambda-async-failures ship-async: destinationConfig.onFailure is not set: give a queue or a topic that is watched",
  ],
  [
    "Lambda makes the log group",
    (all) => changed(all, ship, "loggingConfig", undefined),
    "lambda-log-group ship: loggingConfig.logGroup is not set: give a log group of the stack",
  ],
  [
    "logs are kept for ever",
    (all) => changed(all, logs, "retentionInDays", undefined),
    `log-retention ship-logs: retentionInDays is not set: give one of ${allowedDays}`,
  ],
  [
    "logs are kept for as long as CloudWatch can't",
    (all) => changed(all, logs, "retentionInDays", 0),
    `log-retention ship-logs: retentionInDays is 0: give one of ${allowedDays}`,
  ],
  [
    "a secret is in the environment, without saying which",
    (all) => changed(all, ship, "environment.variables.DB_PASSWORD", canary),
    'lambda-no-secrets ship: environment has "DB_PASSWORD", which looks like a secret: put it into a SecretStore and pass its grantRead() in grants, which tells the function where it is',
  ],
  [
    "a queue calls the function itself",
    (all) => changed(all, mapping, "functionName", arn),
    aliasless(arn),
  ],
  [
    "a queue calls the function by its name",
    (all) => changed(all, mapping, "functionName", "ship"),
    aliasless("ship"),
  ],
  [
    "a queue calls what was written last",
    (all) => changed(all, mapping, "functionName", `${arn}:$LATEST`),
    aliasless(`${arn}:$LATEST`),
  ],
]);
