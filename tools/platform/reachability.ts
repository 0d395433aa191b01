import { connect, createServer } from "node:net";
import type { Layout } from "../support/layout";
import { capture } from "../support/programs";
import { nodeName } from "./kind-nodes";

/**
 * Returns whether a server on this machine could listen at an address. A list of interfaces would not say:
 * Node leaves out those without a carrier, as a bridge of containers is until one is on it.
 */
export function isOwnAddress(host: string): Promise<boolean> {
  if (host === "") return Promise.resolve(false);
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ port: 0, host }, () => server.close(() => done(true)));
  });
}

/** Returns whether a server accepts connections there. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (accepted: boolean) => {
      socket.destroy();
      done(accepted);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

/** The IPv4 address of a name as the node of the kind cluster knows it. */
export async function lookUpInNode(here: Layout, name: string): Promise<string | undefined> {
  const lookUp = ["exec", nodeName(here), "getent", "ahostsv4", name];
  const { code, stdout } = await capture("docker", lookUp, { timeoutMs: 10_000 });
  return code === 0 ? /^\S+/.exec(stdout)?.[0] : undefined;
}

/**
 * Returns whether a URL answers in the node of the kind cluster; from there pods go the same way. bash is
 * all that it takes: not every image of a node has an HTTP client.
 */
export async function answersInNode(here: Layout, url: string): Promise<boolean> {
  const { protocol, hostname, host, port } = new URL(url);
  const at = `/dev/tcp/${hostname.replace(/^\[|\]$/g, "")}/${port || (protocol === "https:" ? 443 : 80)}`;
  const ask = `printf 'GET / HTTP/1.0\\r\\nHost: ${host}\\r\\n\\r\\n' >&3; head -c 4 <&3`;
  const script = `exec 3<>${at} && { ${protocol === "https:" ? "echo HTTP" : ask}; }`;
  const { stdout } = await capture(
    "docker",
    ["exec", nodeName(here), "timeout", "5", "bash", "-c", script],
    { timeoutMs: 10_000 },
  );
  return stdout.startsWith("HTTP");
}
