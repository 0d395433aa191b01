import { setTimeout } from "node:timers/promises";
import type { Cluster } from "../cluster/cluster";
import { deployedServices } from "../cluster/services";
import type { ExportedStack } from "../cut-off";

/** How often is looked for new lines of functions, and for new pods, in milliseconds. */
const pauses = { functions: 500, pods: 2000 } as const;

/** Prints a line of a source. */
export type Print = (source: string, line: string) => void;

/** The log groups of a stack's functions by the functions' names in the program. */
export function functionLogs({ deployment }: ExportedStack): ReadonlyMap<string, string> {
  const functions = (deployment?.resources ?? []).filter(
    ({ type }) => type === "aws:lambda/function:Function",
  );
  return new Map(
    functions.map(({ urn, outputs }) => [
      urn.split("::").at(-1) ?? urn,
      Object(outputs?.["loggingConfig"]).logGroup ?? `/aws/lambda/${outputs?.["name"]}`,
    ]),
  );
}

/** Follows the logs of a stack's functions until the signal ends it. */
export async function followFunctions(
  state: () => ExportedStack,
  region: string,
  print: Print,
  signal: AbortSignal,
): Promise<void> {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await import(
    "@aws-sdk/client-cloudwatch-logs"
  );
  const client = new CloudWatchLogsClient({ region, maxAttempts: 1 });
  const began = Date.now();
  let seen = new Set<string>();
  await repeat(pauses.functions, signal, async () => {
    const now = new Set<string>();
    for (const [name, logGroupName] of functionLogs(state())) {
      // Lines come late and out of order, so those of the last minute are asked for again.
      const startTime = Math.max(began, Date.now() - 60_000);
      const command = new FilterLogEventsCommand({ logGroupName, startTime });
      const { events = [] } = await client.send(command, { abortSignal: signal });
      for (const { logStreamName, timestamp, eventId, message = "" } of events) {
        const event = [logStreamName, timestamp, eventId, message].join("\0");
        now.add(event);
        if (seen.has(event)) continue;
        for (const line of message.trimEnd().split("\n")) print(name, line);
      }
    }
    seen = now;
  });
}

/** Follows the logs of a stack's pods until the signal ends it. */
export async function followPods(
  cluster: Cluster,
  state: () => ExportedStack,
  print: Print,
  signal: AbortSignal,
): Promise<void> {
  const followed = new Map<string, AbortController>();
  await repeat(pauses.pods, signal, async () => {
    for (const { namespace, selector } of deployedServices(state())) {
      for (const { metadata, status } of await cluster.pods(namespace, selector)) {
        const pod = metadata?.name ?? "";
        for (const { name, state, restartCount } of status?.containerStatuses ?? []) {
          const id = `${pod}/${name}/${restartCount}`;
          if (state?.running === undefined || followed.has(id)) continue;
          const write = (line: string) => print(pod, line);
          followed.set(id, await cluster.follow(namespace, pod, name, write));
        }
      }
    }
  });
  for (const following of followed.values()) following.abort();
}

/** Does something again and again; what fails is tried again the next time. */
async function repeat(pauseMs: number, signal: AbortSignal, act: () => Promise<void>) {
  while (!signal.aborted) {
    await act().catch(() => {});
    await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
  }
}
