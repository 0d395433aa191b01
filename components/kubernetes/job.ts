import * as batch from "@pulumi/kubernetes/batch/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { checkRun, prepareRun, type RunArgs, runArguments } from "./run";
import { type Caller, commonLabels, selectorLabels } from "./workload";

const type = "groundwork:kubernetes:Job";

/** Arguments of {@link Job}. */
export interface JobArgs extends RunArgs {}

/**
 * Something that is run once to its end, like a migration: when it is made, and again whenever its
 * image, its configuration or anything else of its pod changes. The update waits for it, and fails
 * when it fails; what `dependsOn` it comes after.
 *
 * It must bear being run again: a pod may be started twice, and one that has failed is replaced by
 * the next update.
 *
 * Children: `name` (the Job), `name-account`, `name-network`, and those of
 * its configuration.
 *
 * @example
 * const migration = new Job("migrate", {
 *   namespace,
 *   image: image.ref,
 *   args: ["migrate"],
 *   files: { "/etc/shop": { secrets: { password: config.requireSecret("databasePassword") } } },
 *   allowTo: [database],
 * });
 * new Microservice("web", { ... }, { dependsOn: migration });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 */
export class Job extends pulumi.ComponentResource implements Caller {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceName: pulumi.Output<string>;
  /** The Job itself. */
  readonly job: batch.Job;

  /**
   * @throws {InvalidArgumentsError} for a name, image, quantity or variable that Kubernetes
   * refuses, or that could not work
   */
  constructor(name: string, args: JobArgs, opts?: pulumi.ComponentResourceOptions) {
    const check = new ArgumentCheck(type, name);
    check.known<JobArgs>(args, runArguments);
    const run = checkRun(check, name, 63, args);
    check.throwIfAny();
    super(type, name, {}, opts);
    const parent = { parent: this };
    this.name = name;
    this.labels = selectorLabels(name);
    this.namespaceName = pulumi.output(run.pod.namespace);

    const { spec, dependsOn } = prepareRun(name, run, parent);
    this.job = new batch.Job(
      name,
      {
        metadata: {
          // Not a generated one, so that the last run is gone before the next one starts, and so
          // that people find its logs.
          name,
          namespace: run.pod.namespace,
          labels: commonLabels(name),
          // Otherwise the next update would wait again for the one that has failed.
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        // Without ttlSecondsAfterFinished: a Job that is gone would be made, and run, again.
        spec,
      },
      pulumi.mergeOptions(
        {
          ...parent,
          dependsOn,
          // The Job gives up first, and says why.
          customTimeouts: { create: `${run.activeDeadlineSeconds + 60}s` },
        },
        // The SDK does not hand down what a component waits for.
        { dependsOn: opts?.dependsOn },
      ),
    );
    this.registerOutputs({});
  }
}
