import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A proxy on loopback, behind which every host is one server of the test's own. */
export interface TestProxy {
  readonly url: string;
  /** The hosts that were asked for, in order. */
  readonly asked: string[];
  /** The header with the login of each request. */
  readonly logins: (string | undefined)[];
  /** What the server was asked for. */
  readonly requests: string[];
  /** The certificate of the server's authority. */
  readonly certificate: string;
  close(): Promise<void>;
}

/**
 * Starts it.
 * @param files what the server answers, by the URL's path; 404 for others
 * @param status what the proxy answers, 200 to let requests through
 */
export async function startProxy(
  files: Readonly<Record<string, Buffer>>,
  status = 200,
): Promise<TestProxy> {
  const folder = mkdtempSync(join(tmpdir(), "groundwork-proxy-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const names = ["get.pulumi.com", "github.com", "dl.k8s.io"].map((name) => `DNS:${name}`);
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", "2", "-subj", "/CN=test"],
      ...["-addext", `subjectAltName=${names.join(",")}`, "-keyout", key, "-out", certificate],
    ],
    { stdio: "ignore" },
  );
  const requests: string[] = [];
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server = createHttpsServer(tls, (request, response) => {
    requests.push(`${request.method} https://${request.headers.host}${request.url}`);
    const body = files[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200, { connection: "close" }).end(body);
  });
  const asked: string[] = [];
  const logins: (string | undefined)[] = [];
  const proxy = createHttpServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    logins.push(request.headers["proxy-authorization"]);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const { port } = server.address() as AddressInfo;
    const through = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      through.pipe(socket).pipe(through);
    });
    for (const end of [socket, through]) end.on("error", () => {});
  });
  await Promise.all([listening(server), listening(proxy)]);
  return {
    url: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    logins,
    requests,
    certificate,
    close: async () => {
      rmSync(folder, { recursive: true });
      await Promise.all([closed(server), closed(proxy)]);
    },
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done());
  });
}

function closed(server: Server & { closeAllConnections?(): void }): Promise<void> {
  server.closeAllConnections?.();
  return new Promise((done) => {
    server.close(() => done());
  });
}
