import { Provider } from "@pulumi/kubernetes";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import { Microservice } from "../../components";

/** The two ways to register services that are compared. */
export type Way = "by hand" | "components";

const image = `example.com/shop@sha256:${"0123456789abcdef".repeat(4)}`;
const namespace = "shop";
const config = { GREETING: "Hello" };

/** Registers services that have a little configuration and are otherwise as by default. */
export function registerServices(way: Way, count: number): void {
  const provider = new Provider("kubernetes", { kubeconfig: process.env["KUBECONFIG"] ?? "" });
  for (let i = 0; i < count; i++) {
    const name = `service-${i}`;
    if (way === "by hand") byHand(name, provider);
    else new Microservice(name, { namespace, image, config }, { providers: [provider] });
  }
}

/** What a {@link Microservice} makes, with the provider's own classes; a test holds it equal. */
function byHand(name: string, provider: Provider): void {
  const opts = { provider };
  const selector = { "app.kubernetes.io/name": name };
  const labels = {
    ...selector,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/managed-by": "pulumi",
  };
  const metadata = { name, namespace, labels };
  const account = new core.ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  const configMap = new core.ConfigMap(
    `${name}-config`,
    { metadata: { namespace, labels }, immutable: true, data: config },
    opts,
  );
  const network = new networking.NetworkPolicy(
    `${name}-network`,
    {
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
        ],
      },
    },
    opts,
  );
  const labelSelector = { matchLabels: selector };
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 2 });
  const resources = { cpu: "250m", memory: "256Mi", "ephemeral-storage": "256Mi" };
  new apps.Deployment(
    name,
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
        replicas: 2,
        selector: labelSelector,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        minReadySeconds: 5,
        progressDeadlineSeconds: 300,
        revisionHistoryLimit: 5,
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: account.metadata.name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 35,
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
              labelSelector,
            })),
            affinity: {
              podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  {
                    weight: 100,
                    podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector },
                  },
                ],
              },
            },
            containers: [
              {
                name,
                image,
                imagePullPolicy: "Always",
                ports: [{ name: "http", containerPort: 8080 }],
                envFrom: [{ configMapRef: { name: configMap.metadata.name } }],
                resources: { requests: resources, limits: resources },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  privileged: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                startupProbe: { ...probe("/healthz"), periodSeconds: 2, failureThreshold: 30 },
                livenessProbe: { ...probe("/healthz"), periodSeconds: 10, failureThreshold: 6 },
                readinessProbe: { ...probe("/readyz"), periodSeconds: 5, failureThreshold: 2 },
                lifecycle: { preStop: { sleep: { seconds: 5 } } },
                volumeMounts: [{ name: "writable-0", mountPath: "/tmp" }],
              },
            ],
            volumes: [{ name: "writable-0", emptyDir: { sizeLimit: "256Mi" } }],
          },
        },
      },
    },
    { ...opts, dependsOn: network, customTimeouts: { create: "300s", update: "300s" } },
  );
  new core.Service(
    `${name}-service`,
    {
      metadata,
      spec: {
        type: "ClusterIP",
        selector,
        ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
      },
    },
    opts,
  );
  new policy.PodDisruptionBudget(
    `${name}-disruption`,
    {
      metadata,
      spec: {
        maxUnavailable: "25%",
        selector: labelSelector,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    opts,
  );
}
