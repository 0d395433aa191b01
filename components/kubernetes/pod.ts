import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Compute resources of a container, in Kubernetes' quantities. */
export interface Resources {
  /** Processor time, like `250m` for a quarter of a core. */
  readonly cpu: string;
  /** Memory, like `128Mi`. */
  readonly memory: string;
  /** Disk that lasts as long as the pod: logs, image layers written to, `emptyDir` volumes. */
  readonly "ephemeral-storage": string;
}

/** What {@link podTemplate} makes a pod of. */
export interface PodArgs {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  readonly port: number;
  readonly livenessPath: string;
  readonly readinessPath: string;
  readonly requests: Resources;
  readonly limits: Resources;
  readonly writablePaths: readonly string[];
  /** In how many zones at least the pods run. */
  readonly zones: number;
  readonly envFrom: readonly types.input.core.v1.EnvFromSource[];
}

/**
 * No user of the image: a number that no common image and no node gives to anyone. A number, since
 * the kubelet can't tell whether a name is root.
 */
const user = 10_001;

/**
 * How long a pod goes on serving after it was told to stop: until every node and load balancer has
 * taken it out of its list of endpoints, requests still arrive.
 */
const drainSeconds = 5;

/**
 * A pod of one HTTP container, hardened so that the Pod Security standard `restricted` admits it
 * and that a broken-in process finds little: no root, no capabilities, nothing to write to but the
 * named folders, no API token.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podTemplate(args: PodArgs): types.input.core.v1.PodTemplateSpec {
  const volumes = args.writablePaths.map((path, i) => ({ name: `writable-${i}`, path }));
  return {
    metadata: { labels: args.labels },
    spec: {
      serviceAccountName: args.serviceAccountName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
      terminationGracePeriodSeconds: drainSeconds + 30,
      topologySpreadConstraints: [
        spread("topology.kubernetes.io/zone", args.labels, args.zones),
        spread("kubernetes.io/hostname", args.labels, 1),
      ],
      containers: [
        {
          name: args.name,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ports: [{ name: "http", containerPort: args.port }],
          envFrom: [...args.envFrom],
          securityContext: {
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { requests: { ...args.requests }, limits: { ...args.limits } },
          // Starting may take a minute; only then do the other two begin.
          startupProbe: probe(args.livenessPath, { periodSeconds: 2, failureThreshold: 30 }),
          // Ready quickly leaves the load balancer; alive is patient, since it restarts.
          readinessProbe: probe(args.readinessPath, { periodSeconds: 5, failureThreshold: 2 }),
          livenessProbe: probe(args.livenessPath, { periodSeconds: 10, failureThreshold: 6 }),
          lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
          volumeMounts: volumes.map(({ name, path }) => ({ name, mountPath: path })),
        },
      ],
      volumes: volumes.map(({ name }) => ({
        name,
        emptyDir: { sizeLimit: args.limits["ephemeral-storage"] },
      })),
    },
  };
}

/** Spreads the pods over what a label of the nodes tells apart, in `minDomains` of it at least. */
function spread(
  topologyKey: string,
  labels: PodArgs["labels"],
  minDomains: number,
): types.input.core.v1.TopologySpreadConstraint {
  const evenly = { topologyKey, maxSkew: 1, labelSelector: { matchLabels: labels } };
  // A cluster that is short of zones or nodes runs the pods all the same.
  if (minDomains === 1) return { ...evenly, whenUnsatisfiable: "ScheduleAnyway" };
  return {
    ...evenly,
    // Kubernetes takes minDomains with this alone.
    whenUnsatisfiable: "DoNotSchedule",
    minDomains,
    // Each version of the pods by itself: were old ones counted too, a rollout could end with all
    // pods in one zone.
    matchLabelKeys: ["pod-template-hash"],
    // Zones whose nodes take none of these pods are no zones for them.
    nodeTaintsPolicy: "Honor",
  };
}

function probe(path: string, timing: { periodSeconds: number; failureThreshold: number }) {
  return { httpGet: { path, port: "http" }, timeoutSeconds: 2, ...timing };
}
