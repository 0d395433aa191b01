import type { types } from "@pulumi/kubernetes";
import { ArgumentCheck } from "../../../components/arguments";
import { hardenedContainer } from "../../../components/kubernetes/container";
import { type PodTemplateArgs, podTemplate } from "../../../components/kubernetes/pod";
import { checkPod, type PodArgs } from "../../../components/kubernetes/pod-args";
import { type Placement, spreadPods } from "../../../components/kubernetes/scheduling";

const image = "example.com/web:1";
const placement: Placement = {
  labels: { app: "web" },
  zones: 1,
  revisionLabel: "pod-template-hash",
};
const checked = (args: Partial<PodArgs> = {}) =>
  checkPod(new ArgumentCheck("groundwork:test:Thing", "it"), "web", {
    image,
    namespace: "shop",
    ...args,
  });

/** The spec of a pod of which nothing is said but this. */
function specOf(
  args: Partial<PodArgs>,
  rest: Partial<PodTemplateArgs> = {},
): types.input.core.v1.PodSpec {
  const template = podTemplate({
    ...checked(args),
    labels: {},
    serviceAccountName: "web",
    configuration: { envFrom: [], volumes: [], volumeMounts: [] },
    ...rest,
  });
  return template.spec as types.input.core.v1.PodSpec;
}

const securityContext = {
  runAsNonRoot: true,
  runAsUser: 10_001,
  runAsGroup: 10_001,
  fsGroup: 10_001,
  seccompProfile: { type: "RuntimeDefault" },
};

const tokenVolume = {
  name: "api-token",
  projected: {
    defaultMode: 0o440,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3_607 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }],
        },
      },
    ],
  },
};

describe("podTemplate", () => {
  test("default is a hardened pod that runs one container", () => {
    expect(
      podTemplate({
        ...checked(),
        labels: { app: "web" },
        serviceAccountName: "web-runner",
        configuration: { envFrom: [], volumes: [], volumeMounts: [] },
      }),
    ).toEqual({
      metadata: { labels: { app: "web" } },
      spec: {
        serviceAccountName: "web-runner",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext,
        terminationGracePeriodSeconds: 35,
        containers: [
          hardenedContainer(checked().main, {
            envFrom: [],
            volumeMounts: [{ name: "writable-0", mountPath: "/tmp" }],
          }),
        ],
        volumes: [{ name: "writable-0", emptyDir: { sizeLimit: "256Mi" } }],
      },
    });
  });

  test("custom serves: it is probed, drained and spread", () => {
    const http = {
      port: 9000,
      startupSeconds: 121,
      livenessPath: "/alive",
      readinessPath: "/ready",
    };
    const { containers, ...spec } = specOf({}, { http, placement });
    expect(spec).toMatchObject(spreadPods(placement));
    expect(containers).toEqual([
      hardenedContainer(checked().main, {
        ports: [{ name: "http", containerPort: 9000 }],
        startupProbe: {
          httpGet: { path: "/alive", port: "http" },
          timeoutSeconds: 2,
          periodSeconds: 2,
          failureThreshold: 61,
        },
        readinessProbe: {
          httpGet: { path: "/ready", port: "http" },
          timeoutSeconds: 2,
          periodSeconds: 5,
          failureThreshold: 2,
        },
        livenessProbe: {
          httpGet: { path: "/alive", port: "http" },
          timeoutSeconds: 2,
          periodSeconds: 10,
          failureThreshold: 6,
        },
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
        envFrom: [],
        volumeMounts: [{ name: "writable-0", mountPath: "/tmp" }],
      }),
    ]);
  });

  test("custom runs where and as it is told", () => {
    const args = {
      priorityClassName: "high",
      nodeSelector: { "kubernetes.io/arch": "arm64" },
      tolerations: [{ key: "spot", operator: "Exists" }],
      imagePullSecrets: ["pull"],
      terminationGracePeriodSeconds: 90,
      writablePaths: [],
    };
    expect(specOf(args, { restartPolicy: "Never" })).toEqual({
      serviceAccountName: "web",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext,
      terminationGracePeriodSeconds: 90,
      restartPolicy: "Never",
      priorityClassName: "high",
      nodeSelector: { "kubernetes.io/arch": "arm64" },
      tolerations: [{ key: "spot", operator: "Exists" }],
      imagePullSecrets: [{ name: "pull" }],
      containers: [hardenedContainer(checked().main, { envFrom: [], volumeMounts: [] })],
      volumes: [],
    });
  });

  test("custom mounts its configuration and its claims", () => {
    const spec = specOf(
      {},
      {
        configuration: {
          envFrom: [{ configMapRef: { name: "web-config" } }],
          volumes: [{ name: "files-0", projected: { sources: [] } }],
          volumeMounts: [{ name: "files-0", mountPath: "/etc/web", readOnly: true }],
        },
        claimMounts: [{ name: "data", mountPath: "/data" }],
        env: [{ name: "SHARD", value: "0" }],
      },
    );
    expect(spec.containers).toEqual([
      hardenedContainer(checked().main, {
        env: [{ name: "SHARD", value: "0" }],
        envFrom: [{ configMapRef: { name: "web-config" } }],
        volumeMounts: [
          { name: "writable-0", mountPath: "/tmp" },
          { name: "files-0", mountPath: "/etc/web", readOnly: true },
          { name: "data", mountPath: "/data" },
        ],
      }),
    ]);
    expect(spec.volumes).toEqual([
      { name: "writable-0", emptyDir: { sizeLimit: "256Mi" } },
      { name: "files-0", projected: { sources: [] } },
    ]);
  });

  test("custom gives a token to the main container alone", () => {
    const spec = specOf({ sidecars: [{ name: "proxy", image }] }, { apiAccess: true });
    const mounts = (containers: unknown) =>
      (containers as { volumeMounts: unknown }[]).map((each) => each.volumeMounts);
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(mounts(spec.containers)).toEqual([
      [
        { name: "writable-0", mountPath: "/tmp" },
        {
          name: "api-token",
          mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
          readOnly: true,
        },
      ],
    ]);
    expect(mounts(spec.initContainers)).toEqual([[{ name: "writable-1", mountPath: "/tmp" }]]);
    expect(spec.volumes).toEqual([
      { name: "writable-0", emptyDir: { sizeLimit: "256Mi" } },
      { name: "writable-1", emptyDir: { sizeLimit: "256Mi" } },
      tokenVolume,
    ]);
  });

  test("custom has sidecars, and before the main container others that end", () => {
    const args = {
      writablePaths: ["/tmp", "/data"],
      sidecars: [
        { name: "proxy", image, port: 9000, limits: { "ephemeral-storage": "1Gi" } },
        { name: "agent", image, writablePaths: [] },
      ],
      initContainers: [
        {
          name: "migrate",
          image,
          command: ["migrate"],
          env: { MODE: "all" },
          inheritConfiguration: true,
          writablePaths: [],
          sharedPaths: ["/data"],
        },
      ],
    };
    const spec = specOf(args, {
      configuration: {
        envFrom: [{ secretRef: { name: "web-secrets" } }],
        volumes: [],
        volumeMounts: [{ name: "files-0", mountPath: "/etc/web", readOnly: true }],
      },
    });
    const { sidecars, initContainers } = checked(args);
    const [proxy, agent, migrate] = [...sidecars, ...initContainers].map(
      (each) => (rest: Parameters<typeof hardenedContainer>[1]) => hardenedContainer(each, rest),
    );
    expect(spec.initContainers).toEqual([
      proxy?.({
        restartPolicy: "Always",
        ports: [{ containerPort: 9000 }],
        startupProbe: { tcpSocket: { port: 9000 }, periodSeconds: 2, failureThreshold: 30 },
        env: [],
        envFrom: [],
        volumeMounts: [{ name: "writable-2", mountPath: "/tmp" }],
      }),
      agent?.({ restartPolicy: "Always", env: [], envFrom: [], volumeMounts: [] }),
      migrate?.({
        env: [{ name: "MODE", value: "all" }],
        envFrom: [{ secretRef: { name: "web-secrets" } }],
        volumeMounts: [
          { name: "writable-1", mountPath: "/data" },
          { name: "files-0", mountPath: "/etc/web", readOnly: true },
        ],
      }),
    ]);
    expect(spec.volumes).toEqual([
      { name: "writable-0", emptyDir: { sizeLimit: "256Mi" } },
      { name: "writable-1", emptyDir: { sizeLimit: "256Mi" } },
      { name: "writable-2", emptyDir: { sizeLimit: "1Gi" } },
    ]);
  });
});
