import { ArgumentCheck } from "../../../components/arguments";
import { CronJob, type CronJobArgs } from "../../../components/kubernetes/cron-job";
import { podTemplate } from "../../../components/kubernetes/pod";
import { checkPod } from "../../../components/kubernetes/pod-args";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:kubernetes:CronJob";
const account = "kubernetes:core/v1:ServiceAccount";
const cronJob = "kubernetes:batch/v1:CronJob";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const labels = {
  "app.kubernetes.io/name": "tidy",
  "app.kubernetes.io/instance": "tidy",
  "app.kubernetes.io/managed-by": "pulumi",
};
const image = `example.com/web@sha256:${"0123456789abcdef".repeat(4)}`;
const given = { image, namespace: "shop", schedule: "30 2 * * *" };
const jobSpec = {
  backoffLimit: 3,
  activeDeadlineSeconds: 600,
  podFailurePolicy: {
    rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
  },
  template: podTemplate({
    ...checkPod(new ArgumentCheck(type, "tidy"), "tidy", { image, namespace: "shop" }),
    labels,
    serviceAccountName: "tidy",
    configuration: { envFrom: [], volumes: [], volumeMounts: [] },
    restartPolicy: "Never",
  }),
};

const recordCronJob = (args: Partial<CronJobArgs> = {}) =>
  record(() => {
    const { name, labels, namespaceName } = new CronJob("tidy", { ...given, ...args });
    return { name, labels, namespaceName };
  });

describe("CronJob", () => {
  test("default runs one at a time, in UTC, and keeps what a look back needs", async () => {
    const recording = await recordCronJob();
    expect(recording.resources).toHaveLength(4);
    expect(recording.childrenOf(type, "tidy")).toEqual([
      `${cronJob} tidy`,
      `${account} tidy-account`,
      `${networkPolicy} tidy-network`,
    ]);
    expect(recording.one(cronJob, "tidy").inputs).toEqual({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "tidy", namespace: "shop", labels },
      spec: {
        schedule: "30 2 * * *",
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 300,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        suspend: false,
        jobTemplate: { metadata: { labels }, spec: jobSpec },
      },
    });
    expect(recording.one(cronJob, "tidy").dependencies).toEqual([
      `${account} tidy-account`,
      `${networkPolicy} tidy-network`,
    ]);
    expect(recording.outputs).toEqual({
      name: "tidy",
      labels: { "app.kubernetes.io/name": "tidy" },
      namespaceName: "shop",
    });
  });

  test("custom", async () => {
    const recording = await recordCronJob({
      schedule: "@daily",
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Replace",
      startingDeadlineSeconds: 10,
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 9,
      ttlSecondsAfterFinished: 3600,
      suspend: true,
    });
    expect(recording.one(cronJob, "tidy").inputs["spec"]).toEqual({
      schedule: "@daily",
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Replace",
      startingDeadlineSeconds: 10,
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 9,
      suspend: true,
      jobTemplate: {
        metadata: { labels },
        spec: { ...jobSpec, ttlSecondsAfterFinished: 3600 },
      },
    });
  });

  test("fails when anything can't work, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new CronJob("tidy", {
          ...given,
          backoffLimit: 1.5,
          schedule: "60 * * * *",
          timeZone: "Berlin",
          concurrencyPolicy: "Wait" as never,
          startingDeadlineSeconds: 5,
          successfulJobsHistoryLimit: -1,
          failedJobsHistoryLimit: 101,
          ttlSecondsAfterFinished: 0,
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "tidy",
        "backoffLimit is 1.5: give a whole number from 0 to 100 more tries",
        'schedule is "60 * * * *": the minute is "60": give *, a value or a range from 0 to 59, with a step like /5 behind it',
        'timeZone is "Berlin": give a name of the IANA time zone database, like Etc/UTC or Europe/Berlin',
        'concurrencyPolicy is "Wait": give one of Forbid, Replace, Allow',
        "startingDeadlineSeconds is 5: give a whole number from 10 to 86400 seconds",
        "successfulJobsHistoryLimit is -1: give a whole number from 0 to 100 Jobs",
        "failedJobsHistoryLimit is 101: give a whole number from 0 to 100 Jobs",
        "ttlSecondsAfterFinished is 0: give a whole number from 60 to 31536000 seconds",
      ),
    );
  });

  test("fails when there is no schedule", async () => {
    const { schedule: _, ...rest } = given;
    expect(await refusal(() => new CronJob("tidy", rest as CronJobArgs))).toEqual(
      refusalOf(type, "tidy", "schedule is missing: give it"),
    );
  });
});
