import { isIP } from "node:net";
import { join } from "node:path";
import { pause } from "../support/interruption";
import type { Layout } from "../support/layout";
import type { PlatformSettings } from "../support/settings";
import { say } from "../support/steps";
import type { LocalAws } from "./aws";
import { isLoopback } from "./containers";
import { nodeNetwork } from "./kind-nodes";
import type { ClusterKind } from "./kubernetes";
import { accepts, answersInNode, isOwnAddress, lookUpInNode } from "./reachability";
import type { Listen } from "./relay";
import { isRunning, services, startService, stopService } from "./services";

// An emulator listens on the loopback interface, which is not that of a pod.

/** The relay's name among the services. */
const RELAY = "aws-for-pods";

/**
 * Names by which containers know the machine whose engine runs in a virtual machine: there they
 * lead to its loopback interface. The last one is what rootless engines have.
 */
const NAMES_OF_THIS_MACHINE = [
  "host.docker.internal",
  "host.lima.internal",
  "host.orb.internal",
  "host.rancher-desktop.internal",
  "host.containers.internal",
  "10.0.2.2",
] as const;

/**
 * Has pods reach the AWS emulator, and says so where they can't.
 * @returns the endpoint for pods; undefined where there is none, or no pods to use it
 */
export async function providePodEndpoint(
  here: Layout,
  settings: PlatformSettings,
  aws: LocalAws,
  cluster: ClusterKind,
): Promise<string | undefined> {
  const { endpoint } = aws;
  const { podAwsEndpoint: given } = settings;
  const listen = await whereToRelay(here, given, endpoint, cluster);
  if (listen !== undefined) await provideRelay(here, listen, aws);
  else if (services(here).some(({ name }) => name === RELAY)) await stopService(here, RELAY);
  if (cluster === "simulated") return undefined;
  if (given !== undefined) {
    const fails = cluster === "kind" && !(await answersInNode(here, given));
    if (fails) sayUnreachable([new URL(given).host], endpoint);
    return given;
  }
  if (!isLoopback(new URL(endpoint).hostname)) return endpoint;
  if (cluster === "kind") return kindEndpoint(here, endpoint, listen?.host);
  say("Pods can't reach the AWS emulator: it listens on loopback, and the cluster is your own.");
  sayKey(endpoint);
  return undefined;
}

/** The address of this machine at which pods ask for the emulator; undefined where there is none. */
async function whereToRelay(
  here: Layout,
  given: string | undefined,
  endpoint: string,
  cluster: ClusterKind,
): Promise<Listen | undefined> {
  if (cluster === "simulated") return undefined;
  if (given !== undefined) {
    const { host, port } = addressOf(given);
    const isOwn = isIP(host) !== 0 && !isLoopback(new URL(given).hostname);
    return isOwn && (await isOwnAddress(host)) ? { host, port } : undefined;
  }
  if (cluster !== "kind" || !isLoopback(new URL(endpoint).hostname)) return undefined;
  const { gateway = "", prefixLength = 32 } = (await nodeNetwork(here)) ?? {};
  if (!(await isOwnAddress(gateway))) return undefined;
  return {
    host: gateway,
    port: addressOf(endpoint).port,
    from: { address: gateway, prefixLength },
  };
}

/** The first way from the node to the emulator that works. */
async function kindEndpoint(
  here: Layout,
  endpoint: string,
  relay: string | undefined,
): Promise<string | undefined> {
  const tried = new Set<string>();
  for (const name of relay === undefined
    ? NAMES_OF_THIS_MACHINE
    : [relay, ...NAMES_OF_THIS_MACHINE]) {
    // By address: a pod may know other names than its node.
    const host = name === relay ? relay : await lookUpInNode(here, name);
    if (host === undefined || tried.has(host)) continue;
    tried.add(host);
    if (await answersInNode(here, at(endpoint, host))) return at(endpoint, host);
  }
  sayUnreachable([...tried], endpoint);
  return undefined;
}

/** Host and port of a URL, as sockets take them. */
function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  return { host, port: Number(port) || (protocol === "https:" ? 443 : 80) };
}

function at(endpoint: string, host: string): string {
  const url = new URL(endpoint);
  url.hostname = host;
  return url.origin;
}

/** Runs the relay, started again where it is to lead elsewhere than before. */
async function provideRelay(here: Layout, listen: Listen, aws: LocalAws): Promise<void> {
  const target = addressOf(aws.endpoint);
  const program = join(here.root, "tools", "platform", "relay.ts");
  const command = [
    ...[process.execPath, "--import", "tsx", program],
    ...[JSON.stringify(listen), JSON.stringify(target)],
  ] as [string, ...string[]];
  const runs = services(here).find(({ name }) => name === RELAY);
  if (runs !== undefined && runs.command.join(" ") !== command.join(" ")) {
    await stopService(here, RELAY);
  }
  const host = isIP(listen.host) === 6 ? `[${listen.host}]` : listen.host;
  const health = `http://${host}:${listen.port}/${aws.own ? "moto-api/" : ""}`;
  await startService(here, { name: RELAY, command, port: listen.port, health });
  // The look from the node sees where it fails.
  for (const began = Date.now(); !(await accepts(listen.host, listen.port)); await pause(100)) {
    const age = Date.now() - began;
    if (age > 30_000 || (age > 1000 && !isRunning(here, RELAY))) return;
  }
}

function sayUnreachable(tried: readonly string[], endpoint: string): void {
  const { port } = new URL(endpoint);
  const [address = "ADDRESS"] = tried;
  say(
    `Pods can't reach the AWS emulator ${endpoint}: no answer in a node of the cluster` +
      (tried.length === 0 ? "." : ` (tried ${tried.join(", ")}).`),
  );
  say("What uses AWS from a pod fails until they can. If a firewall runs here, let them in:");
  say(`  sudo ufw allow in proto tcp to ${address} port ${port}`);
  sayKey(endpoint);
}

function sayKey(endpoint: string): void {
  say("If they know this machine, or another emulator, by an address of their own:");
  say(`  pulumi config set groundwork:podAwsEndpoint http://ADDRESS:${new URL(endpoint).port}`);
}
