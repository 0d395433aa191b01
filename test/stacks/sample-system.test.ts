import type * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { folderFiles } from "../../components/lambda/code";
import { packageFiles } from "../../components/lambda/package";
import { hashBuildContext } from "../../components/registry/build-context";
import {
  findSecrets,
  type RecordedResource,
  type Recording,
  record,
} from "../../components/testing";
import { readEnvironment } from "../../config";
import { deploySampleSystem } from "../../stacks/sample-system";
import { canary } from "../support/canary";
import { parsed } from "../support/inputs";
import { allowing, policyOf } from "../support/policies";
import { configOfFile } from "../support/stack-files";
import { withoutVariables } from "../support/variables";

withoutVariables(
  "AWS_ENDPOINT_URL",
  "KUBECONFIG",
  "GROUNDWORK_IMAGE_REGISTRY",
  "GROUNDWORK_POD_AWS_ENDPOINT",
  "GROUNDWORK_WEB_IMAGE",
);

beforeEach(() => {
  process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
  process.env["KUBECONFIG"] = "/run/kubeconfig";
});

/** A recording, and what was said to whoever looks on. */
interface Deployment {
  readonly recording: Recording;
  readonly said: readonly string[];
}

/** The secrets of every stack; both hold the canary. */
const secrets = {
  "groundwork:sealKey": `${canary}-seal`,
  "groundwork:sessionKey": `${canary}-session`,
};

/** Where the engine encrypts them. */
const placesOfSecrets = [
  "aws:secretsmanager/secretVersion:SecretVersion archive-SEAL_KEY-version: inputs.secretStringWo",
  "kubernetes:core/v1:Secret web-etc-web-secrets: inputs.stringData.session-key",
];

/** What anybody changes to try things out; a test may not depend on it. */
const chosen: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dev: {
    "groundwork:greeting": "Hello from groundwork",
    "groundwork:logLevel": "DEBUG",
    "groundwork:logRetentionDays": "1",
    "groundwork:replicas": "3",
    "groundwork:webImage": "localhost:5000/web:0.1.0",
  },
};

/** Deploys a stack as its file says, with its secrets. */
async function deploy(
  stack: string,
  given: Readonly<Record<string, string>> = {},
  preview = false,
): Promise<Deployment> {
  const recording = await record(() => deploySampleSystem(readEnvironment()), {
    stack,
    preview,
    config: { ...configOfFile(stack), ...chosen[stack], ...secrets, ...given },
    secretKeys: Object.keys(secrets),
  });
  return { recording, said: recording.messages.map(({ text }) => text) };
}

/** What a stack asks pulumi to protect, components left out, as `type name`, sorted. */
async function protectedIn(
  stack: string,
  given: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const register = jest.spyOn(MockMonitor.prototype, "registerResource");
  await deploy(stack, given);
  return register.mock.calls
    .map(([request]) => request)
    .filter((request) => request.getCustom() && request.getProtect())
    .map((request) => `${request.getType()} ${request.getName()}`)
    .sort();
}

const deployed = new Map<string, Promise<Deployment>>();

/** A stack as its file says, deployed for the first test that asks for it. */
function deployment(stack: string): Promise<Deployment> {
  const made = deployed.get(stack) ?? deploy(stack);
  deployed.set(stack, made);
  return made;
}

const alarms = "groundwork:monitoring:AlarmTopic alarms";
const orders = "groundwork:messaging:Queue orders";
const bucket = "groundwork:data:Bucket archive";
const sealKey = "groundwork:configuration:SecretStore archive";
const archive = "groundwork:lambda:LambdaFunction archive";
const subscription = "groundwork:lambda:QueueSubscription archive";
const registry = "groundwork:registry:ContainerRegistry web";
const image = "groundwork:registry:ContainerImage web";
const namespace = "groundwork:kubernetes:Namespace groundwork";
const web = "groundwork:kubernetes:Microservice web";
const dashboard = "groundwork:monitoring:Dashboard overview";
const identity = "groundwork:kubernetes:PodIdentity web";

const dockerImage = "docker:index/image:Image";
const repositoryUrl = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web-1234567";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const sealKeyArn =
  "arn:aws:secretsmanager:eu-central-1:123456789012:secret:archive-SEAL_KEY-1234567-AbCdEf";

/** The tag of the image that is built from the sample service as it stands. */
function tag(): string {
  const settings = {
    dockerfile: "Dockerfile",
    target: undefined,
    platforms: ["linux/amd64"],
    buildKit: false,
    secretNames: [],
    buildArgs: {},
  };
  return hashBuildContext("apps/web", settings).slice(0, 12);
}

/** A resource as `type name`, what it is a child of, and the provider it uses. */
type Row = readonly [resource: string, parent: string | undefined, provider: string | undefined];

const inEveryStack: readonly Row[] = [
  ["pulumi:providers:aws aws", undefined, undefined],
  ["pulumi:providers:kubernetes kubernetes", undefined, undefined],
  [alarms, undefined, undefined],
  ["aws:kms/key:Key alarms-key", alarms, "aws"],
  ["aws:sns/topic:Topic alarms", alarms, "aws"],
  ["aws:sns/topicPolicy:TopicPolicy alarms-policy", alarms, "aws"],
  [orders, undefined, undefined],
  ["aws:cloudwatch/metricAlarm:MetricAlarm orders-dead-letters-alarm", orders, "aws"],
  ["aws:sqs/queue:Queue orders", orders, "aws"],
  ["aws:sqs/queue:Queue orders-dead-letters", orders, "aws"],
  [bucket, undefined, undefined],
  ["aws:s3/bucket:Bucket archive", bucket, "aws"],
  [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration archive-lifecycle",
    bucket,
    "aws",
  ],
  ["aws:s3/bucketOwnershipControls:BucketOwnershipControls archive-ownership", bucket, "aws"],
  ["aws:s3/bucketPolicy:BucketPolicy archive-policy", bucket, "aws"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock archive-public-access", bucket, "aws"],
  [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration archive-encryption",
    bucket,
    "aws",
  ],
  ["aws:s3/bucketVersioning:BucketVersioning archive-versioning", bucket, "aws"],
  [sealKey, undefined, undefined],
  ["aws:secretsmanager/secret:Secret archive-SEAL_KEY", sealKey, "aws"],
  ["aws:secretsmanager/secretVersion:SecretVersion archive-SEAL_KEY-version", sealKey, "aws"],
  [archive, undefined, undefined],
  ["aws:cloudwatch/metricAlarm:MetricAlarm archive-errors-alarm", archive, "aws"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm archive-throttles-alarm", archive, "aws"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm archive-dropped-events-alarm", archive, "aws"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm archive-duration-alarm", archive, "aws"],
  ["aws:cloudwatch/logGroup:LogGroup archive-logs", archive, "aws"],
  ["aws:iam/role:Role archive-role", archive, "aws"],
  ["aws:iam/rolePolicy:RolePolicy archive-policy", archive, "aws"],
  ["aws:lambda/alias:Alias archive-live", archive, "aws"],
  ["aws:lambda/function:Function archive", archive, "aws"],
  [subscription, undefined, undefined],
  ["aws:iam/rolePolicy:RolePolicy archive-consume", subscription, "aws"],
  ["aws:lambda/eventSourceMapping:EventSourceMapping archive", subscription, "aws"],
  [registry, undefined, undefined],
  ["aws:ecr/lifecyclePolicy:LifecyclePolicy web-lifecycle", registry, "aws"],
  ["aws:ecr/repository:Repository web", registry, "aws"],
  [image, undefined, undefined],
  [namespace, undefined, undefined],
  ["kubernetes:core/v1:Namespace groundwork", namespace, "kubernetes"],
  ["kubernetes:core/v1:LimitRange groundwork-limits", namespace, "kubernetes"],
  ["kubernetes:core/v1:ResourceQuota groundwork-quota", namespace, "kubernetes"],
  ["kubernetes:networking.k8s.io/v1:NetworkPolicy groundwork-deny", namespace, "kubernetes"],
  ["kubernetes:scheduling.k8s.io/v1:PriorityClass groundwork-priority", namespace, "kubernetes"],
  [web, undefined, undefined],
  ["kubernetes:apps/v1:Deployment web", web, "kubernetes"],
  ["kubernetes:core/v1:ConfigMap web-config", web, "kubernetes"],
  ["kubernetes:core/v1:Secret web-etc-web-secrets", web, "kubernetes"],
  ["kubernetes:core/v1:Service web-service", web, "kubernetes"],
  ["kubernetes:core/v1:ServiceAccount web-account", web, "kubernetes"],
  ["kubernetes:networking.k8s.io/v1:NetworkPolicy web-network", web, "kubernetes"],
  ["kubernetes:policy/v1:PodDisruptionBudget web-disruption", web, "kubernetes"],
  [dashboard, undefined, undefined],
  ["aws:cloudwatch/dashboard:Dashboard overview", dashboard, "aws"],
];

/** What staging and prod have, where new versions of functions come gradually. */
const onAws: readonly Row[] = [
  ["aws:cloudwatch/metricAlarm:MetricAlarm archive-release-errors-alarm", archive, "aws"],
  ["aws:codedeploy/application:Application archive-release", archive, "aws"],
  ["aws:codedeploy/deploymentConfig:DeploymentConfig archive-release-config", archive, "aws"],
  ["aws:codedeploy/deploymentGroup:DeploymentGroup archive-release-group", archive, "aws"],
  ["aws:iam/role:Role archive-release-role", archive, "aws"],
  ["aws:iam/rolePolicy:RolePolicy archive-release-policy", archive, "aws"],
  [identity, undefined, undefined],
  ["aws:eks/podIdentityAssociation:PodIdentityAssociation web", identity, "aws"],
  ["aws:iam/role:Role web-role", identity, "aws"],
  ["aws:iam/rolePolicy:RolePolicy web-policy", identity, "aws"],
];

/** What lets prod's account pull what staging has tested. */
const pulled: Row = ["aws:ecr/repositoryPolicy:RepositoryPolicy web-policy", registry, "aws"];

const built: Row = [`${dockerImage} web`, image, undefined];

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();

const rowsOf = (recording: Recording) =>
  sorted(
    recording.resources.map(({ type, name, parent, provider }) => [
      `${type} ${name}`,
      parent,
      provider,
    ]),
  );

/** The outputs of a stack that runs this image. */
const outputsOf = (stack: string, webImage: string) => ({
  webUrl: `http://web.groundwork-${stack}`,
  webImage,
  webNamespace: `groundwork-${stack}`,
  repositoryUrl,
  ordersQueueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-1234567",
  archiveFunctionName: "archive-1234567",
  archiveBucketName: "archive-1234567",
  dashboardName: `groundwork-${stack}-overview`,
});

/** What the web service is told, besides its secret. */
const configOfWeb = (recording: Recording) =>
  recording.one("kubernetes:core/v1:ConfigMap", "web-config").inputs["data"];

describe("dev", () => {
  test("has everything but an identity in AWS, through its own providers", async () => {
    const { recording } = await deployment("dev");
    expect(rowsOf(recording)).toEqual(sorted(inEveryStack));
    expect(recording.outputs).toEqual(outputsOf("dev", "localhost:5000/web:0.1.0"));
  });

  test("takes the image as configured where none can be built, and says so", async () => {
    const { said } = await deployment("dev");
    expect(said.at(-1)).toBe("The image of web is taken as configured: localhost:5000/web:0.1.0");
  });

  test("builds the image where there is a registry to push to, and says so", async () => {
    process.env["GROUNDWORK_IMAGE_REGISTRY"] = "localhost:5001";
    const { recording, said } = await deploy("dev");
    expect(rowsOf(recording)).toEqual(sorted([...inEveryStack, built]));
    expect(recording.one(dockerImage, "web").inputs).toEqual({
      imageName: `localhost:5001/web:${tag()}`,
      build: { context: "apps/web", dockerfile: "apps/web/Dockerfile", platform: "linux/amd64" },
      buildOnPreview: false,
      skipPush: false,
    });
    expect(recording.outputs["webImage"]).toBe(`localhost:5001/web@${digest}`);
    expect(said.at(-1)).toBe(
      "The image of web is built from apps/web and pushed to localhost:5001/web.",
    );
  });

  test("leads the web service to the emulator", async () => {
    expect(configOfWeb((await deployment("dev")).recording)).toEqual({
      ENVIRONMENT: "dev",
      GREETING: "Hello from groundwork",
      LOG_LEVEL: "DEBUG",
      CORS_ORIGINS: "",
      SESSION_KEY_FILE: "/etc/web/session-key",
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      ORDERS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-1234567",
    });
  });

  test("leads it there by an address of the pods' own, also by the queue's URL", async () => {
    process.env["GROUNDWORK_POD_AWS_ENDPOINT"] = "http://172.18.0.1:20001";
    const { recording } = await deploy("dev");
    expect(configOfWeb(recording)).toMatchObject({
      AWS_ENDPOINT_URL: "http://172.18.0.1:20001",
      ORDERS_QUEUE_URL: "http://172.18.0.1:20001/123456789012/orders-1234567",
    });
    // People and functions are on this machine.
    expect(recording.outputs["ordersQueueUrl"]).toBe(
      "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-1234567",
    );
    const [policy] = recording
      .ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")
      .filter(({ name, parent }) => name === "web-network" && parent === web);
    expect(policy?.inputs["spec"]).toMatchObject({
      egress: expect.arrayContaining([{ ports: [{ port: 20001, protocol: "TCP" }] }]),
    });
  });

  test("takes the image that make up has built", async () => {
    const ref = `localhost:20009/web@${digest}`;
    process.env["GROUNDWORK_WEB_IMAGE"] = ref;
    const { recording, said } = await deploy("dev");
    expect(rowsOf(recording)).toEqual(sorted(inEveryStack));
    expect(recording.outputs["webImage"]).toBe(ref);
    expect(said.at(-1)).toBe(`The image of web is the one that was built before: ${ref}`);
  });

  test("can be destroyed with what it holds", async () => {
    const { recording } = await deployment("dev");
    expect(recording.one("aws:s3/bucket:Bucket", "archive").inputs).toEqual({ forceDestroy: true });
    expect(recording.one("aws:ecr/repository:Repository", "web").inputs).toMatchObject({
      forceDelete: true,
    });
    expect(recording.one("aws:secretsmanager/secret:Secret", "archive-SEAL_KEY").inputs).toEqual({
      recoveryWindowInDays: 0,
    });
  });

  test("protects nothing", async () => {
    expect(await protectedIn("dev")).toEqual([]);
  });

  test("protects what holds data where that is asked for, but not a secret's value, nor who may pull", async () => {
    const given = {
      "groundwork:deletionProtection": "true",
      "groundwork:pullAccounts": "222222222222",
    };
    expect(await protectedIn("dev", given)).toEqual([
      "aws:ecr/repository:Repository web",
      "aws:s3/bucket:Bucket archive",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration archive-lifecycle",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls archive-ownership",
      "aws:s3/bucketPolicy:BucketPolicy archive-policy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock archive-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration archive-encryption",
      "aws:s3/bucketVersioning:BucketVersioning archive-versioning",
      "aws:secretsmanager/secret:Secret archive-SEAL_KEY",
      "aws:sqs/queue:Queue orders",
      "aws:sqs/queue:Queue orders-dead-letters",
    ]);
  });

  test("tells the web service which pages may call it", async () => {
    const { recording } = await deploy("dev", { "groundwork:corsOrigins": "*" });
    expect(configOfWeb(recording)).toMatchObject({ CORS_ORIGINS: "*" });
  });

  test("lets in through its route whoever comes from there, and nobody else", async () => {
    const { recording } = await deploy("dev", {
      "groundwork:webHost": "shop.example.com",
      "groundwork:trafficController": "ingress-nginx",
      "groundwork:certificateIssuer": "letsencrypt",
    });
    const rules = recording
      .ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")
      .filter(({ name }) => name === "web-network")
      .map(({ parent, inputs }) => [parent, inputs["spec"]]);
    const pods = { matchLabels: { "app.kubernetes.io/name": "web" } };
    const ports = [{ port: 8080, protocol: "TCP" }];
    const controller = { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } };
    expect(rules).toHaveLength(2);
    expect(Object.fromEntries(rules)).toMatchObject({
      [web]: { podSelector: pods, ingress: [{ from: [{ podSelector: pods }], ports }] },
      "groundwork:kubernetes:Route web": {
        podSelector: pods,
        ingress: [{ from: [{ namespaceSelector: controller }], ports }],
      },
    });
  });

  test("lives in the namespace that is asked for", async () => {
    const { recording } = await deploy("dev", { "groundwork:namespace": "mine" });
    expect(recording.outputs).toMatchObject({ webUrl: "http://web.mine", webNamespace: "mine" });
    const names = recording.resources
      .filter(({ provider }) => provider === "kubernetes")
      // It is the cluster's.
      .filter(({ type }) => !type.endsWith(":PriorityClass"))
      .map(({ inputs }) => inputs["metadata"] as { name?: string; namespace?: string })
      .map(({ name, namespace }) => namespace ?? name);
    expect(new Set(names)).toEqual(new Set(["mine"]));
  });
});

describe("staging", () => {
  test("has everything, with an image built for it, through its own providers", async () => {
    const { recording } = await deployment("staging");
    expect(rowsOf(recording)).toEqual(sorted([...inEveryStack, ...onAws, pulled, built]));
    expect(recording.outputs).toEqual(outputsOf("staging", `${repositoryUrl}@${digest}`));
  });

  test("can be previewed before there is anything, and shows no secret then", async () => {
    const { recording } = await deploy("staging", {}, true);
    expect(rowsOf(recording)).toEqual(rowsOf((await deployment("staging")).recording));
    expect(findSecrets(recording, canary)).toEqual({ leaked: [], encrypted: placesOfSecrets });
  });

  test("pushes the image to its own repository with credentials, and says so", async () => {
    const { recording, said } = await deployment("staging");
    const made = recording.one(dockerImage, "web");
    expect(made.inputs).toEqual({
      imageName: `${repositoryUrl}:${tag()}`,
      build: { context: "apps/web", dockerfile: "apps/web/Dockerfile", platform: "linux/amd64" },
      registry: {
        server: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
        username: "AWS",
        password: "mock-registry-password",
      },
      buildOnPreview: false,
      skipPush: false,
    });
    expect(made.secretInputs).toEqual(["registry.password"]);
    expect(made.dependencies).toEqual(["aws:ecr/repository:Repository web"]);
    expect(said).toEqual([
      "The image of web is built from apps/web and pushed to the stack's registry.",
    ]);
  });

  test("keeps what others run, and lets the accounts pull that it is told", async () => {
    const { recording } = await deploy("staging", {
      "groundwork:pullAccounts": "222222222222, 333333333333",
    });
    const { policy } = parsed(
      recording.one("aws:ecr/lifecyclePolicy:LifecyclePolicy", "web-lifecycle"),
      "policy",
    );
    expect(policy.rules[0]).toMatchObject({
      rulePriority: 1,
      selection: { tagPatternList: ["deployed-*"] },
    });
    expect(
      parsed(recording.one("aws:ecr/repositoryPolicy:RepositoryPolicy", "web-policy"), "policy"),
    ).toEqual({
      repository: "web-1234567",
      policy: policyOf({
        Sid: "Pull",
        Effect: "Allow",
        Principal: { AWS: ["222222222222", "333333333333"] },
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ],
      }),
    });
  });

  test("lets the web service's pods send orders, and nothing else", async () => {
    const { recording } = await deployment("staging");
    expect(parsed(recording.one("aws:iam/rolePolicy:RolePolicy", "web-policy"), "policy")).toEqual({
      role: "web-role-1234567",
      policy: policyOf(
        allowing(["sqs:SendMessage"], "arn:aws:sqs:eu-central-1:123456789012:orders-1234567"),
      ),
    });
    expect(
      recording.one("aws:eks/podIdentityAssociation:PodIdentityAssociation", "web").inputs,
    ).toEqual({
      clusterName: "groundwork-staging",
      namespace: "groundwork-staging",
      serviceAccount: "web",
      roleArn: "arn:aws:iam::123456789012:role/web-role-1234567",
    });
  });

  test("lets the function take orders, read its key, put into orders/ of the bucket, and log", async () => {
    const { recording } = await deployment("staging");
    const policies = recording
      .ofType("aws:iam/rolePolicy:RolePolicy")
      .map((policy) => parsed(policy, "policy"))
      .filter(({ role }) => role === "archive-role-1234567")
      .flatMap(({ policy }) => policy.Statement);
    expect(policies).toEqual(
      expect.arrayContaining([
        allowing(
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          "arn:aws:logs:eu-central-1:123456789012:log-group:archive-logs-1234567:*",
        ),
        allowing(["s3:PutObject"], "arn:aws:s3:::archive-1234567/orders/*"),
        allowing(["secretsmanager:GetSecretValue"], sealKeyArn),
        allowing(
          [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
          ],
          "arn:aws:sqs:eu-central-1:123456789012:orders-1234567",
        ),
      ]),
    );
    expect(policies).toHaveLength(4);
  });

  test("can have its key back for 30 days after it was destroyed", async () => {
    const { recording } = await deployment("staging");
    expect(recording.one("aws:secretsmanager/secret:Secret", "archive-SEAL_KEY").inputs).toEqual({
      recoveryWindowInDays: 30,
    });
  });

  test("runs the sample function on the orders of the queue", async () => {
    const { recording } = await deployment("staging");
    const { code, ...inputs } = recording.one("aws:lambda/function:Function", "archive").inputs;
    expect(inputs).toEqual({
      description: "Puts orders from the queue into the bucket",
      handler: "handler.handler",
      runtime: "python3.13",
      architectures: ["arm64"],
      memorySize: 256,
      timeout: 30,
      environment: {
        variables: {
          LOG_LEVEL: "INFO",
          ARCHIVE_BUCKET: "archive-1234567",
          ARCHIVE_SEAL_KEY_SECRET_ARN: sealKeyArn,
          ARCHIVE_SEAL_KEY_SECRET_VERSION: "1",
        },
      },
      role: "arn:aws:iam::123456789012:role/archive-role-1234567",
      ephemeralStorage: { size: 512 },
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        logGroup: "archive-logs-1234567",
      },
      tracingConfig: { mode: "PassThrough" },
      publish: true,
    });
    const packaged = packageFiles("the code", folderFiles("apps/archive/src"))
      .archive as pulumi.asset.FileArchive;
    expect(await (code as pulumi.asset.FileArchive).path).toBe(await packaged.path);
    expect(
      recording.one("aws:lambda/eventSourceMapping:EventSourceMapping", "archive").inputs,
    ).toEqual({
      eventSourceArn: "arn:aws:sqs:eu-central-1:123456789012:orders-1234567",
      functionName: "arn:aws:lambda:eu-central-1:123456789012:function:archive-1234567:live",
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  test("tells the web service where it is, and lets it reach the queue's API", async () => {
    const { recording } = await deployment("staging");
    expect(configOfWeb(recording)).toEqual({
      ENVIRONMENT: "staging",
      GREETING: "Hello from groundwork",
      LOG_LEVEL: "INFO",
      CORS_ORIGINS: "",
      SESSION_KEY_FILE: "/etc/web/session-key",
      AWS_REGION: "eu-central-1",
      ORDERS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-1234567",
    });
    const { spec } = recording.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "web-network")
      .inputs as { spec: { ingress: unknown; egress: readonly unknown[] } };
    expect(spec.ingress).toEqual([
      {
        from: [
          { podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } } },
          { podSelector: {} },
        ],
        ports: [{ port: 8080, protocol: "TCP" }],
      },
    ]);
    expect(spec.egress.slice(1)).toEqual([
      { ports: [{ port: 443, protocol: "TCP" }] },
      {
        to: [{ ipBlock: { cidr: "169.254.170.23/32" } }, { ipBlock: { cidr: "fd00:ec2::23/128" } }],
        ports: [{ port: 80, protocol: "TCP" }],
      },
    ]);
  });

  test("makes the pods only after they have an identity", async () => {
    const { recording } = await deployment("prod");
    const { dependencies } = recording.one("kubernetes:apps/v1:Deployment", "web");
    expect(dependencies).toEqual([
      "aws:eks/podIdentityAssociation:PodIdentityAssociation web",
      "aws:iam/role:Role web-role",
      "aws:iam/rolePolicy:RolePolicy web-policy",
      "kubernetes:core/v1:ConfigMap web-config",
      "kubernetes:core/v1:Namespace groundwork",
      "kubernetes:core/v1:Secret web-etc-web-secrets",
      "kubernetes:core/v1:ServiceAccount web-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy web-network",
      "kubernetes:scheduling.k8s.io/v1:PriorityClass groundwork-priority",
    ]);
    expect(
      recording.one("aws:eks/podIdentityAssociation:PodIdentityAssociation", "web").inputs,
    ).toMatchObject({ serviceAccount: "web", namespace: "groundwork-prod" });
  });
});

describe("prod", () => {
  const tested = `111111111111.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:${"0".repeat(64)}`;

  test("has everything, with the image that was tested, through its own providers", async () => {
    const { recording } = await deployment("prod");
    expect(rowsOf(recording)).toEqual(
      sorted([
        ...inEveryStack,
        ...onAws,
        ["aws:sns/topicSubscription:TopicSubscription alarms-email", alarms, "aws"],
        ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler web-scaling", web, "kubernetes"],
      ]),
    );
    expect(recording.outputs).toEqual(outputsOf("prod", tested));
  });

  test("takes the image by its digest, and says so", async () => {
    const { said } = await deployment("prod");
    expect(said).toEqual([`The image of web is taken as configured: ${tested}`]);
  });

  test("differs from staging by what their files say, and by nothing else", async () => {
    const [staging, prod] = [await deployment("staging"), await deployment("prod")];
    const spread =
      "kubernetes:apps/v1:Deployment web spec.template.spec.topologySpreadConstraints.0";
    const inThreeZones = {
      [`${spread}.whenUnsatisfiable`]: ["ScheduleAnyway", "DoNotSchedule"],
      [`${spread}.minDomains`]: ["not made", 3],
      [`${spread}.matchLabelKeys.0`]: ["not made", "pod-template-hash"],
      [`${spread}.nodeTaintsPolicy`]: ["not made", "Honor"],
    };
    expect(differences(staging.recording, prod.recording)).toEqual({
      "aws:cloudwatch/logGroup:LogGroup archive-logs retentionInDays": [30, 365],
      "aws:ecr/repositoryPolicy:RepositoryPolicy web-policy": ["made", "not made"],
      "aws:sns/topicSubscription:TopicSubscription alarms-email": ["not made", "made"],
      "docker:index/image:Image web": ["made", "not made"],
      "kubernetes:apps/v1:Deployment web spec.replicas": [2, "not made"],
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler web-scaling": ["not made", "made"],
      "kubernetes:apps/v1:Deployment web spec.template.spec.containers.0.image": [
        `${repositoryUrl}@${digest}`,
        tested,
      ],
      ...inThreeZones,
      "kubernetes:core/v1:ConfigMap web-config data.ENVIRONMENT": ["staging", "prod"],
      "pulumi:providers:aws aws allowedAccountIds": ['["111111111111"]', '["222222222222"]'],
      "pulumi:providers:aws aws defaultTags": [
        '{"tags":{"project":"groundwork","environment":"staging"}}',
        '{"tags":{"project":"groundwork","environment":"prod"}}',
      ],
    });
  });
});

describe("every stack", () => {
  const wantedInProduction =
    "in production, give a whole number from 2 to 100, because a pod that goes must leave another one to answer";

  test.each(["dev", "staging", "prod"])(
    "keeps the secrets of %s where the engine encrypts them, and nowhere else",
    async (stack) => {
      const { recording } = await deployment(stack);
      expect(findSecrets(recording, canary)).toEqual({ leaked: [], encrypted: placesOfSecrets });
      const version = "aws:secretsmanager/secretVersion:SecretVersion";
      expect(recording.one(version, "archive-SEAL_KEY-version").inputs).toMatchObject({
        secretStringWo: secrets["groundwork:sealKey"],
      });
      expect(
        recording.one("kubernetes:core/v1:Secret", "web-etc-web-secrets").inputs,
      ).toMatchObject({
        stringData: { "session-key": secrets["groundwork:sessionKey"] },
      });
    },
  );

  test.each(["dev", "staging", "prod"])("does not say the secrets when %s fails", async (stack) => {
    const failure = deploy(stack, {
      "groundwork:sealKey": `${canary}\n`,
      "groundwork:sessionKey": ` ${canary}`,
      "groundwork:replicas": "0",
    });
    await expect(failure).rejects.toThrow(
      new Error(`The configuration of stack "${stack}" has 3 problems:
  - replicas is "0": ${stack === "prod" ? wantedInProduction : "give a whole number from 1 to 100"}
      pulumi config set --stack ${stack} replicas ...
  - sealKey does not fit: leave out blanks at its ends
      pulumi config set --stack ${stack} --secret sealKey
  - sessionKey does not fit: leave out blanks at its ends
      pulumi config set --stack ${stack} --secret sessionKey`),
    );
  });
});

/**
 * What two recordings differ by: the two values by `type name path`. That they bear the stack's
 * name in the names of theirs is no difference.
 */
function differences(staging: Recording, prod: Recording): Record<string, unknown> {
  const [ours, theirs] = [leavesOf(staging, "staging"), leavesOf(prod, "prod")];
  const places = [...new Set([...ours.keys(), ...theirs.keys()])];
  return Object.fromEntries(
    places
      .filter((place) => ours.get(place) !== theirs.get(place))
      // Of a resource that only one has it is enough to say so.
      .filter((place) => !places.some((other) => !bothHave(other) && place.startsWith(`${other} `)))
      .map((place) => [place, [ours.get(place) ?? "not made", theirs.get(place) ?? "not made"]]),
  );

  function bothHave(place: string): boolean {
    return ours.has(place) === theirs.has(place);
  }
}

/** Every plain value within the inputs of a recording's resources, by `type name path`. */
function leavesOf(recording: Recording, stack: string): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  const visit = (place: string, value: unknown, separator: string) => {
    if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(place + separator + key, inner, ".");
    } else {
      const neutral = `groundwork-<stack>`;
      leaves.set(
        place,
        typeof value === "string" ? value.replaceAll(`groundwork-${stack}`, neutral) : value,
      );
    }
  };
  for (const { type, name, inputs } of recording.resources as readonly RecordedResource[]) {
    leaves.set(`${type} ${name}`, "made");
    visit(`${type} ${name}`, inputs, " ");
  }
  return leaves;
}
