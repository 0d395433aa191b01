import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Duplex, PassThrough, Writable } from "node:stream";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import type { ExportedStack } from "../cut-off";
import { onlyText } from "../rollouts";
import type { Stack } from "../stack";
import { Failure } from "../support/failure";
import { NotDelivered } from "./forward";
import type { DeployedService, ServicePort } from "./services";

// The client takes a second to load: only what needs it imports it.
const client = () => import("@kubernetes/client-node");

/** The pods of a cluster, reached through its API. */
export class Cluster {
  private constructor(private readonly config: KubeConfig) {}

  /** The cluster that a stack's provider leads to. */
  static async of({ here }: Stack, { deployment }: ExportedStack): Promise<Cluster> {
    const { KubeConfig } = await client();
    const config = new KubeConfig();
    const provider = deployment?.resources?.find(({ type }) => type === providerType);
    const kubeconfig = onlyText(provider, "kubeconfig");
    const context = onlyText(provider, "context");
    // The provider takes a path as well as what is in the file.
    const path = resolve(here.root, kubeconfig ?? "");
    if (kubeconfig === undefined) config.loadFromDefault();
    else if (existsSync(path)) config.loadFromFile(path);
    else config.loadFromString(kubeconfig);
    if (context !== undefined) config.setCurrentContext(context);
    return new Cluster(config);
  }

  /** Pods of a namespace, all or those that a selector names. */
  async pods(namespace: string, labelSelector?: string): Promise<readonly V1Pod[]> {
    const { CoreV1Api } = await client();
    const api = this.config.makeApiClient(CoreV1Api);
    try {
      return (await api.listNamespacedPod({ namespace, labelSelector })).items;
    } catch (error) {
      throw new Failure(`The cluster does not answer: ${reasonOf(error)}`, [
        `Asked at ${this.config.getCurrentCluster()?.server}.`,
      ]);
    }
  }

  /** Opens a connection to one of a service's pods that are ready, to each of them in turn. */
  connector({ namespace, selector }: DeployedService, { targetPort }: ServicePort) {
    let turn = 0;
    return async (): Promise<Duplex> => {
      const pods = await this.pods(namespace, selector).catch(({ message }: Error) => {
        throw new NotDelivered(message);
      });
      const ready = pods.filter(isReady);
      const pod = ready[turn++ % ready.length];
      if (pod === undefined) throw new NotDelivered("no pod is ready");
      return this.open(namespace, pod.metadata?.name ?? "", portOf(pod, targetPort));
    };
  }

  /** Follows a container's log, a line at a time, until the signal or the container ends it. */
  async follow(
    namespace: string,
    pod: string,
    container: string,
    write: (line: string) => void,
  ): Promise<AbortController> {
    const { Log } = await client();
    const options = { follow: true, sinceSeconds: 1 };
    return new Log(this.config).log(namespace, pod, container, lines(write), options);
  }

  private async open(namespace: string, pod: string, port: number): Promise<Duplex> {
    const { PortForward } = await client();
    const [input, output] = [new PassThrough(), new PassThrough()];
    const stream = Duplex.from({ writable: input, readable: output });
    // The kubelet says here what became of its connection to the pod.
    const errors = lines((line) => output.destroy(refusal(line)));
    const forwarding = new PortForward(this.config);
    const socket = await forwarding
      .portForward(namespace, pod, [port], output, errors, input)
      .catch((error) => {
        throw new NotDelivered(reasonOf(error));
      });
    if (typeof socket === "function") throw new Error("the client forwards in a way of its own");
    socket.onclose = () => {
      errors.end();
      output.end();
    };
    stream.on("close", () => socket.close());
    return stream;
  }
}

const providerType = "pulumi:providers:kubernetes";

/** Whether a pod takes requests, and will a moment later. */
export function isReady({ metadata, status }: V1Pod): boolean {
  if (metadata?.deletionTimestamp !== undefined) return false;
  return (
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false
  );
}

/** The number of a pod's port that a Service names. */
export function portOf({ spec }: V1Pod, target: number | string): number {
  if (typeof target === "number") return target;
  const ports = (spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
  const found = ports.find(({ name }) => name === target)?.containerPort;
  if (found === undefined) throw new Error(`no container of the pod has a port ${target}`);
  return found;
}

/** What the kubelet says of a connection; only one that was never made may be made again. */
export function refusal(message: string): Error {
  const neverMade = /connection refused|not running|not found|no such|timed out|unable to do port/i;
  return neverMade.test(message) ? new NotDelivered(message) : new Error(message);
}

/** Takes text, and gives its lines. */
function lines(take: (line: string) => void): Writable {
  let rest = "";
  return new Writable({
    write(chunk, _encoding, done) {
      const parts = `${rest}${chunk}`.split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) take(line);
      done();
    },
    final(done) {
      if (rest !== "") take(rest);
      done();
    },
  });
}

function reasonOf(error: unknown): string {
  const { message, body } = Object(error);
  const text = typeof body === "string" ? body : (message ?? String(error));
  return String(text).split("\n")[0] ?? "";
}
