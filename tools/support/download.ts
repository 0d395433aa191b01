import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fetch, type RequestInit, type Response } from "undici";
import { Failure } from "./failure";
import { interruption, throwIfInterrupted } from "./interruption";
import { dispatcherFor, proxyFor, withoutLogin } from "./proxy";
import { say } from "./steps";

const PARTIAL = ".part";

/** A file as its makers publish it. */
export interface Release {
  readonly url: string;
  /** Its SHA-256 or SHA-512 in hexadecimal; absent where none is known. */
  readonly sum?: string;
}

/** Why a host doesn't answer within a few seconds, in words; undefined when it does. */
export async function unreachable(url: string): Promise<string | undefined> {
  try {
    const asking = { method: "HEAD", signal: AbortSignal.timeout(4000) };
    const status = await request(url, asking, async (answer) => answer.status);
    return status < 500 ? undefined : `it answers with ${status}`;
  } catch (error) {
    return reason(error);
  }
}

/** Downloads a file, whole and with the right checksum or not at all. */
export async function download({ url, sum }: Release, path: string): Promise<void> {
  throwIfInterrupted();
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}${PARTIAL}`;
  const algorithm = sum?.length === 128 ? "sha512" : "sha256";
  try {
    const got = await request(url, { signal: interruption }, (answer) =>
      save(answer, partial, algorithm),
    );
    if (sum !== undefined && got !== sum) {
      throw new Failure(`The checksum of ${url} must be ${sum}, got ${got}.`, [
        "Something on the way has changed the file. Nothing of it was kept.",
      ]);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throwIfInterrupted();
    throw error instanceof Failure ? error : failed(url, error);
  }
}

/** Asks for a URL, and leaves no connection open once the answer was used. */
async function request<T>(
  url: string,
  options: RequestInit,
  use: (answer: Response) => Promise<T>,
): Promise<T> {
  const dispatcher = dispatcherFor(url);
  try {
    return await use(await fetch(url, { ...options, dispatcher }));
  } finally {
    await dispatcher.destroy();
  }
}

/** Writes an answer into a file, and gives its checksum. */
async function save(answer: Response, path: string, algorithm: string): Promise<string> {
  if (!answer.ok || answer.body === null) throw new Error(`it answers with ${answer.status}`);
  const total = Number(answer.headers.get("content-length") ?? 0);
  const hash = createHash(algorithm);
  let received = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      received += chunk.length;
      done(undefined, chunk);
    },
  });
  const stillAtIt = setInterval(() => {
    const all = total > 0 ? ` of ${megabytes(total)}` : "";
    say(`${basename(path, PARTIAL)}: ${megabytes(received)}${all} MB`);
  }, 10_000);
  try {
    await pipeline(answer.body, counted, createWriteStream(path), { signal: interruption });
  } finally {
    clearInterval(stillAtIt);
  }
  return hash.digest("hex");
}

function failed(url: string, error: unknown): Failure {
  const proxy = proxyFor(url);
  const way = proxy === undefined ? "" : ` through the proxy ${withoutLogin(proxy)}`;
  return new Failure(`The download of ${url}${way} failed: ${reason(error)}.`);
}

/** The innermost cause of an error, which says what happened. */
function reason(error: unknown): string {
  const { cause, errors, name, code, message } = error as Partial<AggregateError> & {
    readonly code?: string;
  };
  if (name === "TimeoutError") return "no answer within 4 s";
  // A connection that was tried at several addresses has its reasons in a list.
  const inner: unknown = cause ?? errors?.[0];
  if (inner !== undefined) return reason(inner);
  return REASONS[code ?? ""] ?? (message ?? String(error)).replace(/\.$/, "");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host",
  ECONNREFUSED: "connection refused",
};

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
