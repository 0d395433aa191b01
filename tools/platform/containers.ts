import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";
import { capture, type Environment, findOnPath } from "../support/programs";

/** The container engine that the `docker` program speaks to. */
export type ContainerEngine =
  | {
      readonly runs: true;
      /** True where `docker` is Podman under another name. */
      readonly podman: boolean;
      /**
       * Variables that lead programs without a notion of contexts (the docker plugin, moto) to this
       * engine; undefined where it has no address for them.
       */
      readonly env: Environment | undefined;
    }
  | { readonly runs: false; readonly why: string };

/**
 * Looks for a container engine of this machine. Having the `docker` program is not enough, nor is an
 * engine elsewhere: the ports of its containers would be elsewhere too.
 */
export async function containerEngine(): Promise<ContainerEngine> {
  if (findOnPath("docker").length === 0) return { runs: false, why: "`docker` is not on PATH" };
  const podman = await isPodman();
  const endpoint = podman ? await podmanEndpoint() : await currentEndpoint();
  if (endpoint !== undefined && isElsewhere(endpoint.host)) {
    const why = `the container engine is on another machine (${withoutUser(endpoint.host)})`;
    return { runs: false, why };
  }
  const { code, stderr } = await capture("docker", ["ps", "--quiet"], { timeoutMs: 8000 });
  if (code !== 0) return { runs: false, why: complaint(stderr) };
  return { runs: true, podman, env: endpoint && variables(endpoint) };
}

/** Returns whether a container engine of this machine answers. */
export async function containerEngineRuns(): Promise<boolean> {
  return (await containerEngine()).runs;
}

/** A name for containers of this working tree: two trees don't get in each other's way. */
export function containerName(here: Pick<Layout, "root">): string {
  return `groundwork-${createHash("sha256").update(here.root).digest("hex").slice(0, 8)}`;
}

/** Runs docker and gives what it printed; throws a {@link Failure} with its complaint. */
export async function docker(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await capture("docker", args, { input });
  if (code === 0) return stdout.trim();
  throw new Failure(`docker ${args[0]} failed: ${stderr.trim()}`);
}

/** Details of a container, network or volume, by `docker ... inspect`; undefined when there is none. */
export async function inspect<T>(args: readonly string[]): Promise<T | undefined> {
  const { code, stdout } = await capture("docker", args);
  return code === 0 ? (JSON.parse(stdout) as readonly T[])[0] : undefined;
}

interface Endpoint {
  readonly host: string;
  /** True for the place where every program looks: the usual one, or the one in DOCKER_HOST. */
  readonly known: boolean;
  /** The folder of its certificates, where it has some. */
  readonly certificates: string | undefined;
  /** True where its certificate may be anybody's. */
  readonly unverified: boolean;
}

interface Context {
  readonly Name?: string;
  readonly Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } };
  readonly TLSMaterial?: { docker?: readonly string[] };
  readonly Storage?: { TLSPath?: string };
}

/** The endpoint of the current context, DOCKER_CONTEXT and DOCKER_HOST included. */
async function currentEndpoint(): Promise<Endpoint | undefined> {
  const { code, stdout } = await capture("docker", ["context", "inspect"], { timeoutMs: 8000 });
  if (code !== 0) return undefined;
  const [context] = JSON.parse(stdout) as readonly Context[];
  const { Host: host, SkipTLSVerify: unverified = false } = context?.Endpoints?.docker ?? {};
  if (host === undefined || host === "") return undefined;
  const folder = context?.TLSMaterial?.docker?.length ? context.Storage?.TLSPath : undefined;
  const known = context?.Name === "default";
  return { host, known, unverified, certificates: folder && join(folder, "docker") };
}

function variables({ host, known, certificates, unverified }: Endpoint): Environment {
  if (known) return {};
  return {
    DOCKER_HOST: host,
    ...(certificates !== undefined && {
      DOCKER_CERT_PATH: certificates,
      // Any value but an empty one verifies.
      DOCKER_TLS_VERIFY: unverified ? "" : "1",
    }),
  };
}

function isElsewhere(host: string): boolean {
  if (!URL.canParse(host)) return false;
  const { protocol, hostname } = new URL(host);
  if (protocol === "unix:" || protocol === "npipe:" || protocol === "fd:") return false;
  return !isLoopback(hostname);
}

/** Returns whether a host as it stands in a URL is this machine's loopback interface. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

function withoutUser(host: string): string {
  return host.replace(/\/\/[^@/]*@/, "//");
}

/** Returns whether `docker` is Podman under that name, as the package podman-docker has it. */
async function isPodman(): Promise<boolean> {
  return (await capture("docker", ["--version"])).stdout.startsWith("podman");
}

/** Podman's socket that speaks Docker's protocol; undefined where the service isn't on. */
async function podmanEndpoint(): Promise<Endpoint | undefined> {
  const format = "{{.Host.RemoteSocket.Path}}";
  const { code, stdout } = await capture("docker", ["info", "--format", format]);
  const path = stdout.trim().replace(/^unix:\/\//, "");
  if (code !== 0 || !existsSync(path)) return undefined;
  const known = process.env["DOCKER_HOST"] !== undefined;
  return { host: `unix://${path}`, known, certificates: undefined, unverified: false };
}

function complaint(stderr: string): string {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return last === "" ? "`docker ps` doesn't answer within 8 s" : `\`docker ps\` says: ${last}`;
}
