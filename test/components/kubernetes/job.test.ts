import { ArgumentCheck } from "../../../components/arguments";
import { Job, type JobArgs } from "../../../components/kubernetes/job";
import { podTemplate } from "../../../components/kubernetes/pod";
import { checkPod, type PodArgs } from "../../../components/kubernetes/pod-args";
import { Queue } from "../../../components/messaging/queue";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:kubernetes:Job";
const account = "kubernetes:core/v1:ServiceAccount";
const configMap = "kubernetes:core/v1:ConfigMap";
const job = "kubernetes:batch/v1:Job";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const secret = "kubernetes:core/v1:Secret";

const selector = { "app.kubernetes.io/name": "migrate" };
const labels = {
  ...selector,
  "app.kubernetes.io/instance": "migrate",
  "app.kubernetes.io/managed-by": "pulumi",
};
const metadata = { name: "migrate", namespace: "shop", labels };
const image = `example.com/web@sha256:${"0123456789abcdef".repeat(4)}`;
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
/** That a pod had to leave its node is not counted as a failure. */
const podFailurePolicy = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
};

const podOf = (args: Partial<PodArgs> = {}, envFrom: object[] = []) =>
  podTemplate({
    ...checkPod(new ArgumentCheck(type, "migrate"), "migrate", {
      image,
      namespace: "shop",
      ...args,
    }),
    labels,
    serviceAccountName: "migrate",
    configuration: { envFrom, volumes: [], volumeMounts: [] },
    restartPolicy: "Never",
  });

const recordJob = (args: Partial<JobArgs> = {}) =>
  record(() => {
    const { name, labels, namespaceName } = new Job("migrate", {
      image,
      namespace: "shop",
      ...args,
    });
    return { name, labels, namespaceName };
  });

describe("Job", () => {
  test("default runs once, hardened, reached by nobody and reaching nothing", async () => {
    const recording = await recordJob();
    expect(recording.resources).toHaveLength(4);
    expect(recording.childrenOf(type, "migrate")).toEqual([
      `${job} migrate`,
      `${account} migrate-account`,
      `${networkPolicy} migrate-network`,
    ]);
    expect(recording.one(account, "migrate-account").inputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    });
    expect(recording.one(networkPolicy, "migrate-network").inputs).toEqual({
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
    // Under its own name, so that the last one goes before the next one starts.
    expect(recording.one(job, "migrate").inputs).toEqual({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        ...metadata,
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: {
        backoffLimit: 3,
        activeDeadlineSeconds: 600,
        podFailurePolicy,
        template: podOf(),
      },
    });
    expect(recording.one(job, "migrate").dependencies).toEqual([
      `${account} migrate-account`,
      `${networkPolicy} migrate-network`,
    ]);
    expect(recording.outputs).toEqual({
      name: "migrate",
      labels: selector,
      namespaceName: "shop",
    });
  });

  test("its pod is neither probed nor drained nor spread", () => {
    const { spec } = podOf() as { spec: { containers: object[] } };
    for (const each of ["ports", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle"]) {
      expect(spec.containers[0]).not.toHaveProperty(each);
    }
    expect(spec).toMatchObject({ restartPolicy: "Never", automountServiceAccountToken: false });
  });

  test("custom", async () => {
    const recording = await recordJob({
      args: ["migrate", "--all"],
      config: { LEVEL: "info" },
      secrets: { PASSWORD: "p" },
      backoffLimit: 0,
      activeDeadlineSeconds: 3600,
      allowTo: [{ ports: [{ port: 5432, protocol: "TCP" }] }],
    });
    expect(recording.resources).toHaveLength(6);
    expect(recording.childrenOf(type, "migrate")).toEqual([
      `${job} migrate`,
      `${configMap} migrate-config`,
      `${secret} migrate-secrets`,
      `${account} migrate-account`,
      `${networkPolicy} migrate-network`,
    ]);
    expect(recording.one(job, "migrate").inputs["spec"]).toEqual({
      backoffLimit: 0,
      activeDeadlineSeconds: 3600,
      podFailurePolicy,
      template: podOf({ args: ["migrate", "--all"] }, [
        { configMapRef: { name: "migrate-config-1a2b3c4d" } },
        { secretRef: { name: "migrate-secrets-1a2b3c4d" } },
      ]),
    });
    expect(recording.one(networkPolicy, "migrate-network").inputs["spec"]).toEqual({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: { matchLabels: selector } }] }],
      egress: [clusterDns, { ports: [{ port: 5432, protocol: "TCP" }] }],
    });
  });

  test("waits for what it depends on", async () => {
    const recording = await record(() => {
      const queue = new Queue("orders");
      new Job("migrate", { image, namespace: "shop" }, { dependsOn: queue });
    });
    expect(recording.one(job, "migrate").dependencies).toContain("aws:sqs/queue:Queue orders");
  });

  test("fails when anything can't work, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new Job("migrate", {
          image: "example.com/web",
          namespace: "shop",
          backoffLimit: -1,
          activeDeadlineSeconds: 0,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "migrate",
        "backoffLimit is -1: give a whole number from 0 to 100 more tries",
        "activeDeadlineSeconds is 0: give a whole number from 1 to 604800 seconds, which are seven days",
        'image is "example.com/web": give an image with its digest (repository@sha256:...) or a tag other than latest',
      ),
    );
  });
});
