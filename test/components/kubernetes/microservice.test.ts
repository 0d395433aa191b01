import * as pulumi from "@pulumi/pulumi";
import { Microservice, type MicroserviceArgs } from "../../../components/kubernetes/microservice";
import { podTemplate } from "../../../components/kubernetes/pod";
import { Queue } from "../../../components/messaging/queue";
import { findSecrets, record } from "../../../components/testing";
import { canary, canaryInputs, secretCanaries } from "../../support/canary";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:kubernetes:Microservice";
const account = "kubernetes:core/v1:ServiceAccount";
const configMap = "kubernetes:core/v1:ConfigMap";
const deployment = "kubernetes:apps/v1:Deployment";
const disruptionBudget = "kubernetes:policy/v1:PodDisruptionBudget";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const secret = "kubernetes:core/v1:Secret";
const service = "kubernetes:core/v1:Service";

const labels = { "app.kubernetes.io/name": "web" };
const metadata = { name: "web", namespace: "shop", labels };
const generatedName = { namespace: "shop", labels };
const image = `example.com/web@sha256:${"0123456789abcdef".repeat(4)}`;

/** What the pods are made of when nothing is said. */
const defaultPod = {
  name: "web",
  labels,
  serviceAccountName: "web",
  image,
  port: 8080,
  livenessPath: "/healthz",
  readinessPath: "/readyz",
  requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" },
  writablePaths: ["/tmp"],
  zones: 1,
  envFrom: [],
};

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
      serviceAccountName: web.serviceAccountName,
      deployment: web.deployment.id,
      service: web.service.id,
    };
  });

describe("Microservice", () => {
  test("default is two hardened pods, reached from their namespace, that reach nothing", async () => {
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
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        minReadySeconds: 5,
        progressDeadlineSeconds: 300,
        revisionHistoryLimit: 5,
        template: podTemplate(defaultPod),
      },
    });
    expect(recording.one(deployment, "web").dependencies).toEqual([`${account} web-account`]);
    expect(recording.one(service, "web-service").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        type: "ClusterIP",
        selector: labels,
        ports: [{ name: "http", port: 80, targetPort: "http" }],
      },
    });
    expect(recording.one(disruptionBudget, "web-disruption").inputs).toEqual({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    });
    expect(recording.one(networkPolicy, "web-network").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080, protocol: "TCP" }] }],
        egress: [clusterDns],
      },
    });
    expect(recording.outputs).toEqual({
      url: "http://web.shop",
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
      livenessPath: "/",
      readinessPath: "/ready/now",
      requests: { cpu: "1" },
      limits: { cpu: "2", "ephemeral-storage": "1Gi" },
      writablePaths: [],
    });

    expect(recording.resources).toHaveLength(6);
    expect(recording.one(deployment, "web").inputs["spec"]).toEqual({
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      minReadySeconds: 5,
      progressDeadlineSeconds: 300,
      revisionHistoryLimit: 5,
      template: podTemplate({
        ...defaultPod,
        image: "example.com/web:1",
        port: 1024,
        livenessPath: "/",
        readinessPath: "/ready/now",
        requests: { cpu: "1", memory: "128Mi", "ephemeral-storage": "64Mi" },
        limits: { cpu: "2", memory: "256Mi", "ephemeral-storage": "1Gi" },
        writablePaths: [],
        zones: 2,
      }),
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
      template: podTemplate({
        ...defaultPod,
        envFrom: [
          { configMapRef: { name: "web-config-1a2b3c4d" } },
          { secretRef: { name: "web-secrets-1a2b3c4d" } },
        ],
      }),
    });
    expect(recording.one(deployment, "web").dependencies).toEqual([
      `${configMap} web-config`,
      `${secret} web-secrets`,
      `${account} web-account`,
    ]);
  });

  test("custom takes ready-made Secrets, which its own variables go before", async () => {
    const recording = await recordWeb({
      config: { GREETING: "Hello" },
      secretsFrom: ["ship-secrets-1", pulumi.output("database.shop")],
    });
    expect(recording.resources).toHaveLength(7);
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podTemplate({
        ...defaultPod,
        envFrom: [
          { secretRef: { name: "ship-secrets-1" } },
          { secretRef: { name: "database.shop" } },
          { configMapRef: { name: "web-config-1a2b3c4d" } },
        ],
      }),
    });
  });

  test.each(["Secrets", "a..b", "-a", "a".repeat(254)])(
    "fails when a Secret's name is %s",
    async (secretName) => {
      const { message, resources } = await refusal(
        () =>
          new Microservice("web", { image, namespace: "shop", secretsFrom: ["ok", secretName] }),
      );
      expect(message).toContain("secretsFrom[1] is");
      expect(message).toContain(
        ": give the name of a Kubernetes Secret: lower-case letters, digits, hyphens and dots (RFC 1123)",
      );
      expect(resources).toEqual([]);
    },
  );

  test("custom takes a folder once that is named twice", async () => {
    const recording = await recordWeb({ writablePaths: ["/cache", "/tmp", "/cache"] });
    expect(recording.one(deployment, "web").inputs["spec"]).toMatchObject({
      template: podTemplate({ ...defaultPod, writablePaths: ["/cache", "/tmp"] }),
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
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 8080, protocol: "TCP" }] },
      ],
      egress: [clusterDns, { ports: [{ port: 443, protocol: "TCP" }] }],
    });
  });

  // To Kubernetes a rule whose list of senders is empty is one that lets everybody in.
  test("custom is reached by nobody when nobody is allowed", async () => {
    const recording = await recordWeb({ allowFrom: [] });
    expect(recording.one(networkPolicy, "web-network").inputs["spec"]).toEqual({
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [clusterDns],
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
        '"BOTH" is both in config and in secrets: leave it in one of them',
        'there is a variable "not-a-name": give a letter followed by letters, digits and underscores',
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
          config: { "A-B": "x" },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "Web",
        'name is "Web": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)',
        'image is "example.com/web": give an image with its digest (repository@sha256:...) or a tag other than latest',
        "replicas is 0: give a whole number from 1 to 1000 pods",
        "zones is 1.5: give a whole number from 1 to 100 zones",
        "port is 80: give a whole number from 1024 to 65535",
        'livenessPath is "healthz": give an absolute path, like /healthz',
        'readinessPath is "/ready?now": give an absolute path, like /healthz',
        'writablePaths[1] is "cache": give the absolute path of a folder below /, like /tmp',
        'writablePaths[2] is "/": give the absolute path of a folder below /, like /tmp',
        'writablePaths[3] is "/a:b": give the absolute path of a folder below /, like /tmp',
        "requests.cpu is 2, above limits.cpu of 500m: no pod can have what it is promised; raise the limit or lower the request",
        'requests.memory is "lots": give a quantity above zero, like 128Mi',
        'there is a variable "A-B": give a letter followed by letters, digits and underscores',
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
});
