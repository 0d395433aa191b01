import {
  Microservice,
  type MicroserviceArgs,
  Namespace,
  type NamespaceArgs,
} from "../../components";

/** A component of Kubernetes, by the name under which it is exported, as it can be written. */
interface Configurations {
  /** With what has to be given and no more. */
  readonly default: (name: string, namespace: string) => unknown;
  /** With every argument; the compiler sees that none is missing. */
  readonly full: (name: string, namespace: string) => unknown;
}

const image = `localhost:5000/shop@sha256:${"0123456789abcdef".repeat(4)}`;

const secret = { store: "vault", keys: { API_KEY: "shop/api-key" } };

const fullMicroservice: Omit<Required<MicroserviceArgs>, "namespace" | "replicas"> = {
  image,
  imagePullPolicy: "Always",
  imagePullSecrets: ["registry"],
  command: ["/shop"],
  args: ["--verbose"],
  port: 9000,
  scaling: {
    min: 3,
    max: 10,
    cpuPercent: 60,
    memoryPercent: 80,
    requestsPerPodPerSecond: 100,
  },
  zones: 3,
  config: { GREETING: "Hello" },
  secrets: { SESSION_KEY: "a session key" },
  secretsFrom: ["shared"],
  externalSecrets: secret,
  files: {
    "/etc/shop": { config: { "features.json": "{}" }, secrets: { key: "a key" } },
    "/etc/live": { config: { "prices.json": "{}" }, externalSecrets: secret, onChange: "live" },
  },
  requests: { cpu: "200m", memory: "128Mi" },
  limits: { cpu: "200m", memory: "128Mi", "ephemeral-storage": "64Mi" },
  livenessPath: "/live",
  readinessPath: "/ready",
  rolloutDeadlineSeconds: 120,
  terminationGracePeriodSeconds: 60,
  writablePaths: ["/tmp", "/var/cache/shop"],
  sidecars: [{ name: "proxy", image, port: 9001, inheritConfiguration: true }],
  initContainers: [{ name: "migrate", image, args: ["migrate"], sharedPaths: ["/tmp"] }],
  priorityClassName: "system-cluster-critical",
  nodeSelector: { "kubernetes.io/os": "linux" },
  tolerations: [{ key: "shop", operator: "Exists", effect: "NoSchedule" }],
  allowFrom: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } } }],
  allowTo: [{ ports: [{ port: 443 }] }],
};

/** Every component that makes workloads, for what is to hold for each of them. */
export const workloads: Readonly<Record<string, Configurations>> = {
  Microservice: {
    default: (name, namespace) => new Microservice(name, { image, namespace }),
    full: (name, namespace) => new Microservice(name, { ...fullMicroservice, namespace }),
  },
};

const fullNamespace: Omit<Required<NamespaceArgs>, "namespaceName"> = {
  quota: { pods: "50", "requests.memory": "20Gi" },
  access: { view: ["support"], edit: ["developers"], admin: ["owners"] },
  imagePullCredentials: '{"auths":{}}',
};

/** A namespace with every workload in it, each named like its class: `microservice`. */
export function deployEvery(kind: "default" | "full", namespaceName: string): void {
  const args = { namespaceName, ...(kind === "full" && fullNamespace) };
  new Namespace(kind, args);
  for (const [component, configurations] of Object.entries(workloads)) {
    configurations[kind](`${component.toLowerCase()}-${kind}`, namespaceName);
  }
}
