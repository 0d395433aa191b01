import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config";

// Pods have no identity in an emulated AWS, and find it by an address of their own.

/** The port of AWS's APIs, for pods. */
export function awsPort({ platform, podAwsEndpoint }: Environment): number {
  if (platform !== "local") return 443;
  const { protocol, port } = new URL(podAwsEndpoint);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** Variables by which the AWS SDK in a pod finds the emulator. */
export function emulatorAccess({ podAwsEndpoint }: Environment): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: podAwsEndpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
}

/**
 * The variables of grants as pods need them. The emulator gives URLs, such as those of queues, by
 * the address at which the providers call it. SDKs of several languages send to the URL itself, so
 * it has to be one that pods reach.
 */
export function forPods(
  { awsEndpoint, podAwsEndpoint }: Environment,
  variables: Readonly<Record<string, pulumi.Input<string>>>,
): Readonly<Record<string, pulumi.Input<string>>> {
  if (podAwsEndpoint === awsEndpoint) return variables;
  const { origin } = new URL(podAwsEndpoint);
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      pulumi.output(value).apply((text) => text.replace(/^https?:\/\/[^/]+/, origin)),
    ]),
  );
}
