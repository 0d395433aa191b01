import * as batch from "@pulumi/kubernetes/batch/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { oneOf, timeZone, trueOrFalse, wholeNumber } from "../rules";
import { checkRun, prepareRun, type RunArgs, runArguments } from "./run";
import { schedule } from "./schedule";
import { type Caller, commonLabels, selectorLabels } from "./workload";

const type = "groundwork:kubernetes:CronJob";

/** Arguments of {@link CronJob}. */
export interface CronJobArgs extends RunArgs {
  /**
   * When it runs: minute, hour, day of month, month and day of week, or `@daily` and the like.
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule: string;
  /**
   * The time zone that the schedule means, by its IANA name.
   * @default "Etc/UTC"
   */
  readonly timeZone?: string;
  /**
   * What happens when it is time and the last one still runs: the new one is left out, replaces
   * it, or runs beside it.
   * @default "Forbid": it is left out
   */
  readonly concurrencyPolicy?: "Forbid" | "Replace" | "Allow";
  /**
   * How late it may start, when it could not be started in time; then it is left out. At least 10,
   * since Kubernetes looks that often.
   * @default 300
   */
  readonly startingDeadlineSeconds?: number;
  /**
   * How many that have succeeded are kept, with their logs.
   * @default 3
   */
  readonly successfulJobsHistoryLimit?: number;
  /**
   * How many that have failed are kept, with their logs.
   * @default 3
   */
  readonly failedJobsHistoryLimit?: number;
  /**
   * After how long one that has ended is removed, though the limits would keep it.
   * @default never
   */
  readonly ttlSecondsAfterFinished?: number;
  /**
   * Starts no more of them; one that runs goes on.
   * @default false
   */
  readonly suspend?: boolean;
}

/**
 * Something that is run by a schedule: hardened pods that nobody reaches, one at a time, that end
 * within a deadline.
 *
 * It must bear being run twice, or not at all: Kubernetes promises "about once".
 *
 * Children: `name` (the CronJob), `name-account`, `name-network`, and those of its configuration.
 *
 * @example
 * new CronJob("tidy", {
 *   namespace,
 *   image: image.ref,
 *   args: ["tidy"],
 *   schedule: "30 2 * * *",
 *   timeZone: "Europe/Berlin",
 * });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 */
export class CronJob extends pulumi.ComponentResource implements Caller {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceName: pulumi.Output<string>;
  /** The CronJob itself. */
  readonly cronJob: batch.CronJob;

  /**
   * @throws {InvalidArgumentsError} for a name, schedule, time zone, image, quantity or variable
   * that Kubernetes refuses, or that could not work
   */
  constructor(name: string, args: CronJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const { run, ...checked } = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    this.name = name;
    this.labels = selectorLabels(name);
    this.namespaceName = pulumi.output(run.pod.namespace);

    const { spec, dependsOn } = prepareRun(name, run, parent);
    const { ttlSecondsAfterFinished, ...timing } = checked;
    this.cronJob = new batch.CronJob(
      name,
      {
        metadata: { name, namespace: run.pod.namespace, labels: commonLabels(name) },
        spec: {
          ...timing,
          jobTemplate: {
            metadata: { labels: commonLabels(name) },
            spec: {
              ...spec,
              ...(ttlSecondsAfterFinished !== undefined && { ttlSecondsAfterFinished }),
            },
          },
        },
      },
      // The SDK does not hand down what a component waits for.
      pulumi.mergeOptions({ ...parent, dependsOn }, { dependsOn: opts?.dependsOn }),
    );
    this.registerOutputs({});
  }
}

function check(name: string, args: CronJobArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<CronJobArgs>(args, {
    ...runArguments,
    schedule: true,
    timeZone: true,
    concurrencyPolicy: true,
    startingDeadlineSeconds: true,
    successfulJobsHistoryLimit: true,
    failedJobsHistoryLimit: true,
    ttlSecondsAfterFinished: true,
    suspend: true,
  });
  const history = wholeNumber(0, 100, "Jobs");
  const checked = {
    // Kubernetes adds 11 characters to the name of each Job; that is a label, which has 63.
    run: checkRun(check, name, 52, args),
    schedule: check.required("schedule", args.schedule, schedule, { plain: true }),
    timeZone: check.plain("timeZone", args.timeZone ?? "Etc/UTC", timeZone),
    concurrencyPolicy: check.plain(
      "concurrencyPolicy",
      args.concurrencyPolicy ?? "Forbid",
      oneOf("Forbid", "Replace", "Allow"),
    ),
    startingDeadlineSeconds: check.plain(
      "startingDeadlineSeconds",
      args.startingDeadlineSeconds ?? 300,
      wholeNumber(10, 86_400, "seconds"),
    ),
    successfulJobsHistoryLimit: check.plain(
      "successfulJobsHistoryLimit",
      args.successfulJobsHistoryLimit ?? 3,
      history,
    ),
    failedJobsHistoryLimit: check.plain(
      "failedJobsHistoryLimit",
      args.failedJobsHistoryLimit ?? 3,
      history,
    ),
    ttlSecondsAfterFinished: check.plain(
      "ttlSecondsAfterFinished",
      args.ttlSecondsAfterFinished,
      wholeNumber(60, 31_536_000, "seconds"),
    ),
    suspend: check.plain("suspend", args.suspend ?? false, trueOrFalse),
  };
  check.throwIfAny();
  return checked;
}
