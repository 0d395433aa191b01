import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../../../components/arguments";
import { Microservice } from "../../../components/kubernetes/microservice";
import type { MicroserviceArgs } from "../../../components/kubernetes/microservice-args";
import { type PodTemplateArgs, podTemplate } from "../../../components/kubernetes/pod";
import { checkPod, type PodArgs } from "../../../components/kubernetes/pod-args";
import { autoscaler } from "../../../components/kubernetes/scaling";
import { Queue } from "../../../components/messaging/queue";
import { findSecrets, record } from "../../../components/testing";
import { canary, canaryInputs, secretCanaries } from "../../support/canary";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:kubernetes:Microservice";
const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const account = "kubernetes:core/v1:ServiceAccount";
const configMap = "kubernetes:core/v1:ConfigMap";
const deployment = "kubernetes:apps/v1:Deployment";
const disruptionBudget = "kubernetes:policy/v1:PodDisruptionBudget";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const secret = "kubernetes:core/v1:Secret";
const service = "kubernetes:core/v1:Service";

const selector = { "app.kubernetes.io/name": "web" };
const labels = {
  ...selector,
  "app.kubernetes.io/instance": "web",
  "app.kubernetes.io/managed-by": "pulumi",
};
const metadata = { name: "web", namespace: "shop", labels };
const generatedName = { namespace: "shop", labels };
const annotations = {
  "pulumi.com/waitFor": JSON.stringify([
    "jsonpath={.spec[?($.status.replicas == $.spec.replicas)]}",
    "jsonpath={.spec[?($.status.updatedReplicas == $.spec.replicas)]}",
    "jsonpath={.spec[?($.status.availableReplicas == $.spec.replicas)]}",
  ]),
};
const image = `example.com/web@sha256:${"0123456789abcdef".repeat(4)}`;
const dnsLabel =
  "give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)";

/** The pods when nothing is said but this. */
function podOf(args: Partial<PodArgs> = {}, rest: Partial<PodTemplateArgs> = {}) {
  const check = new ArgumentCheck(type, "web");
  return podTemplate({
    ...checkPod(check, "web", { image, namespace: "shop", ...args }),
    labels,
    serviceAccountName: "web",
    configuration: { envFrom: [], volumes: [], volumeMounts: [] },
    http: { port: 8080, startupSeconds: 60, livenessPath: "/healthz", readinessPath: "/readyz" },
    placement: { labels: selector, zones: 1, revisionLabel: "pod-template-hash" },
    ...rest,
  });
}
/** The same with a configuration of variables alone. */
const podWith = (...envFrom: PodTemplateArgs["configuration"]["envFrom"]) =>
  podOf({}, { configuration: { envFrom, volumes: [], volumeMounts: [] } });

const clusterDns = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

/** The recording of a service called web in the namespace shop. */
const recordWeb = (args: Partial<MicroserviceArgs> = {}) =>
  record(() => {
    const web = new Microservice("web", { image, namespace: "shop", ...args });
    return {
      url: web.url,
      namespaceName: web.namespaceName,
      workload: { name: web.name, labels: web.labels, port: web.port },
      serviceAccountName: web.serviceAccountName,
      deployment: web.deployment.id,
      service: web.service.id,
    };
  });

describe("Microservice", () => {
  test("default is two hardened pods that nobody reaches, and that reach nothing", async () => {
    const recording = await recordWeb();

    expect(recording.resources).toHaveLength(6);
    expect(recording.one(type, "web").inputs).toEqual({});
    expect(recording.childrenOf(type, "web")).toEqual([
      `${deployment} web`,
      `${service} web-service`,
      `${account} web-account`,
      `${networkPolicy} web-network`,
      `${disruptionBudget} web-disruption`,
    ]);
    expect(recording.one(account, "web-account").inputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    });
    expect(recording.one(deployment, "web").inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...metadata, annotations },
      spec: {
        replicas: 2,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        minReadySeconds: 5,
        progressDeadlineSeconds: 300,
        revisionHistoryLimit: 5,
        template: podOf(),
      },
    });
    expect(recording.one(deployment, "web").dependencies).toEqual([
      `${account} web-account`,
      `${networkPolicy} web-network`,
    ]);
    expect(recording.one(service, "web-service").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        type: "ClusterIP",
        selector,
        ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
      },
    });
    expect(recording.one(disruptionBudget, "web-disruption").inputs).toEqual({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: {
        maxUnavailable: "25%",
        selector: { matchLabels: selector },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    });
    expect(recording.one(networkPolicy, "web-network").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: selector } }],
            ports: [{ port: 8080, protocol: "TCP" }],
          },
        ],
        egress: [clusterDns],
      },
    });
    expect(recording.outputs).toEqual({
      url: "http://web.shop",
      namespaceName: "shop",
      workload: { name: "web", labels: selector, port: 8080 },
      serviceAccountName: "web",
      deployment: "shop/web",
      service: "shop/web",
    });
  });

  test("custom takes other numbers, paths, resources and folders", async () => {
    const recording = await recordWeb({
      namespace: pulumi.output("shop"),
      image: pulumi.output("example.com/web:1"),
      port: 1024,
      replicas: pulumi.output(2),
      zones: 2,
      startupSeconds: 25,
      livenessPath: "/",
      readinessPath: "/ready/now",
      requests: { cpu: "1" },
      limits: { cpu: "2", "ephemeral-storage": "1Gi" },
      writablePaths: [],
      rollout: { deadlineSeconds: 30 },
    });

    expect(recording.resources).toHaveLength(6);
    expect(recording.one(deployment, "web").inputs["spec"]).toEqual({
      replicas: 2,
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
      minReadySeconds: 5,
      progressDeadlineSeconds: 30,
      revisionHistoryLimit: 5,
      template: podOf(
        {
          image: "example.com/web:1",
          requests: { cpu: "1" },
          limits: { cpu: "2", "ephemeral-storage": "1Gi" },
          writablePaths: [],
        },
        {
          http: { port: 1024, startupSeconds: 25, livenessPath: "/", readinessPath: "/ready/now" },
          placement: { labels: selector, zones: 2, revisionLabel: "pod-template-hash" },
        },
      ),
    });
  });

  test("custom scales by itself, and has no number of pods to fight about", async () => {
    const scaling = { min: 3, max: 9, cpuPercent: 50 };
    const recording = await recordWeb({ scaling, zones: 3 });
    expect(recording.resources).toHaveLength(7);
    expect(recording.one(autoscalerType, "web-scaling").inputs).toEqual({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata,
      spec: autoscaler("web", scaling),
    });
    expect(recording.one(deployment, "web").inputs["spec"]).not.toHaveProperty("replicas");
  });

  test("custom has containers beside and before its own, and runs where it is told", async () => {
    const args: Partial<PodArgs> = {
      sidecars: [{ name: "proxy", image, port: 9000 }],
      initContainers: [{ name: "migrate", image, inheritConfiguration: true }],
      priorityClassName: "high",
      nodeSelector: { "kubernetes.io/arch": "arm64" },
      tolerations: [{ key: "spot", operator: "Exists" }],
      imagePullSecrets: ["pull"],
      terminationGracePeriodSeconds: 60,
    };
    const recording = await recordWeb(args);
    expect(recording.resources).toHaveLength(6);
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podOf(args),
    });
  });

  test("custom has files, and what changes live under a name that stays", async () => {
    const recording = await recordWeb({
      files: { "/etc/web": { config: { "app.json": "{}" }, onChange: "live" } },
    });
    expect(recording.resources).toHaveLength(7);
    expect(recording.one(configMap, "web-etc-web-config").parent).toBe(`${type} web`);
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podOf(
        {},
        {
          configuration: {
            envFrom: [],
            volumes: [
              {
                name: "files-0",
                projected: {
                  defaultMode: 0o440,
                  sources: [{ configMap: { name: "web-etc-web-config" } }],
                },
              },
            ],
            volumeMounts: [{ name: "files-0", mountPath: "/etc/web", readOnly: true }],
          },
        },
      ),
    });
  });

  const leaderElection = { apiServerAt: ["10.0.16.0/20"] };

  test("custom elects a leader, for which its pods have a token and are let out", async () => {
    const recording = await recordWeb({ leaderElection });
    const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
    expect(recording.resources).toHaveLength(9);
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podOf(
        {},
        {
          apiAccess: true,
          env: [
            { name: "LEASE_NAME", value: "web" },
            { name: "LEASE_NAMESPACE", ...field("metadata.namespace") },
            { name: "POD_NAME", ...field("metadata.name") },
            { name: "POD_NAMESPACE", ...field("metadata.namespace") },
          ],
        },
      ),
    });
    expect(recording.one(networkPolicy, "web-network").inputs["spec"]).toMatchObject({
      egress: [
        clusterDns,
        {
          to: [{ ipBlock: { cidr: "10.0.16.0/20" } }],
          ports: [
            { port: 443, protocol: "TCP" },
            { port: 6443, protocol: "TCP" },
          ],
        },
      ],
    });
    expect(recording.one(deployment, "web").dependencies).toEqual([
      "kubernetes:coordination.k8s.io/v1:Lease web-lease",
      `${account} web-account`,
      `${networkPolicy} web-network`,
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding web-lease-binding",
    ]);
  });

  test("fails when it is told what the election of a leader tells it", async () => {
    const args = {
      image,
      namespace: "shop",
      config: { POD_NAME: "x" },
      secrets: { LEASE_NAME: "x" },
    };
    expect(await refusal(() => new Microservice("web", { ...args, leaderElection }))).toEqual(
      refusalOf(
        type,
        "web",
        '"POD_NAME" of config is set by the component: leave it out',
        '"LEASE_NAME" of secrets is set by the component: leave it out',
      ),
    );
  });

  test("lets another workload in, on both sides and by one path", async () => {
    const recording = await record(() => {
      const web = new Microservice("web", { image, namespace: "shop" });
      const stock = new Microservice("stock", { image, namespace: "store", port: 9000 });
      stock.allowFrom(web);
    });
    const pods = (name: string, namespace: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
    });
    const ports = [{ port: 9000, protocol: "TCP" }];
    const inward = recording.one(networkPolicy, "stock-from-web");
    expect(inward.parent).toBe(`${type} stock`);
    expect(inward.inputs["spec"]).toMatchObject({
      ingress: [{ from: [pods("web", "shop")], ports }],
    });
    const outward = recording.one(networkPolicy, "web-to-stock");
    expect(outward.inputs["spec"]).toMatchObject({
      egress: [{ to: [pods("stock", "store")], ports }],
    });
  });

  test("custom has its configuration and its secrets in immutable objects of generated names", async () => {
    const recording = await recordWeb({
      config: { GREETING: "Hello", QUEUE_URL: pulumi.output("https://queue") },
      secrets: { SESSION_KEY: pulumi.secret("s3cret") },
    });

    expect(recording.resources).toHaveLength(8);
    expect(recording.childrenOf(type, "web")).toEqual([
      `${deployment} web`,
      `${configMap} web-config`,
      `${secret} web-secrets`,
      `${service} web-service`,
      `${account} web-account`,
      `${networkPolicy} web-network`,
      `${disruptionBudget} web-disruption`,
    ]);
    expect(recording.one(configMap, "web-config").inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: generatedName,
      immutable: true,
      data: { GREETING: "Hello", QUEUE_URL: "https://queue" },
    });
    expect(recording.one(secret, "web-secrets").inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: generatedName,
      immutable: true,
      stringData: { SESSION_KEY: "s3cret" },
    });
    expect(recording.one(secret, "web-secrets").secretInputs).toEqual(["stringData"]);
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podWith(
        { configMapRef: { name: "web-config-1a2b3c4d" } },
        { secretRef: { name: "web-secrets-1a2b3c4d" } },
      ),
    });
    expect(recording.one(deployment, "web").dependencies).toEqual([
      `${configMap} web-config`,
      `${secret} web-secrets`,
      `${account} web-account`,
      `${networkPolicy} web-network`,
    ]);
  });

  test("custom takes ready-made Secrets, which its own variables go before", async () => {
    const recording = await recordWeb({
      config: { GREETING: "Hello" },
      secretsFrom: ["ship-secrets-1", pulumi.output("database.shop")],
    });
    expect(recording.resources).toHaveLength(7);
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podWith(
        { secretRef: { name: "ship-secrets-1" } },
        { secretRef: { name: "database.shop" } },
        { configMapRef: { name: "web-config-1a2b3c4d" } },
      ),
    });
  });

  test("custom takes a folder once that is named twice", async () => {
    const recording = await recordWeb({ writablePaths: ["/cache", "/tmp", "/cache"] });
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podOf({ writablePaths: ["/cache", "/tmp"] }),
    });
  });

  test("waits for what its configuration and its secrets come from", async () => {
    const recording = await record(() => {
      const [one, other] = [new Queue("orders"), new Queue("tokens")];
      new Microservice("web", {
        image,
        namespace: "shop",
        config: { QUEUE_URL: one.url },
        secrets: { TOKEN: other.arn },
      });
    });
    expect(recording.one(configMap, "web-config").dependencies).toEqual([
      "aws:sqs/queue:Queue orders",
    ]);
    expect(recording.one(secret, "web-secrets").dependencies).toEqual([
      "aws:sqs/queue:Queue tokens",
    ]);
  });

  test("makes no object for configuration or secrets that are empty", async () => {
    const recording = await recordWeb({ config: {}, secrets: {} });
    expect(recording.resources).toHaveLength(6);
  });

  test("custom is reached from and reaches what is allowed", async () => {
    const recording = await recordWeb({
      allowFrom: [{ ipBlock: { cidr: "10.0.0.0/8" } }],
      allowTo: [{ ports: [{ port: 443, protocol: "TCP" }] }],
    });
    expect(recording.one(networkPolicy, "web-network").inputs["spec"]).toEqual({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: selector } }, { ipBlock: { cidr: "10.0.0.0/8" } }],
          ports: [{ port: 8080, protocol: "TCP" }],
        },
      ],
      egress: [clusterDns, { ports: [{ port: 443, protocol: "TCP" }] }],
    });
  });

  test.each(canaryInputs)(
    "keeps a secret given as %s where the engine encrypts it, and nowhere else",
    async (_, value) => {
      const recording = await recordWeb({ config: { A: "a" }, secrets: { KEY: value() } });
      expect(findSecrets(recording, canary)).toEqual({
        leaked: [],
        encrypted: [`${secret} web-secrets: inputs.stringData.KEY`],
      });
    },
  );

  test.each(secretCanaries)(
    "rejects %s in its configuration without saying it, and makes no pods",
    async (_, value) => {
      const made: string[] = [];
      const message = await laterFailure(() => {
        const web = new Microservice("web", {
          image,
          namespace: "shop",
          config: { PLAIN: pulumi.output("fine"), TOKEN: value() },
        });
        web.deployment.id.apply((id) => made.push(id));
      });
      expect(message).toBe(
        unusable(
          type,
          "web",
          "config.TOKEN is a secret, and here others can read it: give it in secrets",
        ),
      );
      expect(made).toEqual([]);
    },
  );

  test("rejects a secret in the environment of a sidecar", async () => {
    const env = { TOKEN: pulumi.secret(canary) };
    const message = await laterFailure(
      () =>
        new Microservice("web", {
          image,
          namespace: "shop",
          sidecars: [{ name: "proxy", image, env }],
        }),
    );
    expect(message).toBe(
      unusable(
        type,
        "web",
        "sidecars[0].env.TOKEN is a secret, and here others can read it: give it in secrets and inherit them",
      ),
    );
  });

  test("fails without saying a secret", async () => {
    const refused = await refusal(
      () =>
        new Microservice("web", {
          image,
          namespace: "shop",
          config: { BOTH: "x" },
          secrets: { "not-a-name": canary, BOTH: canary },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "web",
        'there is a variable "not-a-name": give a letter followed by letters, digits and underscores',
        '"BOTH" is both in config and in secrets: leave it in one of them',
      ),
    );
  });

  test("takes variables that bear the names of what every object has", async () => {
    const recording = await recordWeb({ config: { constructor: "x", valueOf: "y" } as never });
    expect(recording.one(configMap, "web-config").inputs["data"]).toEqual({
      constructor: "x",
      valueOf: "y",
    });
  });

  test("fails when anything can't work, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new Microservice("Web", {
          image: "example.com/web",
          namespace: "shop",
          port: 80,
          replicas: 0,
          zones: 1.5,
          livenessPath: "healthz",
          readinessPath: "/ready?now",
          writablePaths: ["/tmp", "cache", "/", "/a:b"],
          requests: { cpu: "2", memory: "lots" },
          limits: { cpu: "1" },
          config: { "A-B": "x" },
          secretsFrom: ["Secrets"],
          files: { "/tmp": { config: { a: "a" } } },
          rollout: { deadlineSeconds: 10 },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "Web",
        `name is "Web": ${dnsLabel}`,
        'writablePaths[1] is "cache": give the absolute path of a folder below /, like /tmp',
        'writablePaths[2] is "/": give the absolute path of a folder below /, like /tmp',
        'writablePaths[3] is "/a:b": give the absolute path of a folder below /, like /tmp',
        'image is "example.com/web": give an image with its digest (repository@sha256:...) or a tag other than latest',
        "requests.cpu is 2, above limits.cpu of 1: no pod can have what it is promised; raise the limit or lower the request",
        'requests.memory is "lots": give a quantity above zero, like 128Mi',
        'there is a variable "A-B": give a letter followed by letters, digits and underscores',
        'secretsFrom[0] is "Secrets": give the name of a Kubernetes Secret: lower-case letters, digits, hyphens and dots (RFC 1123)',
        '"/tmp" is both in files and in writablePaths: give files another folder',
        "zones is 1.5: give a whole number from 1 to 100 zones",
        "port is 80: give a whole number from 1024 to 65535",
        'livenessPath is "healthz": give an absolute path, like /healthz',
        'readinessPath is "/ready?now": give an absolute path, like /healthz',
        "replicas is 0: give a whole number from 1 to 1000 pods",
        "rollout.deadlineSeconds is 10: give a whole number from 30 to 3600 seconds",
      ),
    );
  });

  test("fails when what is alive and what is ready are asked the same", async () => {
    const args = { image, namespace: "shop", livenessPath: "/readyz" };
    expect(await refusal(() => new Microservice("web", args))).toEqual(
      refusalOf(
        type,
        "web",
        'livenessPath and readinessPath are both "/readyz": give two, or what can\'t serve for a moment is restarted',
      ),
    );
  });

  test.each<[Partial<MicroserviceArgs>, string]>([
    [{ startupSeconds: 1 }, "startupSeconds is 1: give a whole number from 2 to 1800 seconds"],
    [
      { startupSeconds: 300 },
      "startupSeconds is 300, and rollout.deadlineSeconds 300: give the rollout more time than a container may take to start",
    ],
  ])("fails when a rollout could not wait for the start: %j", async (args, problem) => {
    const made = () => new Microservice("web", { image, namespace: "shop", ...args });
    expect(await refusal(made)).toEqual(refusalOf(type, "web", problem));
  });

  test("fails when it is to scale and not to, or to less than its zones", async () => {
    const args = { image, namespace: "shop", replicas: 3, scaling: { min: 2, max: 5 }, zones: 3 };
    expect(await refusal(() => new Microservice("web", args))).toEqual(
      refusalOf(
        type,
        "web",
        "scaling.min is 2: give at least 3, a pod for each of the zones",
        "replicas and scaling are both given, and would fight: leave one out",
      ),
    );
  });

  test.each([
    [undefined, 3, "replicas is 2: give at least 3, a pod for each of the zones"],
    [1, 2, "replicas is 1: give at least 2, a pod for each of the zones"],
  ])("fails when %p pods are to run in %p zones", async (replicas, zones, problem) => {
    const args = { image, namespace: "shop", zones, ...(replicas && { replicas }) };
    expect(await refusal(() => new Microservice("web", args))).toEqual(
      refusalOf(type, "web", problem),
    );
  });

  test.each<[unknown, string]>([
    [undefined, "args is undefined: give an object of arguments"],
    [null, "args is null: give an object of arguments"],
  ])("fails for %p in place of arguments", async (args, problem) => {
    expect(await refusal(() => new Microservice("web", args as MicroserviceArgs))).toEqual(
      refusalOf(type, "web", problem),
    );
  });

  test("fails without a name", async () => {
    const made = () => new Microservice(undefined as never, { image, namespace: "shop" });
    expect(await refusal(made)).toEqual(refusalOf(type, "undefined", "name is missing: give it"));
  });

  test("fails for a component in place of its name, and for text that would count as true", async () => {
    const refused = await refusal(() => {
      const namespace = new Queue("shop") as never;
      new Microservice("web", { image, namespace, leaderElection: "no" as never });
    });
    expect(refused.message).toBe(
      unusable(
        type,
        "web",
        "namespace is of the class Queue: give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)",
        'leaderElection is text: give where the API server is, like leaderElection: { apiServerAt: ["10.0.16.0/20"] }',
      ),
    );
  });

  test("fails when a sidecar writes to where it inherits files", async () => {
    const sidecars = [
      { name: "proxy", image, inheritConfiguration: true, writablePaths: ["/etc/web/cache"] },
      { name: "agent", image, writablePaths: ["/etc/web"] },
    ];
    const files = { "/etc/web": { config: { a: "b" } } };
    const args = { image, namespace: "shop", sidecars, files };
    expect(await refusal(() => new Microservice("web", args))).toEqual(
      refusalOf(
        type,
        "web",
        '"/etc/web/cache" is within "/etc/web" of files, which is read-only: move one',
      ),
    );
  });

  test.each<[Partial<MicroserviceArgs>, string]>([
    [
      { image: pulumi.output("web:latest") },
      'image is "web:latest": give an image with its digest (repository@sha256:...) or a tag other than latest',
    ],
    [{ replicas: pulumi.output(0) }, "replicas is 0: give a whole number from 1 to 1000 pods"],
    [
      { replicas: pulumi.output(2), zones: 3 },
      "replicas is 2: give at least 3, a pod for each of the zones",
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    const message = await laterFailure(
      () => new Microservice("web", { image, namespace: "shop", ...args }),
    );
    expect(message).toBe(unusable(type, "web", problem));
  });

  test("custom keeps the callers of an address at one pod", async () => {
    const recording = await recordWeb({ hashOn: { source: true } });
    expect(recording.one(service, "web-service").inputs["spec"]).toMatchObject({
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    });
  });

  test("fails when its Service is to hash on what it does not see", async () => {
    const args = { image, namespace: "shop", hashOn: { header: "x-user" } };
    expect(await refusal(() => new Microservice("web", args))).toEqual(
      refusalOf(
        type,
        "web",
        "hashOn is a header, and a Service sees addresses alone: give { source: true }, or publish the service with a Route and give it hashOn, which takes a controller in the cluster",
      ),
    );
  });
});
