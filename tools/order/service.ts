import type { AddressInfo } from "node:net";
import { Cluster } from "../cluster/cluster";
import { forward } from "../cluster/forward";
import { findService } from "../cluster/services";
import type { ExportedStack } from "../cut-off";
import type { Stack } from "../stack";
import type { Sent } from "./order";
import { isInsideCluster, type Parts } from "./parts";

/** A way to the web service from this machine. */
export interface Way {
  readonly url: string;
  /** The way in words. */
  readonly about: string;
  close(): void;
}

/** The way to the web service: its own URL, or a port-forward where only the cluster knows that. */
export async function wayToService(
  stack: Stack,
  state: ExportedStack,
  { webUrl, namespace }: Parts,
): Promise<Way> {
  if (!isInsideCluster(webUrl, namespace)) return { url: webUrl, about: webUrl, close() {} };
  const service = findService(state, new URL(webUrl).hostname.split(".")[0] ?? "");
  const [port] = service.ports;
  if (port === undefined) throw new Error(`the service ${service.name} has no port`);
  const cluster = await Cluster.of(stack, state);
  await cluster.pods(namespace, service.selector);
  const server = await forward(0, {
    connect: cluster.connector(service, port),
    failed() {},
    patienceMs: 10_000,
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, about: "through a port-forward", close: () => server.close() };
}

/** Posts an order, and gives what is wrong with the answer, if anything. */
export async function post(url: string, { order, requestId }: Sent): Promise<string | undefined> {
  try {
    const answer = await fetch(new URL("/orders", url), {
      method: "POST",
      // The connection is not kept: nothing else is asked.
      headers: {
        "content-type": "application/json",
        "x-request-id": requestId,
        connection: "close",
      },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(30_000),
    });
    const text = (await answer.text()).trim().slice(0, 300);
    return answer.status === 202 ? undefined : `it answered ${answer.status}: ${text}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return `it can't be reached: ${cause instanceof Error ? cause.message || message : message}`;
  }
}
