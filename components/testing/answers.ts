/** The account and region of everything that the mocks make. */
export const mockAccount = "123456789012";
/** @see mockAccount */
export const mockRegion = "eu-central-1";

/** What a provider gives back for a new resource. */
export interface Answer {
  readonly id: string;
  readonly state: Readonly<Record<string, unknown>>;
}

type Inputs = Readonly<Record<string, unknown>>;

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${mockRegion}:${mockAccount}:${resource}`;
const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);

/** What each resource type answers besides its inputs; `name` is the physical name. */
const answers: Readonly<Record<string, (name: string, inputs: Inputs) => Answer>> = {
  "aws:ecr/repository:Repository": (name) => ({
    id: name,
    state: {
      name,
      arn: arn("ecr", `repository/${name}`),
      registryId: mockAccount,
      repositoryUrl: `${mockAccount}.dkr.ecr.${mockRegion}.amazonaws.com/${name}`,
    },
  }),
  "aws:sqs/queue:Queue": (name) => {
    const url = `https://sqs.${mockRegion}.amazonaws.com/${mockAccount}/${name}`;
    return { id: url, state: { name, url, arn: arn("sqs", name) } };
  },
  "aws:s3/bucket:Bucket": (name) => ({
    id: name,
    state: { bucket: name, arn: `arn:aws:s3:::${name}` },
  }),
  "aws:iam/role:Role": (name) => ({
    id: name,
    state: { name, arn: `arn:aws:iam::${mockAccount}:role/${name}` },
  }),
  "aws:cloudwatch/logGroup:LogGroup": (name) => ({
    id: name,
    state: { name, arn: arn("logs", `log-group:${name}`) },
  }),
  "aws:lambda/function:Function": (name) => ({
    id: name,
    state: { name, arn: arn("lambda", `function:${name}`), version: "1" },
  }),
  "aws:lambda/alias:Alias": (_, inputs) => {
    const id = arn("lambda", `function:${inputs["functionName"]}:${inputs["name"]}`);
    return { id, state: { arn: id } };
  },
  "aws:secretsmanager/secret:Secret": (name) => {
    const id = arn("secretsmanager", `secret:${name}-AbCdEf`);
    return { id, state: { name, arn: id } };
  },
  "aws:secretsmanager/secretVersion:SecretVersion": (_, inputs) => ({
    id: `${inputs["secretId"]}|1`,
    state: { arn: inputs["secretId"] },
  }),
  "aws:sns/topic:Topic": (name) => ({
    id: arn("sns", name),
    state: { name, arn: arn("sns", name) },
  }),
  "aws:kms/key:Key": (name) => ({
    id: name,
    state: { keyId: name, arn: arn("kms", `key/${name}`) },
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => ({
    id: name,
    state: { name, arn: arn("cloudwatch", `alarm:${name}`) },
  }),
  "docker:index/image:Image": (_, inputs) => {
    const repository = text(inputs["imageName"], "").replace(/:[^:/]*$/, "");
    const repoDigest = `${repository}@sha256:${"0123456789abcdef".repeat(4)}`;
    return { id: repoDigest, state: { repoDigest } };
  },
};

/** The answer to a resource of any type, like a provider's: an id, the inputs and what it adds. */
export function answerResource(type: string, resourceName: string, inputs: Inputs): Answer {
  if (type.startsWith("kubernetes:")) return kubernetesObject(resourceName, inputs);
  // As the providers do, a resource without a name of its own gets one made of its Pulumi name.
  const name = text(inputs["name"] ?? inputs["bucket"], `${resourceName}-1234567`);
  const { id, state } = answers[type]?.(name, inputs) ?? { id: `${name}-id`, state: {} };
  return { id, state: { ...inputs, ...state } };
}

/** The API server's answer: the object with a name and a namespace. */
function kubernetesObject(resourceName: string, inputs: Inputs): Answer {
  const metadata: Inputs = { ...(inputs["metadata"] as Inputs | undefined) };
  const name = text(metadata["name"], `${resourceName}-1a2b3c4d`);
  const namespace = text(metadata["namespace"], "default");
  return {
    id: `${namespace}/${name}`,
    state: { ...inputs, metadata: { ...metadata, name, namespace } },
  };
}

/** The answer to a provider's function. Those that are not known here answer with their input. */
export function answerCall(token: string, inputs: Inputs): Inputs {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: mockAccount, arn: `arn:aws:iam::${mockAccount}:user/test` };
    case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
      return {
        userName: "AWS",
        password: "mock-registry-password",
        proxyEndpoint: `https://${mockAccount}.dkr.ecr.${mockRegion}.amazonaws.com`,
      };
    case "aws:eks/getCluster:getCluster":
      return {
        ...inputs,
        endpoint: `https://${inputs["name"]}.eks.amazonaws.com`,
        certificateAuthorities: [{ data: "bW9jaw==" }],
      };
    default:
      return inputs;
  }
}
