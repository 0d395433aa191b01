import { ArgumentCheck } from "../../../components/arguments";
import { Microservice } from "../../../components/kubernetes/microservice";
import { type PodTemplateArgs, podTemplate } from "../../../components/kubernetes/pod";
import { checkPod, type PodArgs } from "../../../components/kubernetes/pod-args";
import { autoscaler } from "../../../components/kubernetes/scaling";
import { Worker } from "../../../components/kubernetes/worker";
import type { WorkerArgs } from "../../../components/kubernetes/worker-args";
import { Queue } from "../../../components/messaging/queue";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:kubernetes:Worker";
const account = "kubernetes:core/v1:ServiceAccount";
const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const configMap = "kubernetes:core/v1:ConfigMap";
const deployment = "kubernetes:apps/v1:Deployment";
const disruptionBudget = "kubernetes:policy/v1:PodDisruptionBudget";
const lease = "kubernetes:coordination.k8s.io/v1:Lease";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const role = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const roleBinding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";

const selector = { "app.kubernetes.io/name": "ship" };
const labels = {
  ...selector,
  "app.kubernetes.io/instance": "ship",
  "app.kubernetes.io/managed-by": "pulumi",
};
const metadata = { name: "ship", namespace: "shop", labels };
const image = `example.com/ship@sha256:${"0123456789abcdef".repeat(4)}`;
const livenessCommand = ["/ship", "alive"];
const readinessCommand = ["/ship", "ready"];
const required = { image, namespace: "shop", livenessCommand, readinessCommand };
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

/** The pods when nothing is said but this. */
const podOf = (args: Partial<PodArgs> = {}, rest: Partial<PodTemplateArgs> = {}) =>
  podTemplate({
    ...checkPod(new ArgumentCheck(type, "ship"), "ship", { image, namespace: "shop", ...args }),
    labels,
    serviceAccountName: "ship",
    configuration: { envFrom: [], volumes: [], volumeMounts: [] },
    health: { startupSeconds: 60, livenessCommand, readinessCommand },
    placement: { labels: selector, zones: 1, revisionLabel: "pod-template-hash" },
    ...rest,
  });

/** The recording of a worker called ship in the namespace shop. */
const recordShip = (args: Partial<WorkerArgs> = {}) =>
  record(() => {
    const ship = new Worker("ship", { ...required, ...args });
    return {
      caller: { name: ship.name, labels: ship.labels },
      namespaceName: ship.namespaceName,
      serviceAccountName: ship.serviceAccountName,
      deployment: ship.deployment.id,
    };
  });

describe("Worker", () => {
  test("default is two hardened pods that nobody reaches, and that reach nothing", async () => {
    const recording = await recordShip();
    expect(recording.resources).toHaveLength(5);
    expect(recording.childrenOf(type, "ship")).toEqual([
      `${deployment} ship`,
      `${account} ship-account`,
      `${networkPolicy} ship-network`,
      `${disruptionBudget} ship-disruption`,
    ]);
    expect(recording.one(account, "ship-account").inputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    });
    expect(recording.one(deployment, "ship").inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        ...metadata,
        annotations: { "pulumi.com/waitFor": expect.stringContaining("availableReplicas") },
      },
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
    expect(recording.one(deployment, "ship").dependencies).toEqual([
      `${account} ship-account`,
      `${networkPolicy} ship-network`,
    ]);
    expect(recording.one(disruptionBudget, "ship-disruption").inputs["spec"]).toEqual({
      maxUnavailable: "25%",
      selector: { matchLabels: selector },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    expect(recording.one(networkPolicy, "ship-network").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector: { matchLabels: selector } }] }],
        egress: [clusterDns],
      },
    });
    expect(recording.outputs).toEqual({
      caller: { name: "ship", labels: selector },
      namespaceName: "shop",
      serviceAccountName: "ship",
      deployment: "shop/ship",
    });
  });

  test("its container is asked by commands, has no port, and gets the signal to end at once", () => {
    const { spec } = podOf() as { spec: { containers: object[] } };
    expect(spec).toMatchObject({ terminationGracePeriodSeconds: 35 });
    const alive = { exec: { command: livenessCommand }, timeoutSeconds: 5 };
    const ready = { exec: { command: readinessCommand }, timeoutSeconds: 5 };
    expect(spec.containers[0]).toMatchObject({
      startupProbe: { ...alive, periodSeconds: 5, failureThreshold: 12 },
      readinessProbe: { ...ready, periodSeconds: 10, failureThreshold: 3 },
      livenessProbe: { ...alive, periodSeconds: 20, failureThreshold: 3 },
    });
    for (const each of ["ports", "lifecycle"]) {
      expect(spec.containers[0]).not.toHaveProperty(each);
    }
  });

  test("custom has its configuration, time to start and to end, and what it may reach", async () => {
    const recording = await recordShip({
      config: { QUEUE: "orders" },
      replicas: 3,
      zones: 3,
      startupSeconds: 7,
      livenessCommand: ["/alive"],
      readinessCommand: ["/ready"],
      terminationGracePeriodSeconds: 900,
      rollout: { deadlineSeconds: 1_000 },
      allowTo: [{ ports: [{ port: 443 }] }],
      sidecars: [{ name: "proxy", image, port: 8080 }],
    });
    expect(recording.resources).toHaveLength(6);
    expect(recording.one(configMap, "ship-config").parent).toBe(`${type} ship`);
    expect(recording.one(deployment, "ship").inputs["spec"]).toMatchObject({
      replicas: 3,
      progressDeadlineSeconds: 1_000,
      template: podOf(
        {
          terminationGracePeriodSeconds: 900,
          sidecars: [{ name: "proxy", image, port: 8080 }],
        },
        {
          configuration: {
            envFrom: [{ configMapRef: { name: "ship-config-1a2b3c4d" } }],
            volumes: [],
            volumeMounts: [],
          },
          health: { startupSeconds: 7, livenessCommand: ["/alive"], readinessCommand: ["/ready"] },
          placement: { labels: selector, zones: 3, revisionLabel: "pod-template-hash" },
        },
      ),
    });
    expect(recording.one(networkPolicy, "ship-network").inputs["spec"]).toMatchObject({
      egress: [clusterDns, { ports: [{ port: 443 }] }],
    });
  });

  test("custom scales by what its pods use, and has no number of pods to fight about", async () => {
    const scaling = { min: 2, max: 9, cpuPercent: 50, memoryPercent: 80 };
    const recording = await recordShip({ scaling });
    expect(recording.resources).toHaveLength(6);
    expect(recording.one(autoscalerType, "ship-scaling").inputs).toEqual({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata,
      spec: autoscaler("ship", scaling),
    });
    expect(recording.one(deployment, "ship").inputs["spec"]).not.toHaveProperty("replicas");
  });

  test("custom elects a leader, for which its pods are let out to the API server", async () => {
    const recording = await recordShip({ leaderElection: { apiServerAt: ["10.0.16.0/20"] } });
    expect(recording.childrenOf(type, "ship")).toEqual([
      `${deployment} ship`,
      `${lease} ship-lease`,
      `${account} ship-account`,
      `${networkPolicy} ship-network`,
      `${disruptionBudget} ship-disruption`,
      `${role} ship-lease-role`,
      `${roleBinding} ship-lease-binding`,
    ]);
    expect(recording.one(networkPolicy, "ship-network").inputs["spec"]).toMatchObject({
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
  });

  test("is let in by a service, and waits for what it depends on", async () => {
    const recording = await record(() => {
      const queue = new Queue("orders");
      const ship = new Worker("ship", required, { dependsOn: queue });
      new Microservice("stock", { image, namespace: "shop" }).allowFrom(ship);
    });
    expect(recording.one(deployment, "ship").dependencies).toContain("aws:sqs/queue:Queue orders");
    expect(recording.one(networkPolicy, "ship-to-stock").inputs["spec"]).toMatchObject({
      podSelector: { matchLabels: selector },
      policyTypes: ["Egress"],
    });
  });

  test("fails when nobody could tell how it is", async () => {
    const args = { image, namespace: "shop", readinessCommand: [] } as unknown as WorkerArgs;
    expect(await refusal(() => new Worker("ship", args))).toEqual(
      refusalOf(
        type,
        "ship",
        "livenessCommand has no command: give one in the container that ends with 0 as long as the worker works",
        "readinessCommand has no command: give one in the container that ends with 0 once it has reached what it works on",
      ),
    );
  });

  test("fails when what is alive and what is ready are asked the same", async () => {
    const args = { ...required, readinessCommand: [...livenessCommand] };
    expect(await refusal(() => new Worker("ship", args))).toEqual(
      refusalOf(
        type,
        "ship",
        "livenessCommand and readinessCommand are the same: give two, or what can't reach its work for a moment is restarted",
      ),
    );
  });

  test("fails when it is given what takes requests", async () => {
    const args: object = { port: 8080, scaling: { min: 2, max: 4, requestsPerPodPerSecond: 5 } };
    const refused = await refusal(() => new Worker("ship", { ...required, ...args }));
    expect(refused.message).toContain('- there is no argument "port": give only namespace, image,');
    expect(refused.message).toContain(
      '- there is no argument "scaling.requestsPerPodPerSecond": give only min, max, cpuPercent, memoryPercent',
    );
  });

  test("fails when anything can't work, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new Worker("ship", {
          image: "example.com/ship",
          namespace: "shop",
          livenessCommand: [1] as never,
          readinessCommand: "/ready" as never,
          replicas: 2,
          zones: 3,
          startupSeconds: 400,
          terminationGracePeriodSeconds: 5,
          config: { POD_NAME: "x" },
          leaderElection: { apiServerAt: [] },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "ship",
        'image is "example.com/ship": give an image with its digest (repository@sha256:...) or a tag other than latest',
        "terminationGracePeriodSeconds is 5: give a whole number from 6 to 3600 seconds",
        '"POD_NAME" of config is set by the component: leave it out',
        "replicas is 2: give at least 3, a pod for each of the zones",
        "startupSeconds is 400, and rollout.deadlineSeconds 300: give the rollout more time than a container may take to start",
        'leaderElection has no address of the API server, and the pods can\'t reach it: give leaderElection: { apiServerAt: ["10.0.16.0/20"] }',
        "livenessCommand[0] is 1: give text",
        "readinessCommand is text: give a list",
        "readinessCommand has no command: give one in the container that ends with 0 once it has reached what it works on",
      ),
    );
  });
});
