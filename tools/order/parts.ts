import type { ExportedStack } from "../cut-off";
import { Failure } from "../support/failure";
import { target } from "../support/target";

/** The parts of the sample system that an order goes through. */
export interface Parts {
  /** URL of the web service, as the stack has it. */
  readonly webUrl: string;
  readonly namespace: string;
  readonly queueUrl: string;
  readonly functionName: string;
  /** Where the function's log goes. */
  readonly logGroup: string;
  readonly bucket: string;
  readonly region: string;
}

const outputs = [
  "webUrl",
  "webNamespace",
  "ordersQueueUrl",
  "archiveFunctionName",
  "archiveBucketName",
] as const;

/**
 * Finds the parts in a stack's state.
 * @throws {Failure} when the stack lacks one of the outputs that name them
 */
export function partsOf(state: ExportedStack | undefined, stack: string): Parts {
  const resources = state?.deployment?.resources ?? [];
  const given = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const missing = outputs.filter((name) => typeof given[name] !== "string");
  if (missing.length > 0) {
    throw new Failure(
      resources.length === 0
        ? `The stack ${stack} has no resources.`
        : `The stack ${stack} has no output ${missing.join(", ")}.`,
      [`\`${target("up", stack)}\` makes the sample system, which an order goes through.`],
    );
  }
  const text = (name: (typeof outputs)[number]) => String(given[name]);
  const functionName = text("archiveFunctionName");
  const deployed = resources.find(
    ({ type, outputs }) =>
      type === "aws:lambda/function:Function" && outputs?.["name"] === functionName,
  )?.outputs;
  return {
    webUrl: text("webUrl"),
    namespace: text("webNamespace"),
    queueUrl: text("ordersQueueUrl"),
    functionName,
    logGroup: Object(deployed?.["loggingConfig"]).logGroup ?? `/aws/lambda/${functionName}`,
    bucket: text("archiveBucketName"),
    region: String(deployed?.["arn"]).split(":")[3] ?? "",
  };
}

/** Whether a URL is one that only the cluster itself knows: a Service's name, then its namespace. */
export function isInsideCluster(url: string, namespace: string): boolean {
  const { hostname } = new URL(url);
  const [, second, third] = hostname.split(".");
  return second === undefined || (second === namespace && (third ?? "svc") === "svc");
}
