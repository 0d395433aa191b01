import { BlockList, connect, createServer, isIPv6, type Server } from "node:net";
import { networkInterfaces } from "node:os";

/** The address at which a relay listens. */
export interface Listen {
  readonly host: string;
  readonly port: number;
  /** The network from which, besides this machine, connections are let in; any by default. */
  readonly from?: { readonly address: string; readonly prefixLength: number };
}

/**
 * Makes a server that passes connections on to another one, so that one which listens on the
 * loopback interface can be reached from a network of containers, and from nowhere else.
 */
export function relay(listen: Listen, target: { host: string; port: number }): Server {
  const allowed = new BlockList();
  const { host, port, from } = listen;
  const family = isIPv6(host) ? "ipv6" : "ipv4";
  if (from !== undefined) allowed.addSubnet(from.address, from.prefixLength, family);
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const { remoteAddress = "" } = client;
    if (from !== undefined && !allowed.check(remoteAddress, family) && !isOwn(remoteAddress)) {
      client.destroy();
      return;
    }
    const upstream = connect({ ...target, allowHalfOpen: true });
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
  });
  return server.listen({ port, host, exclusive: true });
}

/**
 * Returns whether a connection comes from this machine. The engine's address translation may give
 * it any of the machine's addresses, and none from elsewhere can have one.
 */
function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((each) =>
    each?.some((own) => own.address === address),
  );
}

/** `relay.ts LISTEN TARGET`, both as JSON. */
if (require.main === module) {
  const [listen = "", target = ""] = process.argv.slice(2);
  relay(JSON.parse(listen), JSON.parse(target)).on("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
}
