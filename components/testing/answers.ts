/** The account and region of everything that the mocks make. */
export const mockAccount = "123456789012";
/** @see mockAccount */
export const mockRegion = "eu-central-1";

/** Inputs of a resource or of a function, known and in clear text. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A resource that a provider is asked for. */
export interface NewResource {
  /** The type token, like `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** The Pulumi name. */
  readonly name: string;
  /** The inputs, secret ones in clear text. */
  readonly inputs: Inputs;
  /** The id of one that exists already and is read (`Queue.get`) or imported. */
  readonly id?: string;
}

/** What a provider gives back for a resource. */
export interface Answer {
  /** The provider's id for it. */
  readonly id: string;
  /** Its properties: what it was asked to be, and what the provider adds. */
  readonly state: Inputs;
}

/** Answers to resources by type token, each in place of, or beyond, what is answered by default. */
export type Answers = Readonly<Record<string, (resource: NewResource) => Partial<Answer>>>;

/**
 * The answer to a resource of any type, like a provider's: an id, the inputs and what it adds.
 * @param answers come before the kit's own
 */
export function answerResource(resource: NewResource, answers: Answers = {}): Answer {
  const usual = resource.type.startsWith("kubernetes:")
    ? kubernetesObject(resource)
    : ofProvider(resource);
  const given = answers[resource.type]?.(resource);
  return {
    id: given?.id ?? resource.id ?? usual.id,
    state: { ...resource.inputs, ...usual.state, ...given?.state },
  };
}

function ofProvider({ type, name: resourceName, inputs }: NewResource): Answer {
  // As the providers do, a resource without a name of its own gets one made of its Pulumi name.
  const isFifo = inputs["fifoQueue"] === true || inputs["fifoTopic"] === true;
  const generated = `${resourceName}-1234567${isFifo ? ".fifo" : ""}`;
  const name = text(inputs["name"] ?? inputs["bucket"], generated);
  return known[type]?.(name, inputs) ?? { id: `${name}-id`, state: guessed(type, name, inputs) };
}

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${mockRegion}:${mockAccount}:${resource}`;
const iamArn = (resource: string) => `arn:aws:iam::${mockAccount}:${resource}`;
const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
/** How API Gateway calls a function. */
const invokeArn = (functionArn: string) =>
  `arn:aws:apigateway:${mockRegion}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
/** A resource that AWS knows by its ARN. */
const byArn = (id: string, state: Inputs) => ({ id, state: { ...state, arn: id } });

const mockKeyId = "1234abcd-12ab-34cd-56ef-1234567890ab";
const mockApiId = "a1b2c3d4e5";
const mockUrlId = "abcdefghijklmnopqrstuvwxyz012345";
const imageDigest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** What each resource type answers besides its inputs; `name` is the physical name. */
const known: Readonly<Record<string, (name: string, inputs: Inputs) => Answer>> = {
  "aws:apigatewayv2/api:Api": () => ({
    id: mockApiId,
    state: {
      apiEndpoint: `https://${mockApiId}.execute-api.${mockRegion}.amazonaws.com`,
      arn: `arn:aws:apigateway:${mockRegion}::/apis/${mockApiId}`,
      executionArn: arn("execute-api", mockApiId),
    },
  }),
  "aws:cloudwatch/eventArchive:EventArchive": (name) => ({
    id: name,
    state: { name, arn: arn("events", `archive/${name}`) },
  }),
  "aws:cloudwatch/eventBus:EventBus": (name) => ({
    id: name,
    state: { name, arn: arn("events", `event-bus/${name}`) },
  }),
  "aws:cloudwatch/eventRule:EventRule": (name, inputs) => {
    const bus = inputs["eventBusName"];
    return {
      id: name,
      state: { name, arn: arn("events", `rule/${bus === undefined ? "" : `${bus}/`}${name}`) },
    };
  },
  "aws:cloudwatch/logGroup:LogGroup": (name) => ({
    id: name,
    state: { name, arn: arn("logs", `log-group:${name}`) },
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => ({
    id: name,
    state: { name, arn: arn("cloudwatch", `alarm:${name}`) },
  }),
  "aws:codedeploy/application:Application": (name) => ({
    id: name,
    state: { name, arn: arn("codedeploy", `application:${name}`) },
  }),
  "aws:codedeploy/deploymentConfig:DeploymentConfig": (name) => ({
    id: name,
    state: { deploymentConfigName: name, arn: arn("codedeploy", `deploymentconfig:${name}`) },
  }),
  "aws:codedeploy/deploymentGroup:DeploymentGroup": (_, inputs) => {
    const { appName, deploymentGroupName } = inputs;
    const group = arn("codedeploy", `deploymentgroup:${appName}/${deploymentGroupName}`);
    return { id: group, state: { arn: group } };
  },
  "aws:dynamodb/table:Table": (name, inputs) => {
    const tableArn = arn("dynamodb", `table/${name}`);
    const stream = { streamArn: `${tableArn}/stream/2026-01-01T00:00:00.000` };
    return {
      id: name,
      state: { name, arn: tableArn, ...(inputs["streamEnabled"] === true && stream) },
    };
  },
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": (_, inputs) => ({
    id: text(inputs["ecrRepositoryPrefix"], ""),
    state: { registryId: mockAccount },
  }),
  "aws:ecr/repository:Repository": (name) => ({
    id: name,
    state: {
      name,
      arn: arn("ecr", `repository/${name}`),
      registryId: mockAccount,
      repositoryUrl: `${mockAccount}.dkr.ecr.${mockRegion}.amazonaws.com/${name}`,
    },
  }),
  "aws:ecs/cluster:Cluster": (name) => byArn(arn("ecs", `cluster/${name}`), { name }),
  "aws:ecs/taskDefinition:TaskDefinition": (name, inputs) => {
    const family = text(inputs["family"], name);
    return {
      id: family,
      state: { family, revision: 1, arn: arn("ecs", `task-definition/${family}:1`) },
    };
  },
  "aws:iam/policy:Policy": (name) => byArn(iamArn(`policy/${name}`), { name }),
  "aws:iam/role:Role": (name) => ({ id: name, state: { name, arn: iamArn(`role/${name}`) } }),
  "aws:iam/user:User": (name) => ({ id: name, state: { name, arn: iamArn(`user/${name}`) } }),
  "aws:kinesis/stream:Stream": (name) => byArn(arn("kinesis", `stream/${name}`), { name }),
  "aws:kms/alias:Alias": (name) => ({ id: name, state: { name, arn: arn("kms", name) } }),
  "aws:kms/key:Key": () => ({
    id: mockKeyId,
    state: { keyId: mockKeyId, arn: arn("kms", `key/${mockKeyId}`) },
  }),
  "aws:lambda/alias:Alias": (_, inputs) => {
    const id = arn("lambda", `function:${inputs["functionName"]}:${inputs["name"]}`);
    return byArn(id, { invokeArn: invokeArn(id) });
  },
  "aws:lambda/function:Function": (name) => {
    const functionArn = arn("lambda", `function:${name}`);
    return {
      id: name,
      state: { name, arn: functionArn, invokeArn: invokeArn(functionArn), version: "1" },
    };
  },
  "aws:lambda/layerVersion:LayerVersion": (_, inputs) => {
    const layerArn = arn("lambda", `layer:${inputs["layerName"]}`);
    return byArn(`${layerArn}:1`, { layerArn, version: "1" });
  },
  "aws:lambda/functionUrl:FunctionUrl": (_, inputs) => ({
    id: `${inputs["functionName"]}/${inputs["qualifier"]}`,
    state: { functionUrl: `https://${mockUrlId}.lambda-url.${mockRegion}.on.aws/` },
  }),
  "aws:s3/bucket:Bucket": (name) => ({
    id: name,
    state: { bucket: name, arn: `arn:aws:s3:::${name}` },
  }),
  "aws:scheduler/schedule:Schedule": (name) => ({
    id: `default/${name}`,
    state: { name, arn: arn("scheduler", `schedule/default/${name}`) },
  }),
  "aws:secretsmanager/secret:Secret": (name) =>
    byArn(arn("secretsmanager", `secret:${name}-AbCdEf`), { name }),
  "aws:secretsmanager/secretVersion:SecretVersion": (_, inputs) => ({
    id: `${inputs["secretId"]}|1`,
    state: { arn: inputs["secretId"], versionId: "1" },
  }),
  "aws:sns/topic:Topic": (name) => byArn(arn("sns", name), { name }),
  "aws:sqs/queue:Queue": (name) => {
    const url = `https://sqs.${mockRegion}.amazonaws.com/${mockAccount}/${name}`;
    return { id: url, state: { name, url, arn: arn("sqs", name) } };
  },
  "aws:ssm/parameter:Parameter": (name) => ({
    id: name,
    state: { name, arn: arn("ssm", `parameter/${name.replace(/^\//, "")}`), version: 1 },
  }),
  "docker:index/image:Image": (_, inputs) => {
    const repository = text(inputs["imageName"], "").replace(/:[^:/]*$/, "");
    const repoDigest = `${repository}@${imageDigest}`;
    return { id: repoDigest, state: { repoDigest } };
  },
  "docker-build:index:Image": () => ({ id: imageDigest, state: { digest: imageDigest } }),
};

/**
 * Most types of AWS have an ARN that says service, account and type, like `rds:...:instance/x`.
 * Where it is an input, it is another resource's.
 */
function guessed(type: string, name: string, inputs: Inputs): Inputs {
  const [, service, resource] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  return service === undefined || "arn" in inputs
    ? {}
    : { arn: arn(service, `${resource}/${name}`) };
}

/** The API server's answer: the object with a name and a namespace. */
function kubernetesObject({ name: resourceName, inputs }: NewResource): Answer {
  const metadata: Inputs = { ...(inputs["metadata"] as Inputs | undefined) };
  const name = text(metadata["name"], `${resourceName}-1a2b3c4d`);
  const namespace = text(metadata["namespace"], "default");
  return { id: `${namespace}/${name}`, state: { metadata: { ...metadata, name, namespace } } };
}
