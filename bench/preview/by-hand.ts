import { createHash } from "node:crypto";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ecr from "@pulumi/aws/ecr";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as kms from "@pulumi/aws/kms";
import * as lambda from "@pulumi/aws/lambda";
import { Provider as AwsProvider } from "@pulumi/aws/provider";
import * as s3 from "@pulumi/aws/s3";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as sns from "@pulumi/aws/sns";
import * as sqs from "@pulumi/aws/sqs";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as scheduling from "@pulumi/kubernetes/scheduling/v1";
import * as pulumi from "@pulumi/pulumi";

/**
 * The dev stack without the components: every resource written by hand, with the same type, name
 * and inputs, in one file as short as it can be. A test holds it equal to the sample system.
 */
export function deployByHand() {
  const config = new pulumi.Config("groundwork");
  const endpoint = process.env["AWS_ENDPOINT_URL"] ?? "";
  const services =
    "apigatewayv2,cloudwatch,codedeploy,dynamodb,ec2,ecr,eks,events,iam,kinesis,kms,lambda,logs,s3,scheduler,secretsmanager,sns,sqs,ssm,sts".split(
      ",",
    );
  const aws = {
    provider: new AwsProvider("aws", {
      region: "eu-central-1",
      accessKey: "test",
      secretKey: "test",
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      s3UsePathStyle: true,
      maxRetries: 2,
      endpoints: [Object.fromEntries(services.map((service) => [service, endpoint]))],
    }),
  };
  const kubernetes = {
    provider: new KubernetesProvider("kubernetes", {
      kubeconfig: process.env["KUBECONFIG"] ?? "",
      enablePatchForce: true,
      enableConfigMapMutable: true,
      enableSecretMutable: true,
    }),
  };

  const account = getCallerIdentityOutput({}, aws).accountId;
  const cloudWatch = { Service: "cloudwatch.amazonaws.com" };
  const ownAlarms = { StringEquals: { "aws:SourceAccount": account } };
  const key = new kms.Key(
    "alarms-key",
    {
      description: "Encrypts alarms on their way",
      enableKeyRotation: true,
      policy: document([
        {
          Sid: "AccountDecides",
          Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
          Action: "kms:*",
          Resource: "*",
        },
        {
          Sid: "AlarmsEncrypt",
          Principal: cloudWatch,
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
          Condition: ownAlarms,
        },
      ]),
    },
    aws,
  );
  const alarms = new sns.Topic("alarms", { kmsMasterKeyId: key.arn }, aws);
  const alarmsPolicy = new sns.TopicPolicy(
    "alarms-policy",
    {
      arn: alarms.arn,
      policy: document([
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: [alarms.arn],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "AlarmsPublish",
          Principal: cloudWatch,
          Action: "sns:Publish",
          Resource: alarms.arn,
          Condition: ownAlarms,
        },
      ]),
    },
    aws,
  );
  const alarm = {
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    treatMissingData: "notBreaching",
    alarmActions: [alarmsPolicy.arn],
    okActions: [alarmsPolicy.arn],
  };

  const queueProtection = { sqsManagedSseEnabled: true, policy: tlsOnly("sqs:*", ["*"]) };
  const deadLetters = new sqs.Queue(
    "orders-dead-letters",
    { messageRetentionSeconds: 1_209_600, ...queueProtection },
    aws,
  );
  const orders = new sqs.Queue(
    "orders",
    {
      visibilityTimeoutSeconds: 180,
      messageRetentionSeconds: 345_600,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: 5,
      }),
      ...queueProtection,
    },
    aws,
  );

  const lost = new cloudwatch.MetricAlarm(
    "orders-dead-letters-alarm",
    {
      alarmDescription: pulumi.interpolate`Messages of ${orders.name} could not be handled: look at them in ${deadLetters.name}, mend the cause, and start a redrive`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetters.name },
      statistic: "Maximum",
      ...alarm,
    },
    aws,
  );

  const archiveBucket = new s3.Bucket("archive", { forceDestroy: true }, aws);
  const bucket = archiveBucket.bucket;
  const publicAccess = new s3.BucketPublicAccessBlock(
    "archive-public-access",
    {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    aws,
  );
  new s3.BucketOwnershipControls(
    "archive-ownership",
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    aws,
  );
  new s3.BucketServerSideEncryptionConfiguration(
    "archive-encryption",
    {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          bucketKeyEnabled: false,
        },
      ],
    },
    aws,
  );
  const versioning = new s3.BucketVersioning(
    "archive-versioning",
    { bucket, versioningConfiguration: { status: "Enabled" } },
    aws,
  );
  new s3.BucketLifecycleConfiguration(
    "archive-lifecycle",
    {
      bucket,
      rules: [
        {
          id: "expire-leftovers",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    { ...aws, dependsOn: versioning },
  );
  new s3.BucketPolicy(
    "archive-policy",
    {
      bucket,
      policy: tlsOnly("s3:*", [archiveBucket.arn, pulumi.interpolate`${archiveBucket.arn}/*`]),
    },
    { ...aws, dependsOn: publicAccess },
  );

  const sealKeyText = config.requireSecret("sealKey");
  const sealKey = new secretsmanager.Secret("archive-SEAL_KEY", { recoveryWindowInDays: 0 }, aws);
  const sealKeyVersion = new secretsmanager.SecretVersion(
    "archive-SEAL_KEY-version",
    {
      secretId: sealKey.id,
      secretStringWo: sealKeyText,
      secretStringWoVersion: sealKeyText.apply((text) =>
        Number.parseInt(createHash("sha256").update(text).digest("hex").slice(0, 12), 16),
      ),
    },
    aws,
  );

  const logs = new cloudwatch.LogGroup("archive-logs", { retentionInDays: 1 }, aws);
  const role = new iam.Role(
    "archive-role",
    {
      assumeRolePolicy: document([
        { Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ]),
    },
    aws,
  );
  const permissions = new iam.RolePolicy(
    "archive-policy",
    {
      role: role.name,
      policy: document([
        {
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [pulumi.interpolate`${logs.arn}:*`],
        },
        {
          Action: ["s3:PutObject"],
          Resource: [pulumi.interpolate`${archiveBucket.arn}/orders/*`],
        },
        { Action: ["secretsmanager:GetSecretValue"], Resource: [sealKeyVersion.secretId] },
      ]),
    },
    aws,
  );
  const archive = new lambda.Function(
    "archive",
    {
      description: "Puts orders from the queue into the bucket",
      code: new pulumi.asset.FileArchive("apps/archive/src"),
      handler: "handler.handler",
      runtime: "python3.13",
      architectures: ["arm64"],
      memorySize: 256,
      timeout: 30,
      publish: true,
      role: role.arn,
      environment: {
        variables: {
          LOG_LEVEL: "DEBUG",
          ARCHIVE_BUCKET: bucket,
          ARCHIVE_SEAL_KEY_SECRET_ARN: sealKeyVersion.secretId,
          ARCHIVE_SEAL_KEY_SECRET_VERSION: sealKeyVersion.versionId,
        },
      },
      ephemeralStorage: { size: 512 },
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "DEBUG",
        systemLogLevel: "INFO",
        logGroup: logs.name,
      },
      tracingConfig: { mode: "PassThrough" },
    },
    { ...aws, dependsOn: permissions },
  );
  const archiveAlarms = [];
  for (const [role, metricName, what] of [
    ["errors", "Errors", "fail: its log says why"],
    ["throttles", "Throttles", "are refused: raise its concurrency"],
    [
      "dropped-events",
      "AsyncEventsDropped",
      "that nobody waits for were given up: its log says why",
    ],
  ] as const) {
    const failing = new cloudwatch.MetricAlarm(
      `archive-${role}-alarm`,
      {
        alarmDescription: pulumi.interpolate`Calls of ${archive.name} ${what}`,
        namespace: "AWS/Lambda",
        metricName,
        dimensions: { FunctionName: archive.name },
        statistic: "Sum",
        ...alarm,
      },
      aws,
    );
    archiveAlarms.push(failing);
  }
  const slow = new cloudwatch.MetricAlarm(
    "archive-duration-alarm",
    {
      alarmDescription: pulumi.interpolate`Calls of ${archive.name} take nearly the 30 seconds after which they are ended: make it faster, or give it more time`,
      namespace: "AWS/Lambda",
      metricName: "Duration",
      dimensions: { FunctionName: archive.name },
      ...alarm,
      statistic: "Maximum",
      threshold: 27_000,
    },
    aws,
  );
  const live = new lambda.Alias(
    "archive-live",
    { name: "live", functionName: archive.name, functionVersion: archive.version },
    aws,
  );
  const consume = new iam.RolePolicy(
    "archive-consume",
    {
      role: role.name,
      policy: document([
        {
          Action: [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
          ],
          Resource: [orders.arn],
        },
      ]),
    },
    aws,
  );
  new lambda.EventSourceMapping(
    "archive",
    {
      eventSourceArn: orders.arn,
      functionName: live.arn,
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: ["ReportBatchItemFailures"],
    },
    { ...aws, dependsOn: consume },
  );

  const repository = new ecr.Repository(
    "web",
    {
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: true,
      imageScanningConfiguration: { scanOnPush: true },
      imageTagMutability: "IMMUTABLE",
    },
    aws,
  );
  new ecr.LifecyclePolicy("web-lifecycle", { repository: repository.name, policy: expiry }, aws);

  const namespaceName = config.get("namespace") || "groundwork-dev";
  const namespace = new core.Namespace(
    "groundwork",
    {
      metadata: {
        name: namespaceName,
        labels: Object.fromEntries(
          ["enforce", "audit", "warn"].map((mode) => [
            `pod-security.kubernetes.io/${mode}`,
            "restricted",
          ]),
        ),
      },
    },
    kubernetes,
  );
  const inNamespace = { name: namespaceName, namespace: namespace.metadata.name };
  new core.ResourceQuota(
    "groundwork-quota",
    {
      metadata: inNamespace,
      spec: {
        hard: {
          pods: "100",
          "requests.cpu": "20",
          "requests.memory": "40Gi",
          "limits.memory": "80Gi",
          "requests.storage": "500Gi",
          "services.loadbalancers": "0",
          "services.nodeports": "0",
        },
      },
    },
    kubernetes,
  );
  new core.LimitRange(
    "groundwork-limits",
    {
      metadata: inNamespace,
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
            default: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" },
          },
        ],
      },
    },
    kubernetes,
  );
  new networking.NetworkPolicy(
    "groundwork-deny",
    {
      metadata: inNamespace,
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    kubernetes,
  );
  const priority = new scheduling.PriorityClass(
    "groundwork-priority",
    {
      metadata: { name: `priority-${namespaceName}-0` },
      value: 0,
      description: `Workloads of the namespace ${namespaceName}`,
    },
    kubernetes,
  );
  const selected = { "app.kubernetes.io/name": "web" };
  const selector = { matchLabels: selected };
  const labels = {
    ...selected,
    "app.kubernetes.io/instance": "web",
    "app.kubernetes.io/managed-by": "pulumi",
  };
  const unnamed = { namespace: namespace.metadata.name, labels };
  const metadata = { name: "web", ...unnamed };
  const serviceAccount = new core.ServiceAccount(
    "web-account",
    { metadata, automountServiceAccountToken: false },
    kubernetes,
  );
  const settings = new core.ConfigMap(
    "web-config",
    {
      metadata: unnamed,
      immutable: true,
      data: {
        ENVIRONMENT: "dev",
        CORS_ORIGINS: "",
        GREETING: "Hello from groundwork",
        LOG_LEVEL: "DEBUG",
        SESSION_KEY_FILE: "/etc/web/session-key",
        AWS_REGION: "eu-central-1",
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        ORDERS_QUEUE_URL: orders.url,
      },
    },
    kubernetes,
  );
  const secrets = new core.Secret(
    "web-etc-web-secrets",
    {
      metadata: unnamed,
      immutable: true,
      stringData: { "session-key": config.requireSecret("sessionKey") },
    },
    kubernetes,
  );
  const probe = (path: string) => ({ httpGet: { path, port: "http" } });
  new apps.Deployment(
    "web",
    {
      metadata: {
        ...metadata,
        annotations: {
          "pulumi.com/waitFor": JSON.stringify([
            "jsonpath={.spec[?($.status.replicas == $.spec.replicas)]}",
            "jsonpath={.spec[?($.status.updatedReplicas == $.spec.replicas)]}",
            "jsonpath={.spec[?($.status.availableReplicas == $.spec.replicas)]}",
          ]),
        },
      },
      spec: {
        replicas: 3,
        selector,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        minReadySeconds: 5,
        progressDeadlineSeconds: 300,
        revisionHistoryLimit: 5,
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: serviceAccount.metadata.name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 35,
            priorityClassName: priority.metadata.name,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 10001,
              runAsGroup: 10001,
              fsGroup: 10001,
              seccompProfile: { type: "RuntimeDefault" },
            },
            topologySpreadConstraints: [
              "topology.kubernetes.io/zone",
              "kubernetes.io/hostname",
            ].map((topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: selector,
            })),
            affinity: {
              podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  {
                    weight: 100,
                    podAffinityTerm: {
                      topologyKey: "kubernetes.io/hostname",
                      labelSelector: selector,
                    },
                  },
                ],
              },
            },
            containers: [
              {
                name: "web",
                image: config.require("webImage"),
                imagePullPolicy: "Always",
                ports: [{ name: "http", containerPort: 8080 }],
                envFrom: [{ configMapRef: { name: settings.metadata.name } }],
                resources: {
                  requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "256Mi" },
                  limits: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "256Mi" },
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  privileged: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                startupProbe: {
                  ...probe("/healthz"),
                  periodSeconds: 2,
                  timeoutSeconds: 2,
                  failureThreshold: 30,
                },
                livenessProbe: {
                  ...probe("/healthz"),
                  periodSeconds: 10,
                  timeoutSeconds: 2,
                  failureThreshold: 6,
                },
                readinessProbe: {
                  ...probe("/readyz"),
                  periodSeconds: 5,
                  timeoutSeconds: 2,
                  failureThreshold: 2,
                },
                lifecycle: { preStop: { sleep: { seconds: 5 } } },
                volumeMounts: [
                  { name: "writable-0", mountPath: "/tmp" },
                  { name: "files-0", mountPath: "/etc/web", readOnly: true },
                ],
              },
            ],
            volumes: [
              { name: "writable-0", emptyDir: { sizeLimit: "256Mi" } },
              {
                name: "files-0",
                projected: {
                  defaultMode: 0o440,
                  sources: [{ secret: { name: secrets.metadata.name } }],
                },
              },
            ],
          },
        },
      },
    },
    kubernetes,
  );
  new core.Service(
    "web-service",
    {
      metadata,
      spec: {
        type: "ClusterIP",
        selector: selected,
        ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
      },
    },
    kubernetes,
  );
  new policy.PodDisruptionBudget(
    "web-disruption",
    {
      metadata,
      spec: { maxUnavailable: "25%", selector, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    },
    kubernetes,
  );
  new networking.NetworkPolicy(
    "web-network",
    {
      metadata,
      spec: {
        podSelector: selector,
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ podSelector: selector }, { podSelector: {} }],
            ports: [{ port: 8080, protocol: "TCP" }],
          },
        ],
        egress: [
          {
            to: [
              {
                namespaceSelector: {
                  matchLabels: { "kubernetes.io/metadata.name": "kube-system" },
                },
                podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
              },
            ],
            ports: [
              { port: 53, protocol: "UDP" },
              { port: 53, protocol: "TCP" },
            ],
          },
          { ports: [{ port: Number(new URL(endpoint).port), protocol: "TCP" }] },
        ],
      },
    },
    kubernetes,
  );

  const { region } = getRegionOutput({}, aws);
  let y = 3;
  const title = (markdown: string) => {
    const height = 1;
    const properties = { markdown, background: "transparent" };
    const widget = { type: "text", x: 0, y, width: 24, height, properties };
    y += height;
    return widget;
  };
  type Line = readonly [name: string, stat: string, label: string, of?: sqs.Queue];
  const row = (
    namespace: string,
    dimension: string,
    main: lambda.Function | sqs.Queue,
    graphs: Readonly<Record<string, readonly Line[]>>,
  ) => {
    const width = 24 / Object.keys(graphs).length;
    const widgets = Object.entries(graphs).map(([title, lines], i) => ({
      type: "metric",
      x: i * width,
      y,
      width,
      height: 6,
      properties: {
        title,
        region,
        view: "timeSeries",
        period: 60,
        yAxis: { left: { min: 0, showUnits: false } },
        metrics: lines.map(([name, stat, label, of = main]) => [
          namespace,
          name,
          dimension,
          of.name,
          { stat, label },
        ]),
      },
    }));
    y += 6;
    return widgets;
  };
  const dashboard = new cloudwatch.Dashboard(
    "overview",
    {
      dashboardName: `${pulumi.getProject()}-${pulumi.getStack()}-overview`,
      dashboardBody: pulumi.jsonStringify({
        widgets: [
          {
            type: "alarm",
            x: 0,
            y: 0,
            width: 24,
            height: 3,
            properties: {
              title: "Alarms",
              alarms: [...archiveAlarms, slow, lost].map(({ arn }) => arn),
            },
          },
          title("## Function archive"),
          ...row("AWS/Lambda", "FunctionName", archive, {
            Calls: [
              ["Invocations", "Sum", "calls"],
              ["Errors", "Sum", "failed"],
              ["Throttles", "Sum", "refused"],
            ],
            "Duration, ms": [
              ["Duration", "p50", "half of them at most"],
              ["Duration", "p99", "99 % at most"],
              ["Duration", "Maximum", "the longest"],
            ],
            "Calls at once": [["ConcurrentExecutions", "Maximum", "running"]],
          }),
          title("## Queue orders"),
          ...row("AWS/SQS", "QueueName", orders, {
            Messages: [
              ["NumberOfMessagesSent", "Sum", "sent"],
              ["NumberOfMessagesDeleted", "Sum", "handled"],
            ],
            "Waiting messages": [["ApproximateNumberOfMessagesVisible", "Maximum", "waiting"]],
            "Age of the oldest message, s": [["ApproximateAgeOfOldestMessage", "Maximum", "age"]],
            "Dead letters": [
              ["ApproximateNumberOfMessagesVisible", "Maximum", "given up", deadLetters],
            ],
          }),
        ],
      }),
    },
    aws,
  );

  return {
    webUrl: pulumi.interpolate`http://web.${namespace.metadata.name}`,
    webImage: config.require("webImage"),
    webNamespace: namespace.metadata.name,
    repositoryUrl: repository.repositoryUrl,
    ordersQueueUrl: orders.url,
    archiveFunctionName: archive.name,
    archiveBucketName: bucket,
    dashboardName: dashboard.dashboardName,
  };
}

/** A policy document with these statements, which allow. */
function document(statements: readonly object[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

function tlsOnly(Action: string, Resource: readonly pulumi.Input<string>[]) {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action,
        Resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}

const expiry = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "Keep images tagged deployed-*",
      selection: {
        tagStatus: "tagged",
        tagPatternList: ["deployed-*"],
        countType: "imageCountMoreThan",
        countNumber: 100_000,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "Expire images without a tag after 14 days",
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: 14,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 3,
      description: "Keep the last 50 tagged images",
      selection: {
        tagStatus: "tagged",
        tagPatternList: ["*"],
        countType: "imageCountMoreThan",
        countNumber: 50,
      },
      action: { type: "expire" },
    },
  ],
});
