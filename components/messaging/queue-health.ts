import type { Health, Metric } from "../monitoring/health";
import type { Queue } from "./queue";

/**
 * How a queue is: what comes and goes, what waits and for how long, and what was given up.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function queueHealth(
  name: string,
  { queue, deadLetterQueue }: Pick<Queue, "queue" | "deadLetterQueue">,
  alarms: Health["alarms"],
): Health {
  const metric = (
    name: string,
    statistic: Metric["statistic"],
    label: string,
    of = queue,
  ): Metric => ({
    namespace: "AWS/SQS",
    name,
    dimensions: { QueueName: of.name },
    statistic,
    label,
  });
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
        metrics: [
          metric("ApproximateNumberOfMessagesVisible", "Maximum", "given up", deadLetterQueue),
        ],
      },
    ],
    alarms,
  };
}
