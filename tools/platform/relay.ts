import { BlockList, connect, createServer, isIPv6, type Server } from "node:net";

/** Where a relay listens. */
export interface Listen {
  readonly host: string;
  readonly port: number;
  /** Lets in only who is in the network of the host with a prefix of this length. */
  readonly prefixLength?: number | undefined;
}

/**
 * Makes a server that passes connections on to another one, so that one which listens on the
 * loopback interface can be reached from a network of containers, and from nowhere else.
 */
export function relay(listen: Listen, target: { host: string; port: number }): Server {
  const allowed = new BlockList();
  const family = isIPv6(listen.host) ? "ipv6" : "ipv4";
  if (listen.prefixLength !== undefined) {
    allowed.addSubnet(listen.host, listen.prefixLength, family);
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const { remoteAddress = "" } = client;
    if (listen.prefixLength !== undefined && !allowed.check(remoteAddress, family)) {
      client.destroy();
      return;
    }
    const upstream = connect({ ...target, allowHalfOpen: true });
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
  });
  return server.listen({ port: listen.port, host: listen.host, exclusive: true });
}

/** `relay.ts LISTEN TARGET`, both as JSON. */
if (require.main === module) {
  const [listen = "", target = ""] = process.argv.slice(2);
  relay(JSON.parse(listen), JSON.parse(target)).on("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
}
