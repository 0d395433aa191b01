import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf } from "./changes";

/** What a policy finds, and of which resources. */
export interface Finding {
  /** Whether the update is refused because of it. */
  readonly mandatory: boolean;
  readonly policy: string;
  readonly message: string;
  /** The names of the resources. */
  readonly resources: readonly string[];
}

/** What policies found, mandatory findings first, the same one of several resources as one. */
export function findingsIn(events: readonly EngineEvent[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { policyEvent } of events) {
    if (policyEvent === undefined) continue;
    const { policyName: policy, enforcementLevel, resourceUrn = "", message } = policyEvent;
    // The rule's description comes first, and says to every resource the same.
    const [description = "", ...rest] = plain(message).split("\n");
    const finding = {
      mandatory: enforcementLevel === "mandatory",
      policy,
      message: rest.join("\n").trim() || description,
    };
    const key = JSON.stringify(finding);
    const others = found.get(key)?.resources ?? [];
    found.set(key, { ...finding, resources: [...others, nameOf(resourceUrn)].sort() });
  }
  return [...found.values()].sort(
    (a, b) =>
      Number(b.mandatory) - Number(a.mandatory) ||
      a.policy.localeCompare(b.policy) ||
      a.message.localeCompare(b.message),
  );
}

/** Errors and warnings of the engine, the providers and the program, each with its resource. */
export function diagnosticsIn(events: readonly EngineEvent[]): readonly string[] {
  return events.flatMap(({ diagnosticEvent }) => {
    const { severity, message = "", urn = "" } = diagnosticEvent ?? {};
    const text = plain(message);
    if ((severity !== "error" && severity !== "warning") || saysNothing.includes(text)) return [];
    const name = nameOf(urn);
    return [`${severity}: ${name === "" || text.includes(name) ? "" : `${name}: `}${text}`];
  });
}

/** What the engine adds to every failure. */
const saysNothing: readonly string[] = [
  "",
  "preview failed",
  "an unhandled error occurred: Program exited with non-zero exit code: 1",
];

/** Without marks for colours, the engine's (`<{%fg 13%}>`) and a terminal's, and without a stack. */
function plain(message: string): string {
  return (
    message
      .replace(/<\{%.*?%\}>/g, "")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how they begin.
      .replace(/\u001b\[[\d;]*m/g, "")
      .split("\n")
      .filter((line) => !/^\s+at .*[:)]/.test(line))
      .join("\n")
      .replace(/\nStack backtrace:\n.*/s, "")
      .replace(/\n{2,}/g, "\n")
      .trim()
  );
}
