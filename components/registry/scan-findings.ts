import * as pulumi from "@pulumi/pulumi";

/** What scans images. */
export const scanTypes = ["BASIC", "ENHANCED"] as const;
/** @see scanTypes */
export type ScanType = (typeof scanTypes)[number];

/** How bad a finding is, worst first. */
export const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;
/** @see severities */
export type Severity = (typeof severities)[number];

/**
 * The pattern of the events that tell of findings of a severity or above. Basic scanning sends one
 * for each image with the numbers of what it found, Inspector one for each finding.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
export function findingsPattern(scanType: ScanType, severity: Severity): object {
  const counted = severities.slice(0, severities.indexOf(severity) + 1);
  if (scanType === "BASIC") {
    return {
      source: ["aws.ecr"],
      "detail-type": ["ECR Image Scan"],
      // A severity that nothing was found of is not in the event.
      detail: {
        $or: counted.map((each) => ({ "finding-severity-counts": { [each]: [{ exists: true }] } })),
      },
    };
  }
  return {
    source: ["aws.inspector2"],
    "detail-type": ["Inspector2 Finding"],
    detail: {
      severity: counted,
      // Inspector also tells when a finding is closed.
      status: ["ACTIVE"],
      resources: { type: ["AWS_ECR_CONTAINER_IMAGE"] },
    },
  };
}

/**
 * Lets the rule, and no other, write into its log.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 */
export function findingsLogPolicy(
  logGroup: pulumi.Input<string>,
  rule: pulumi.Input<string>,
): pulumi.Output<string> {
  const statement = {
    Effect: "Allow",
    Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
    Resource: pulumi.interpolate`${logGroup}:*`,
  };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { ...statement, Sid: "CreateStreams", Action: "logs:CreateLogStream" },
      {
        ...statement,
        Sid: "WriteFindings",
        Action: "logs:PutLogEvents",
        Condition: { ArnEquals: { "aws:SourceArn": rule } },
      },
    ],
  });
}
