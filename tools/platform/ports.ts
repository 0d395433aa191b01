import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { Failure } from "../support/failure";
import { readJson, writeJson } from "../support/files";
import type { Layout } from "../support/layout";

/** Ports by the name of what listens there. */
export type Ports = Readonly<Record<string, number>>;

// Below the range from which systems give ports to outgoing connections, so that a port that was
// free once stays so; above the well-known ones.
const FIRST = 20_000;
const COUNT = 10_000;

/**
 * Chooses a port for each name: the one it had, where that is still free or its own service
 * listens there, else the next free one. The search begins at a place that depends on the working
 * tree, so that two trees rarely meet.
 */
export async function choosePorts(
  names: readonly string[],
  saved: Ports,
  usable: (name: string, port: number) => Promise<boolean>,
  seed: string,
): Promise<Ports> {
  const chosen: Record<string, number> = {};
  for (const name of names) {
    const port = saved[name];
    if (port !== undefined && (await usable(name, port))) chosen[name] = port;
  }
  const taken = new Set(Object.values(chosen));
  let next = createHash("sha256").update(seed).digest().readUInt32BE() % COUNT;
  for (const name of names) {
    for (let tries = 0; chosen[name] === undefined; tries++) {
      if (tries === COUNT) throw new Failure(`No port is free for ${name}.`);
      const port = FIRST + (next++ % COUNT);
      if (taken.has(port) || !(await usable(name, port))) continue;
      chosen[name] = port;
      taken.add(port);
    }
  }
  return chosen;
}

/**
 * The tree's ports for the named services, kept in a file.
 * @param used The ports of those services that run: they keep them.
 */
export async function providePorts(
  here: Layout,
  names: readonly string[],
  used: Ports,
): Promise<Ports> {
  const saved = { ...savedPorts(here), ...used };
  const usable = async (name: string, port: number) => used[name] === port || (await isFree(port));
  const ports = { ...saved, ...(await choosePorts(names, saved, usable, here.root)) };
  writeJson(here.ports, ports);
  return ports;
}

/** The ports that were chosen last; what of the file is damaged is left out. */
export function savedPorts(here: Pick<Layout, "ports">): Ports {
  const entries = Object.entries(readJson<Record<string, unknown>>(here.ports) ?? {});
  const isPort = (port: unknown) =>
    Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536;
  return Object.fromEntries(entries.filter(([, port]) => isPort(port))) as Ports;
}

/** Whether nobody listens on this port of the loopback interface. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      server.close(() => done(true));
    });
  });
}
