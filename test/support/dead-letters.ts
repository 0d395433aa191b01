import { tlsOnly } from "./policies";

/** The inputs of a queue for dead letters, its policy parsed. */
export const deadLettersFor = (service: string, sourceArn: string) => ({
  messageRetentionSeconds: 1_209_600,
  sqsManagedSseEnabled: true,
  policy: {
    ...tlsOnly("sqs:*", "*"),
    Statement: [
      ...tlsOnly("sqs:*", "*").Statement,
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sqs:SendMessage",
        Resource: "*",
        Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
      },
    ],
  },
});
