import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import { tlsOnlyPolicy } from "../iam/grant";
import { allowSources, type ServiceSource } from "../iam/service-source";
import { createAlarm } from "../monitoring/alarm";

/** For how long dead letters are kept: 14 days, which is as long as SQS keeps anything. */
export const deadLetterRetentionSeconds = 1_209_600;

/**
 * The policy of a queue: TLS only, and who sends without a role. It stands in the queue itself, not
 * beside it: no moment passes without it. There its resource can only be "*", which in a queue's own
 * policy means the queue.
 */
export function queuePolicy(senders: readonly ServiceSource[]): pulumi.Output<string> {
  return tlsOnlyPolicy("sqs:*", ["*"], allowSources("sqs:SendMessage", "*", senders));
}

/** What a queue of dead letters is for. */
export interface DeadLettersArgs {
  /** What lies in it, and what to do: the alarm's description. */
  readonly description: pulumi.Input<string>;
  /**
   * Who sends without a role.
   * @default none: who sends has a role that may
   */
  readonly sender?: ServiceSource;
  /** ARNs of what is told when something lies in it. Without any no alarm is made. */
  readonly alarmActions: readonly pulumi.Input<string>[];
}

/**
 * A queue that keeps for 14 days what could not be delivered: encrypted, TLS only.
 *
 * Makes `name-dead-letters`, and `name-dead-letters-alarm` where there is somebody to tell.
 */
export function createDeadLetters(
  name: string,
  { description, sender, alarmActions }: DeadLettersArgs,
  opts: pulumi.CustomResourceOptions,
): sqs.Queue {
  const queue = new sqs.Queue(
    `${name}-dead-letters`,
    {
      messageRetentionSeconds: deadLetterRetentionSeconds,
      sqsManagedSseEnabled: true,
      policy: queuePolicy(sender === undefined ? [] : [sender]),
    },
    opts,
  );
  createDeadLettersAlarm(name, queue, description, alarmActions, opts);
  return queue;
}

/**
 * An alarm that goes off when there are dead letters: `name-dead-letters-alarm`.
 * @param description what lies in the queue, and what to do
 * @returns the alarm; none where there is nobody to tell
 */
export function createDeadLettersAlarm(
  name: string,
  queue: sqs.Queue,
  description: pulumi.Input<string>,
  actions: readonly pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): readonly cloudwatch.MetricAlarm[] {
  if (actions.length === 0) return [];
  const alarm = createAlarm(
    `${name}-dead-letters-alarm`,
    {
      description,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.name },
      statistic: "Maximum",
      threshold: 0,
      actions,
    },
    opts,
  );
  return [alarm];
}
