import { imageReference } from "../components/rules";
import type { Resource, Rule } from "./rule";
import { at, isOrMayBe, isThere, items, later, looksSecret, shown, texts } from "./values";

const standards = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted";

/** Kinds whose pods run until they are stopped. */
const services = [
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:apps/v1:ReplicaSet",
];

/** Kinds that hold a pod. */
const types = [
  ...services,
  "kubernetes:batch/v1:Job",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:core/v1:Pod",
];

/** On a Service that is meant to be reached from outside of the cluster: why it is. */
export const exposedBecause = "policy.groundwork/exposed-because";

/** Rules for workloads. */
export const kubernetesRules: readonly Rule[] = [
  {
    name: "pod-not-root",
    description: "A process that is root in the container is root on the node once it breaks out",
    url: standards,
    types,
    check: (resource) => {
      const pod = podSpec(resource);
      return containers(pod).flatMap(({ path, container }) => {
        const given = own(pod, container, "runAsNonRoot");
        const user = own(pod, container, "runAsUser");
        return [
          ...(isOrMayBe(given, true)
            ? []
            : [`runAsNonRoot of ${path} is ${shown(given)}: give true`]),
          ...(user === 0 ? [`runAsUser of ${path} is 0, which is root: give another user`] : []),
        ];
      });
    },
  },
  {
    name: "pod-no-privileges",
    description: "Privileges and their escalation open the node to whoever gets into the container",
    url: standards,
    types,
    check: ofContainers((path, container) => {
      const escalation = at(container, "securityContext", "allowPrivilegeEscalation");
      const privileged = at(container, "securityContext", "privileged");
      return [
        ...(isOrMayBe(escalation, false)
          ? []
          : [`allowPrivilegeEscalation of ${path} is ${shown(escalation)}: give false`]),
        ...(isOrMayBe(privileged, false, undefined, null)
          ? []
          : [`privileged of ${path} is ${shown(privileged)}: leave it out`]),
      ];
    }),
  },
  {
    name: "pod-no-capabilities",
    description: "Each capability is a part of what root may do, and services need none",
    url: standards,
    types,
    check: ofContainers((path, container) => {
      const drop = at(container, "securityContext", "capabilities", "drop");
      const add = texts(at(container, "securityContext", "capabilities", "add"));
      const added = add.filter((capability) => capability !== "NET_BIND_SERVICE");
      return [
        ...(drop === later || texts(drop).includes("ALL")
          ? []
          : [`capabilities.drop of ${path} is ${shown(drop)}: give ["ALL"]`]),
        ...(added.length > 0
          ? [`capabilities.add of ${path} has ${added.join(", ")}: leave it out`]
          : []),
      ];
    }),
  },
  {
    name: "pod-read-only",
    description: "Where nothing can be written, nothing can be left behind to be run",
    url: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    types,
    check: ofContainers((path, container) => {
      const given = at(container, "securityContext", "readOnlyRootFilesystem");
      if (isOrMayBe(given, true)) return [];
      return [
        `readOnlyRootFilesystem of ${path} is ${shown(given)}: give true, ` +
          "and mount an emptyDir where it has to write",
      ];
    }),
  },
  {
    name: "pod-seccomp",
    description: "Without a seccomp profile a process may try every system call of the node",
    url: "https://kubernetes.io/docs/tutorials/security/seccomp/",
    types,
    check: (resource) => {
      const pod = podSpec(resource);
      return containers(pod).flatMap(({ path, container }) => {
        const given = at(own(pod, container, "seccompProfile"), "type");
        if (isOrMayBe(given, "RuntimeDefault", "Localhost")) return [];
        return [`seccompProfile.type of ${path} is ${shown(given)}: give "RuntimeDefault"`];
      });
    },
  },
  {
    name: "pod-no-host-access",
    description: "What is the node's is shared with every other pod on it",
    url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    types,
    check: (resource) => {
      const pod = podSpec(resource);
      return [
        ...["hostNetwork", "hostPID", "hostIPC"]
          .filter((key) => at(pod, key) === true)
          .map((key) => `${key} is true: leave it out`),
        ...items(at(pod, "volumes"))
          .filter((volume) => isThere(at(volume, "hostPath")))
          .map(
            (volume) =>
              `volume ${shown(at(volume, "name"))} is a hostPath: ` +
              "use an emptyDir or a PersistentVolumeClaim",
          ),
        ...containers(pod).flatMap(({ path, container }) =>
          items(at(container, "ports"))
            .map((port) => at(port, "hostPort"))
            .filter((port) => isThere(port) && port !== later && port !== 0)
            .map((port) => `hostPort of ${path} is ${shown(port)}: leave it out, use a Service`),
        ),
      ];
    },
  },
  {
    name: "pod-resources",
    description:
      "Pods without requests are placed where there is no room, those without a limit take it",
    url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    types,
    check: ofContainers((path, container) =>
      (
        [
          ["requests", "cpu", "100m"],
          ["requests", "memory", "128Mi"],
          ["limits", "cpu", "500m"],
          ["limits", "memory", "256Mi"],
        ] as const
      )
        .filter(([kind, resource]) => !isThere(at(container, "resources", kind, resource)))
        .map(
          ([kind, resource, example]) =>
            `resources.${kind}.${resource} of ${path} is not set: give a quantity, like ${example}`,
        ),
    ),
  },
  {
    name: "pod-probes",
    description: "Without probes a pod gets requests before it can serve, and hangs unnoticed",
    url: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    types: services,
    check: (resource) =>
      containers(podSpec(resource))
        .filter(({ isInit }) => !isInit)
        .flatMap(({ path, container }) =>
          ["readinessProbe", "livenessProbe"]
            .filter((probe) => !isThere(at(container, probe)))
            .map((probe) => `${probe} of ${path} is not set: say how it is asked`),
        ),
  },
  {
    name: "pod-probes-differ",
    description: "What is asked the same for both is restarted when it can't serve for a moment",
    url: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    types: services,
    check: ofContainers((path, container) => {
      const probes = ["readinessProbe", "livenessProbe"].map((probe) => at(container, probe));
      const [ready, alive] = probes.map((probe) =>
        JSON.stringify(["httpGet", "tcpSocket", "exec", "grpc"].map((how) => at(probe, how))),
      );
      if (probes.some((probe) => probe === later || !isThere(probe)) || ready !== alive) return [];
      return [`livenessProbe of ${path} asks what its readinessProbe asks: ask something else`];
    }),
  },
  {
    name: "pod-image",
    description: "Nobody can say what runs as latest, nor run it again",
    url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    types,
    check: ofContainers((path, container) => {
      const image = at(container, "image");
      const problem = image === later ? undefined : imageReference(image as string);
      return problem === undefined ? [] : [`image of ${path} is ${shown(image)}: ${problem}`];
    }),
  },
  {
    name: "pod-image-digest",
    description: "A digest is the image that was tested; a tag is what somebody pushed last",
    url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    types,
    cloudOnly: true,
    check: ofContainers((path, container) => {
      const image = at(container, "image");
      if (image === later || /@sha256:[0-9a-f]{64}$/.test(String(image))) return [];
      return [
        `image of ${path} is ${shown(image)}: give it by digest (repository@sha256:...), ` +
          "as ContainerImage's ref is",
      ];
    }),
  },
  {
    name: "pod-no-token",
    description: "A token of the Kubernetes API is of use to nobody but who breaks in",
    url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
    types,
    check: (resource) => {
      const given = at(podSpec(resource), "automountServiceAccountToken");
      if (isOrMayBe(given, false)) return [];
      return [`automountServiceAccountToken of the pod is ${shown(given)}: give false`];
    },
  },
  {
    name: "pod-no-secrets",
    description: "Whoever may look at a workload sees the values of its environment",
    url: "https://kubernetes.io/docs/concepts/configuration/secret/",
    types,
    check: ofContainers((path, container) =>
      items(at(container, "env"))
        .filter((variable) => isThere(at(variable, "value")))
        .map((variable) => String(at(variable, "name")))
        .filter(looksSecret)
        .map(
          (name) =>
            `env of ${path} has "${name}", which looks like a secret: ` +
            "put it into a Secret, with Microservice by giving it in secrets",
        ),
    ),
  },
  {
    name: "configmap-no-secrets",
    description: "Whoever may look into a namespace reads its ConfigMaps",
    url: "https://kubernetes.io/docs/concepts/configuration/configmap/",
    types: ["kubernetes:core/v1:ConfigMap"],
    // On the local platform pods have an emulator's keys, which everybody knows.
    cloudOnly: true,
    check: ({ props }) =>
      Object.keys(Object(at(props, "data")))
        .filter(looksSecret)
        .map(
          (name) =>
            `data has "${name}", which looks like a secret: ` +
            "put it into a Secret, with Microservice by giving it in secrets",
        ),
  },
  {
    name: "statefulset-keeps-claims",
    description: "A volume that goes with its pod or its StatefulSet takes the data along",
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
    types: ["kubernetes:apps/v1:StatefulSet"],
    check: ({ props }) =>
      ["whenDeleted", "whenScaled"]
        .map((when) => `spec.persistentVolumeClaimRetentionPolicy.${when}`)
        .filter((path) => at(props, ...path.split(".")) === "Delete")
        .map((path) => `${path} is "Delete": give "Retain"`),
  },
  {
    name: "job-deadline",
    description: "What hangs without a deadline hangs unnoticed, and keeps the next from running",
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup",
    types: ["kubernetes:batch/v1:Job", "kubernetes:batch/v1:CronJob"],
    check: (resource) =>
      isThere(at(jobSpec(resource), "activeDeadlineSeconds"))
        ? []
        : ["activeDeadlineSeconds of the Job is not set: say how long it may take"],
  },
  {
    name: "cronjob-no-overlap",
    description: "One that takes longer than its interval would run beside itself",
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy",
    types: ["kubernetes:batch/v1:CronJob"],
    check: ({ props }) => {
      const given = at(props, "spec", "concurrencyPolicy");
      if (isOrMayBe(given, "Forbid", "Replace")) return [];
      return [`spec.concurrencyPolicy is ${shown(given)}: give "Forbid" or "Replace"`];
    },
  },
  {
    name: "service-not-exposed",
    description: "A LoadBalancer or NodePort is reached from outside of the cluster",
    url: "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
    types: ["kubernetes:core/v1:Service"],
    check: ({ props }) => {
      const given = at(props, "spec", "type");
      if (isOrMayBe(given, undefined, null, "ClusterIP", "ExternalName")) return [];
      if (isThere(at(props, "metadata", "annotations", exposedBecause))) return [];
      return [
        `spec.type is ${shown(given)}: give "ClusterIP", ` +
          `or say in the annotation ${exposedBecause} why it must be reached from outside`,
      ];
    },
  },
  {
    name: "namespace-restricted",
    description: "Only what the namespace itself refuses is refused to everybody",
    url: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    types: ["kubernetes:core/v1:Namespace"],
    check: ({ props }) => {
      const label = "pod-security.kubernetes.io/enforce";
      const given = at(props, "metadata", "labels", label);
      if (isOrMayBe(given, "restricted")) return [];
      return [`the label ${label} is ${shown(given)}: give "restricted"`];
    },
  },
];

/** The pod that a workload runs. */
export function podSpec(resource: Resource): unknown {
  if (resource.type.endsWith(":Pod")) return at(resource.props, "spec");
  return at(jobSpec(resource), "template", "spec");
}

/** The spec that has the pod in it: a CronJob's is that of its Jobs. */
function jobSpec({ type, props }: Resource): unknown {
  return at(type.endsWith(":CronJob") ? at(props, "spec", "jobTemplate") : props, "spec");
}

interface Container {
  /** How messages name it, like `container "web"`. */
  readonly path: string;
  readonly container: unknown;
  readonly isInit: boolean;
}

function containers(pod: unknown): readonly Container[] {
  const named = (list: string, word: (container: unknown) => string, isInit: boolean) =>
    items(at(pod, list)).map((container) => ({
      path: `${word(container)} ${shown(at(container, "name"))}`,
      container,
      isInit,
    }));
  const isSidecar = (container: unknown) => at(container, "restartPolicy") === "Always";
  return [
    ...named("containers", () => "container", false),
    ...named("initContainers", (each) => (isSidecar(each) ? "sidecar" : "init container"), true),
  ];
}

/** A check of each container by itself. */
function ofContainers(
  check: (path: string, container: unknown) => readonly string[],
): (resource: Resource) => readonly string[] {
  return (resource) =>
    containers(podSpec(resource)).flatMap(({ path, container }) => check(path, container));
}

/** A security setting of a container, which it has from its pod unless it says otherwise. */
function own(pod: unknown, container: unknown, key: string): unknown {
  return at(container, "securityContext", key) ?? at(pod, "securityContext", key);
}
