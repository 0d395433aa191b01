import { type AddressInfo, connect } from "node:net";
import { Duplex } from "node:stream";
import { forward, NotDelivered } from "../../../tools/cluster/forward";

/** A pod that answers what it is sent in capitals. */
function pod(): Duplex {
  return new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      this.push(String(chunk).toUpperCase());
      done();
    },
    final(done) {
      this.push(null);
      done();
    },
  });
}

/** A pod that goes as soon as it is sent something, after this answer. */
function going(error: Error, answer?: string): Duplex {
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      if (answer !== undefined) this.push(answer);
      setImmediate(() => this.destroy(error));
      done();
    },
  });
}

/** Sends a text through a forward that is given these connections in turn. */
async function send(
  text: string,
  pods: readonly (Duplex | Error)[],
  patienceMs = 10_000,
): Promise<{ answer: string; asked: number; failures: string[] }> {
  const failures: string[] = [];
  let asked = 0;
  const server = await forward(0, {
    async connect() {
      const next = pods[Math.min(asked++, pods.length - 1)];
      if (next instanceof Duplex) return next;
      throw next;
    },
    failed: ({ message }) => failures.push(message),
    patienceMs,
  });
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<string>((done) => {
    let all = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(text));
    socket.on("data", (chunk) => {
      all += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => done(all));
  });
  server.close();
  return { answer, asked, failures };
}

test("a connection is carried to a pod and back", async () => {
  expect(await send("order", [pod()])).toEqual({ answer: "ORDER", asked: 1, failures: [] });
});

test("a connection waits until a pod is ready", async () => {
  const none = new NotDelivered("no pod is ready");
  const sent = await send("order", [none, none, pod()]);
  expect(sent).toEqual({ answer: "ORDER", asked: 3, failures: [] });
});

test("what a pod has refused goes to another one", async () => {
  const refusing = going(new NotDelivered("connection refused"));
  expect(await send("order", [refusing, pod()])).toEqual({
    answer: "ORDER",
    asked: 2,
    failures: [],
  });
});

test("what a pod may have taken is not sent again", async () => {
  const lost = going(new Error("connection reset by peer"));
  expect(await send("order", [lost, pod()])).toEqual({
    answer: "",
    asked: 1,
    failures: ["connection reset by peer"],
  });
  const answering = going(new NotDelivered("connection refused"), "HALF");
  expect(await send("order", [answering, pod()])).toEqual({
    answer: "HALF",
    asked: 1,
    failures: ["connection refused"],
  });
});

test("a connection is given up when no pod takes it in time", async () => {
  const sent = await send("order", [new NotDelivered("no pod is ready")], 0);
  expect(sent.answer).toBe("");
  expect(sent.failures).toEqual(["no pod is ready"]);
});
