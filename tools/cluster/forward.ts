import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A connection to a pod was refused: nothing of what was sent has reached anybody. */
export class NotDelivered extends Error {}

/** How connections are carried. */
export interface Forwarding {
  /**
   * Opens a connection to one of the pods. Rejects, or the stream ends with an error, of type
   * {@link NotDelivered} where another pod may be asked instead.
   */
  connect(): Promise<Duplex>;
  /** Called with what a connection was given up for. */
  failed(reason: Error): void;
  /** How long a connection waits for a pod that takes it. */
  readonly patienceMs: number;
}

/** What may be sent again to another pod, in bytes. */
const resendable = 1024 * 1024;

/**
 * Listens on a port of this machine's loopback, and carries each connection to a pod that is ready
 * at that moment. So it outlives every rollout.
 */
export async function forward(port: number, forwarding: Forwarding): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    carry(socket, forwarding).catch((error: Error) => {
      socket.destroy();
      forwarding.failed(error);
    });
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", done);
  });
  return server;
}

/** Carries one connection; to another pod when the first one has not taken it. */
async function carry(socket: Socket, forwarding: Forwarding): Promise<void> {
  const began = Date.now();
  const sent: Buffer[] = [];
  for (;;) {
    try {
      return await carryTo(await forwarding.connect(), socket, sent);
    } catch (error) {
      if (!(error instanceof NotDelivered) || socket.destroyed) throw error;
      if (Date.now() - began > forwarding.patienceMs) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** Carries bytes both ways until one side ends. Rejects when the pod ends with an error. */
function carryTo(pod: Duplex, socket: Socket, sent: Buffer[]): Promise<void> {
  return new Promise((done, fail) => {
    let answered = false;
    for (const chunk of sent) pod.write(chunk);
    const send = (chunk: Buffer) => {
      if (!answered) sent.push(chunk);
      pod.write(chunk);
    };
    const end = () => pod.end();
    // What comes until another pod has taken over waits in the socket.
    const leave = () => {
      socket.pause().off("data", send).off("end", end).off("close", close);
    };
    const close = () => {
      pod.destroy();
      done();
    };
    socket.on("data", send).on("end", end).on("close", close).resume();
    if (socket.readableEnded) end();
    pod.on("data", (chunk: Buffer) => {
      answered = true;
      socket.write(chunk);
    });
    pod.on("end", () => {
      leave();
      // Nothing more that it sends could be delivered.
      socket.end(() => socket.destroy());
      done();
    });
    pod.on("error", (error) => {
      leave();
      const bytes = sent.reduce((sum, chunk) => sum + chunk.length, 0);
      const again = !answered && bytes <= resendable;
      fail(error instanceof NotDelivered && !again ? new Error(error.message) : error);
    });
  });
}
