import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard";
import { Provider } from "@pulumi/aws/provider";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { Queue } from "@pulumi/aws/sqs/queue";
import { Config } from "@pulumi/pulumi";

// What half-made.test.ts deploys: a queue, which takes 25 seconds to make, and once that is there a
// bucket with a setting that may be refused.
const endpoint = process.env["AWS_ENDPOINT_URL"] ?? "";
const provider = new Provider("aws", {
  region: "eu-central-1",
  accessKey: "test",
  secretKey: "test",
  skipCredentialsValidation: true,
  skipMetadataApiCheck: true,
  s3UsePathStyle: true,
  maxRetries: 2,
  endpoints: [{ cloudwatch: endpoint, s3: endpoint, sqs: endpoint, sts: endpoint }],
});
const config = new Config("changing");
const create = config.get("timeout");
const queue = new Queue(
  "half-made",
  { name: "half-made" },
  { provider, ...(create !== undefined && { customTimeouts: { create } }) },
);
new Bucket(
  "half-made",
  {
    bucket: "half-made",
    corsRules: [{ allowedMethods: [config.require("method")], allowedOrigins: ["*"] }],
  },
  { provider, dependsOn: queue },
);
new Dashboard(
  "half-made",
  { dashboardName: "half-made", dashboardBody: JSON.stringify({ widgets: [] }) },
  { provider, dependsOn: queue },
);
