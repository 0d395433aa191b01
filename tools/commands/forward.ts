import { Cluster } from "../cluster/cluster";
import { forward as listen } from "../cluster/forward";
import { findService } from "../cluster/services";
import { providePorts } from "../platform/ports";
import { type RecordedStack, recordedStack } from "../recorded";
import { exportStack } from "../stack";
import { Failure } from "../support/failure";
import { interruption } from "../support/interruption";
import type { Command } from "./command";

/** `make forward SERVICE=web`: leads a port of this machine to a service, until Ctrl-C. */
export const forward: Command = async ({ here, stack: name, args: [wanted = ""] }) => {
  const stack = recordedStack(here, name);
  const state = (await exportStack(stack)) ?? {};
  const service = findService(state, wanted);
  refuseSimulated(stack);
  const cluster = await Cluster.of(stack, state);
  // Whether the cluster answers is seen at once, and not at the first request.
  await cluster.pods(service.namespace, service.selector);
  const names = service.ports.map(({ port }) => `forward-${service.name}-${port}`);
  const ports = await providePorts(here, names, {});
  let said = "";
  for (const [index, port] of service.ports.entries()) {
    const local = ports[names[index] ?? ""] ?? 0;
    const connect = cluster.connector(service, port);
    const failed = ({ message }: Error) => {
      const line = `A connection to ${service.name} was given up: ${message}`;
      if (line !== said) console.log(line);
      said = line;
    };
    await listen(local, { connect, failed, patienceMs: 30_000 });
    console.log(
      `http://127.0.0.1:${local} leads to ${service.namespace}/${service.name}:${port.port}`,
    );
  }
  console.log("It stays through rollouts. Ctrl-C ends it.");
  await new Promise((done) => interruption.addEventListener("abort", done));
  process.exit(0);
};

/** The simulated cluster's pods are objects alone. */
function refuseSimulated({ platform }: RecordedStack): void {
  if (platform?.cluster !== "simulated") return;
  throw new Failure("The cluster is simulated: its pods don't run, so nothing can be reached.", [
    "Where kind and a container engine run, `make up` makes a cluster with real pods.",
  ]);
}
