import { type PodArgs, podTemplate } from "../../../components/kubernetes/pod";

const args: PodArgs = {
  name: "web",
  labels: { app: "web" },
  serviceAccountName: "web-runner",
  image: "example.com/web:1",
  port: 8080,
  livenessPath: "/alive",
  readinessPath: "/ready",
  requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "32Mi" },
  writablePaths: ["/tmp", "/var/cache/web"],
  zones: 1,
  envFrom: [{ configMapRef: { name: "web-config" } }],
};

describe("podTemplate", () => {
  test("makes a hardened pod that is spread, probed and drained", () => {
    expect(podTemplate(args)).toEqual({
      metadata: { labels: { app: "web" } },
      spec: {
        serviceAccountName: "web-runner",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10_001,
          runAsGroup: 10_001,
          fsGroup: 10_001,
          seccompProfile: { type: "RuntimeDefault" },
        },
        terminationGracePeriodSeconds: 35,
        topologySpreadConstraints: [
          {
            topologyKey: "topology.kubernetes.io/zone",
            maxSkew: 1,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { app: "web" } },
          },
          {
            topologyKey: "kubernetes.io/hostname",
            maxSkew: 1,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { app: "web" } },
          },
        ],
        containers: [
          {
            name: "web",
            image: "example.com/web:1",
            imagePullPolicy: "IfNotPresent",
            ports: [{ name: "http", containerPort: 8080 }],
            envFrom: [{ configMapRef: { name: "web-config" } }],
            securityContext: {
              allowPrivilegeEscalation: false,
              privileged: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            resources: {
              requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
              limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "32Mi" },
            },
            startupProbe: {
              httpGet: { path: "/alive", port: "http" },
              timeoutSeconds: 2,
              periodSeconds: 2,
              failureThreshold: 30,
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
            volumeMounts: [
              { name: "writable-0", mountPath: "/tmp" },
              { name: "writable-1", mountPath: "/var/cache/web" },
            ],
          },
        ],
        volumes: [
          { name: "writable-0", emptyDir: { sizeLimit: "32Mi" } },
          { name: "writable-1", emptyDir: { sizeLimit: "32Mi" } },
        ],
      },
    });
  });

  test("runs in as many zones as are asked for, or not at all", () => {
    const { spec } = podTemplate({ ...args, zones: 3 }) as {
      spec: { topologySpreadConstraints: unknown };
    };
    expect(spec.topologySpreadConstraints).toEqual([
      {
        topologyKey: "topology.kubernetes.io/zone",
        maxSkew: 1,
        minDomains: 3,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { app: "web" } },
        matchLabelKeys: ["pod-template-hash"],
        nodeTaintsPolicy: "Honor",
      },
      {
        topologyKey: "kubernetes.io/hostname",
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: "web" } },
      },
    ]);
  });

  test("has nothing to write to where no folder is named", () => {
    const { spec } = podTemplate({ ...args, writablePaths: [] }) as {
      spec: { volumes: unknown; containers: { volumeMounts: unknown }[] };
    };
    expect(spec.volumes).toEqual([]);
    expect(spec.containers.map((container) => container.volumeMounts)).toEqual([[]]);
  });
});
