import * as pulumi from "@pulumi/pulumi";

/** Something that a program told whoever looks on, by `pulumi.log`. */
export interface Message {
  readonly severity: "info" | "warn" | "error";
  readonly text: string;
}

const severities = ["info", "warn", "error"] as const;

/**
 * Has `pulumi.log` write into a list: without an engine it prints. Debug messages, which only
 * `pulumi --debug` shows and which the SDK writes by the dozen, go where they did.
 * @returns gives `pulumi.log` back
 */
export function listen(messages: Message[]): () => void {
  // The SDK's modules call each other through this object too.
  const log: Record<string, unknown> = pulumi.log;
  const before = severities.map((severity) => [severity, log[severity]] as const);
  for (const severity of severities) {
    log[severity] = async (text: string) => void messages.push({ severity, text });
  }
  return () => {
    for (const [severity, write] of before) log[severity] = write;
  };
}
