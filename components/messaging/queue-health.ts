import type * as pulumi from "@pulumi/pulumi";
import { type Health, metricsOf } from "../monitoring/health";

/**
 * How a queue is: what comes and goes, what waits and for how long, and what was given up.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function queueHealth(
  name: string,
  queueName: pulumi.Input<string>,
  deadLetterQueueName: pulumi.Input<string>,
  alarms: Health["alarms"],
): Health {
  const metric = metricsOf("AWS/SQS", { QueueName: queueName });
  const deadLetter = metricsOf("AWS/SQS", { QueueName: deadLetterQueueName });
  return {
    title: `Queue ${name}`,
    graphs: [
      {
        title: "Messages",
        metrics: [
          metric("NumberOfMessagesSent", "Sum", "sent"),
          metric("NumberOfMessagesDeleted", "Sum", "handled"),
        ],
      },
      {
        title: "Waiting messages",
        metrics: [metric("ApproximateNumberOfMessagesVisible", "Maximum", "waiting")],
      },
      {
        title: "Age of the oldest message, s",
        metrics: [metric("ApproximateAgeOfOldestMessage", "Maximum", "age")],
      },
      {
        title: "Dead letters",
        metrics: [deadLetter("ApproximateNumberOfMessagesVisible", "Maximum", "given up")],
      },
    ],
    alarms,
  };
}
