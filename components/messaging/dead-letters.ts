import * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import { tlsOnlyPolicy } from "../iam/grant";
import { allowSources, type ServiceSource } from "../iam/service-source";
import { createAlarm } from "../monitoring/alarm";

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
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      // In a queue's own policy "*" means the queue.
      policy: tlsOnlyPolicy(
        "sqs:*",
        ["*"],
        allowSources("sqs:SendMessage", "*", sender === undefined ? [] : [sender]),
      ),
    },
    opts,
  );
  if (alarmActions.length > 0) {
    createAlarm(
      `${name}-dead-letters-alarm`,
      {
        description,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
        threshold: 0,
        actions: alarmActions,
      },
      opts,
    );
  }
  return queue;
}
