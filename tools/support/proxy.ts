import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { getProxyForUrl } from "proxy-from-env";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { Failure } from "./failure";
import type { Environment } from "./programs";

// curl, pip, npm, go, pulumi and kwokctl heed HTTPS_PROXY and NO_PROXY by themselves. Node 20 does
// not, and no program but those in Go knows by itself that this machine is no matter for a proxy.

/** Loopback, and the address at which a machine in AWS asks for its own credentials. */
const LOCAL = ["localhost", "127.0.0.1", "::1", "169.254.169.254"];
const VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/** The proxy that the environment names for a URL, or undefined. */
export function proxyFor(url: string): URL | undefined {
  const proxy = getProxyForUrl(url);
  if (proxy === "") return undefined;
  // Without a scheme it is an HTTP proxy for curl and Go; the library takes the URL's scheme.
  const written = Object.values(process.env).includes(proxy);
  const text = written ? proxy : proxy.replace(/^\w+:/, "http:");
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed !== undefined && /^https?:$/.test(parsed.protocol)) return parsed;
  // The text itself may hold a password.
  const got = parsed === undefined ? "something else" : withoutLogin(parsed);
  throw new Failure(`HTTPS_PROXY must be the URL of an HTTP proxy, got ${got}.`, [
    "For example: export HTTPS_PROXY=http://proxy.example.com:8080",
  ]);
}

/** A proxy's URL as it may be shown: without the user's name and password. */
export function withoutLogin({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/** What requests for a URL go through: the proxy or none, with the certificates that are trusted. */
export function dispatcherFor(url: string): Dispatcher {
  const tls = trusted();
  const proxy = proxyFor(url);
  return proxy === undefined
    ? new Agent({ connect: tls })
    : new ProxyAgent({ uri: proxy.href, requestTls: tls, proxyTls: tls });
}

/**
 * Variables that keep this machine's own servers, and other hosts, away from the proxy, for every
 * program that is run. Some read the one name, some the other. Nothing where no proxy is named.
 */
export function unproxied(user: NodeJS.ProcessEnv, hosts: readonly string[] = []): Environment {
  const named = VARIABLES.some((name) => user[name] || user[name.toLowerCase()]);
  const given = (user["no_proxy"] || user["NO_PROXY"] || "").split(/[,\s]+/);
  if (!named || given.includes("*")) return {};
  const all = new Set([...given, ...LOCAL, ...hosts].filter((host) => host !== ""));
  return { NO_PROXY: [...all].join(","), no_proxy: [...all].join(",") };
}

/**
 * Node's certificates and those in SSL_CERT_FILE, which the other programs heed too. What
 * NODE_EXTRA_CA_CERTS names Node adds by itself, but only to its own list.
 */
function trusted(): { ca?: string[] } {
  const files = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"].flatMap((name) => process.env[name] || []);
  if (files.length === 0) return {};
  return { ca: [...rootCertificates, ...files.map(readCertificates)] };
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Failure(`The file of certificates ${path} can't be read.`, [
      "SSL_CERT_FILE or NODE_EXTRA_CA_CERTS names it.",
    ]);
  }
}
