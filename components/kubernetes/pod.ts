import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { MountedConfiguration } from "./configuration";
import { type CheckedContainer, type CheckedExtraContainer, hardenedContainer } from "./container";
import type { CheckedPod } from "./pod-args";
import { type Health, type Http, serving, working } from "./probes";
import { type Placement, spreadPods } from "./scheduling";

/** What {@link podTemplate} makes a pod of. */
export interface PodTemplateArgs extends CheckedPod {
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configuration: MountedConfiguration;
  /** Variables that the main container has besides its configuration. */
  readonly env?: readonly types.input.core.v1.EnvVar[];
  /** Volume claims that are mounted into the main container, as a StatefulSet has them. */
  readonly claimMounts?: readonly types.input.core.v1.VolumeMount[];
  /** For pods that serve: they are probed, and drained before they end. */
  readonly http?: Http;
  /** For pods that go on working and are sent no requests: they are probed by commands. */
  readonly health?: Health;
  /** For pods of which several run at once. */
  readonly placement?: Placement;
  /** Whether the main container may talk to the Kubernetes API as its ServiceAccount. */
  readonly apiAccess?: boolean;
  /** For pods that come to an end. @default "Always" */
  readonly restartPolicy?: "Never" | "OnFailure";
}

/**
 * No user of the image: a number that no common image and no node gives to anyone. A number, since
 * the kubelet can't tell whether a name is root.
 */
const user = 10_001;

/**
 * A pod that is hardened so that the Pod Security standard `restricted` admits it and that a
 * broken-in process finds little: no root, no capabilities, nothing to write to but the named
 * folders, no API token.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podTemplate(pod: PodTemplateArgs): types.input.core.v1.PodTemplateSpec {
  const { main, sidecars, initContainers, configuration } = pod;
  const folders = writableFolders([main, ...sidecars, ...initContainers]);
  const token = pod.apiAccess === true ? [apiToken] : [];
  return {
    metadata: { labels: pod.labels },
    spec: {
      serviceAccountName: pod.serviceAccountName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
      terminationGracePeriodSeconds: pod.terminationGracePeriodSeconds,
      ...(pod.restartPolicy !== undefined && { restartPolicy: pod.restartPolicy }),
      ...(pod.priorityClassName !== undefined && { priorityClassName: pod.priorityClassName }),
      ...(Object.keys(pod.nodeSelector).length > 0 && { nodeSelector: { ...pod.nodeSelector } }),
      ...(pod.tolerations.length > 0 && { tolerations: [...pod.tolerations] }),
      ...(pod.imagePullSecrets.length > 0 && {
        imagePullSecrets: pod.imagePullSecrets.map((name) => ({ name })),
      }),
      ...(pod.placement !== undefined && spreadPods(pod.placement)),
      // Those that go on running come first, so that the others can use them.
      ...(sidecars.length + initContainers.length > 0 && {
        initContainers: [
          ...sidecars.map((each) => sidecar(each, configuration, folders)),
          ...initContainers.map((each) => extraContainer(each, configuration, folders, {})),
        ],
      }),
      containers: [
        hardenedContainer(main, {
          ...(pod.http !== undefined && serving(pod.http)),
          ...(pod.health !== undefined && working(pod.health)),
          ...(pod.env !== undefined && pod.env.length > 0 && { env: [...pod.env] }),
          envFrom: [...configuration.envFrom],
          volumeMounts: [
            ...mounts(folders, main.name),
            ...configuration.volumeMounts,
            ...(pod.claimMounts ?? []),
            ...token.map((volume) => ({
              name: volume.name,
              mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
              readOnly: true,
            })),
          ],
        }),
      ],
      volumes: [
        ...folders.map(({ name, sizeLimit }) => ({ name, emptyDir: { sizeLimit } })),
        ...configuration.volumes,
        ...token,
      ],
    },
  };
}

function sidecar(
  container: CheckedExtraContainer,
  configuration: MountedConfiguration,
  folders: readonly WritableFolder[],
): types.input.core.v1.Container {
  const { port } = container;
  return extraContainer(container, configuration, folders, {
    // By this Kubernetes knows an init container that goes on running.
    restartPolicy: "Always",
    ...(port !== undefined && {
      ports: [{ containerPort: port }],
      startupProbe: { tcpSocket: { port }, periodSeconds: 2, failureThreshold: 30 },
    }),
  });
}

function extraContainer(
  container: CheckedExtraContainer,
  configuration: MountedConfiguration,
  folders: readonly WritableFolder[],
  rest: Partial<types.input.core.v1.Container>,
): types.input.core.v1.Container {
  const inherited = container.inheritConfiguration
    ? configuration
    : { envFrom: [], volumeMounts: [] };
  return hardenedContainer(container, {
    ...rest,
    env: Object.entries(container.env).map(([name, value]) => ({ name, value })),
    envFrom: [...inherited.envFrom],
    volumeMounts: [
      ...mounts(folders, container.name, container.sharedPaths),
      ...inherited.volumeMounts,
    ],
  });
}

/** A folder that a container may write to. */
interface WritableFolder {
  readonly name: string;
  readonly owner: string;
  readonly path: string;
  readonly isMain: boolean;
  readonly sizeLimit: string;
}

function writableFolders(containers: readonly CheckedContainer[]): readonly WritableFolder[] {
  return containers
    .flatMap(({ name: owner, writablePaths, limits }, container) =>
      writablePaths.map((path) => ({
        owner,
        path,
        isMain: container === 0,
        sizeLimit: limits["ephemeral-storage"],
      })),
    )
    .map((folder, i) => ({ name: `writable-${i}`, ...folder }));
}

/** A container's own folders, and those that it shares with the main one. */
function mounts(
  folders: readonly WritableFolder[],
  owner: string,
  shared: readonly string[] = [],
): types.input.core.v1.VolumeMount[] {
  return folders
    .filter((folder) => folder.owner === owner || (folder.isMain && shared.includes(folder.path)))
    .map(({ name, path }) => ({ name, mountPath: path }));
}

/**
 * What the client libraries of Kubernetes look for. Mounted by us, into the main container alone:
 * the kubelet would give it to the sidecars as well.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-token-volume
 */
const apiToken = {
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
} satisfies types.input.core.v1.Volume;
