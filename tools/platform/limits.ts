import type { ExportedStack } from "../cut-off";

/** Something that a resource asks for, and that has no effect on the local platform. */
export interface Limit {
  /** The thing that is asked for. */
  readonly asked: string;
  /** The behaviour on the local platform, after the thing's name. */
  readonly instead: string;
  /** The types of the resources that may ask for it. */
  readonly types: readonly string[];
  /** Tells the resources of these types that ask for it. @default all of them */
  readonly when?: (inputs: Inputs) => boolean;
}

type Inputs = Readonly<Record<string, unknown>>;

/** Everything that the local platform takes without effect; docs/local-platform.md has the table. */
export const limits: readonly Limit[] = [
  {
    asked: "IAM policies",
    instead: "are kept, but nothing is refused for lack of a permission",
    types: ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
  },
  {
    asked: "AWS_IAM on a route or a function URL",
    instead: "lets every signed request in: the signature is not checked",
    types: ["aws:apigatewayv2/route:Route", "aws:lambda/functionUrl:FunctionUrl"],
    when: ({ authorizationType }) => authorizationType === "AWS_IAM",
  },
  {
    asked: "Throttling of an API",
    instead: "has no effect: every request is let through",
    types: ["aws:apigatewayv2/stage:Stage"],
    when: ({ defaultRouteSettings, routeSettings }) =>
      [defaultRouteSettings, ...list(routeSettings)].some((each) =>
        has(each, "throttlingRateLimit"),
      ),
  },
  {
    asked: "Domains of APIs",
    instead: "do not answer: the API has its local URL alone",
    types: ["aws:apigatewayv2/domainName:DomainName", "aws:apigatewayv2/apiMapping:ApiMapping"],
  },
  {
    asked: "Integrations other than with functions",
    instead: "are answered with 500",
    types: ["aws:apigatewayv2/integration:Integration"],
    when: ({ integrationType }) => integrationType !== "AWS_PROXY",
  },
  {
    asked: "WebSocket and REST APIs",
    instead: "do not answer",
    types: ["aws:apigatewayv2/api:Api", "aws:apigateway/restApi:RestApi"],
    when: ({ protocolType }) => protocolType !== "HTTP",
  },
  {
    asked: "RESPONSE_STREAM of a function URL",
    instead: "sends the answer when it is complete",
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    when: ({ invokeMode }) => invokeMode === "RESPONSE_STREAM",
  },
  {
    asked: "Functions in a VPC",
    instead: "run on this machine, and reach what it reaches",
    types: ["aws:lambda/function:Function"],
    when: (inputs) => has(inputs, "vpcConfig"),
  },
  {
    asked: "File systems of functions",
    instead: "are not mounted",
    types: ["aws:lambda/function:Function"],
    when: (inputs) => has(inputs, "fileSystemConfig"),
  },
  {
    asked: "Functions from container images",
    instead: "are made, and fail when they are called",
    types: ["aws:lambda/function:Function"],
    when: ({ packageType }) => packageType === "Image",
  },
  {
    asked: "Tracing of functions",
    instead: "records nothing",
    types: ["aws:lambda/function:Function"],
    when: ({ tracingConfig }) => Object(tracingConfig).mode === "Active",
  },
  {
    asked: "Provisioned concurrency, code signing and recursion limits of functions",
    instead: "are not known: the update fails",
    types: [
      "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
      "aws:lambda/codeSigningConfig:CodeSigningConfig",
      "aws:lambda/functionRecursionConfig:FunctionRecursionConfig",
    ],
  },
  {
    asked: "Pollers of its own for a queue",
    instead: "are not started: the shared ones fetch its messages",
    types: ["aws:lambda/eventSourceMapping:EventSourceMapping"],
    when: (inputs) => has(inputs, "provisionedPollerConfig"),
  },
  {
    asked: "Halved batches, windows and parallel batches of a stream",
    instead: "have no effect: batches come whole, one after the other",
    types: ["aws:lambda/eventSourceMapping:EventSourceMapping"],
    when: ({ bisectBatchOnFunctionError, tumblingWindowInSeconds, parallelizationFactor }) =>
      bisectBatchOnFunctionError === true ||
      Number(tumblingWindowInSeconds ?? 0) > 0 ||
      Number(parallelizationFactor ?? 1) > 1,
  },
  {
    asked: "Targets other than functions, queues, topics, buses, streams and state machines",
    instead: "get nothing: their events go to the dead-letter queue",
    types: ["aws:cloudwatch/eventTarget:EventTarget", "aws:scheduler/schedule:Schedule"],
    when: ({ arn, target }) => {
      const [, , service] = String(arn ?? Object(target).arn).split(":");
      return !["lambda", "sqs", "sns", "events", "states", "kinesis", "logs"].includes(
        String(service),
      );
    },
  },
  {
    asked: "Steps of a state machine",
    instead: "are not run: an execution only starts",
    types: ["aws:sfn/stateMachine:StateMachine"],
  },
  {
    asked: "Mail and text messages of a topic",
    instead: "are not sent",
    types: ["aws:sns/topicSubscription:TopicSubscription"],
    when: ({ protocol }) => /^(email|email-json|sms)$/.test(String(protocol)),
  },
  {
    asked: "Alarms on percentiles, on anomalies and on other alarms",
    instead: "do not go off",
    types: [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "aws:cloudwatch/compositeAlarm:CompositeAlarm",
    ],
    when: (inputs) =>
      has(inputs, "extendedStatistic") ||
      has(inputs, "thresholdMetricId") ||
      has(inputs, "alarmRule"),
  },
  {
    asked: "Alarms on throttling and errors of DynamoDB",
    instead: "do not go off: the emulator has neither",
    types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    when: ({ namespace, metricQueries }) =>
      [namespace, ...list(metricQueries).map((each) => Object(Object(each).metric).namespace)].some(
        (each) => each === "AWS/DynamoDB",
      ),
  },
  {
    asked: "Dashboards",
    instead: "are kept, and not drawn",
    types: ["aws:cloudwatch/dashboard:Dashboard"],
  },
  {
    asked: "Replicas of a table",
    instead: "are not made: the update does not end",
    types: ["aws:dynamodb/table:Table"],
    when: ({ replicas }) => list(replicas).length > 0,
  },
  {
    asked: "Replication and lifecycles of buckets",
    instead: "move and delete nothing",
    types: [
      "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    ],
  },
  {
    asked: "Scanning, replication and lifecycles of registries",
    instead: "find, copy and delete nothing",
    types: [
      "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
      "aws:ecr/replicationConfiguration:ReplicationConfiguration",
      "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    ],
  },
  {
    asked: "Pull-through caches and templates of repositories",
    instead: "are not known: the update fails",
    types: [
      "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
      "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    ],
  },
  {
    asked: "Rotation of secrets",
    instead: "does not happen",
    types: ["aws:secretsmanager/secretRotation:SecretRotation"],
  },
  {
    asked: "Pod identities",
    instead: "are not known: pods are given test keys",
    types: ["aws:eks/podIdentityAssociation:PodIdentityAssociation"],
  },
];

/** The limits that a stack runs into, by its state. */
function limitsOf({ deployment }: ExportedStack): readonly Limit[] {
  const resources = deployment?.resources ?? [];
  return limits.filter(({ types, when = () => true }) =>
    resources.some(({ type, inputs }) => types.includes(type) && when(inputs ?? {})),
  );
}

/** Lines about everything that a stack asks for in vain; none where there is nothing of the kind. */
export function limitLines(stack: ExportedStack): string[] {
  const lines = limitsOf(stack).map(({ asked, instead }) => `  ${asked} ${instead}.`);
  if (lines.length === 0) return [];
  return ["", "Not on the local platform (docs/local-platform.md):", ...lines];
}

/** The table of the documentation, its columns aligned as the formatter aligns them. */
export function limitTable(): string {
  const head = ["What a stack asks for", "On the local platform"] as const;
  const rows = [head, ...limits.map(({ asked, instead }) => [asked, instead] as const)];
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [first, ...rest] = rows.map(
    (row) => `| ${row[0].padEnd(width(0))} | ${row[1].padEnd(width(1))} |`,
  );
  const rule = `| ${"-".repeat(width(0))} | ${"-".repeat(width(1))} |`;
  return [first, rule, ...rest].join("\n");
}

function has(value: unknown, name: string): boolean {
  return Object(value)[name] !== undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
