import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fetch } from "undici";
import { Failure } from "./failure";
import { interruption, throwIfInterrupted } from "./interruption";
import { dispatcherFor, proxyFor, withoutLogin } from "./proxy";
import { say } from "./steps";

/** A file as its makers publish it. */
export interface Release {
  readonly url: string;
  /** Its SHA-256 or SHA-512 in hexadecimal; absent where none is known. */
  readonly sum?: string;
}

/** Why a host doesn't answer within a few seconds, in words; undefined when it does. */
export async function unreachable(url: string): Promise<string | undefined> {
  try {
    const { status } = await fetch(url, {
      method: "HEAD",
      dispatcher: dispatcherFor(url),
      signal: AbortSignal.timeout(4000),
    });
    return status < 500 ? undefined : `it answers with ${status}`;
  } catch (error) {
    return reason(error);
  }
}

/** Downloads a file, whole and with the right checksum or not at all. */
export async function download({ url, sum }: Release, path: string): Promise<void> {
  throwIfInterrupted();
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.part`;
  try {
    const got = await save(url, partial, sum?.length === 128 ? "sha512" : "sha256");
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

/** Writes what a URL answers into a file, and gives its checksum. */
async function save(url: string, path: string, algorithm: string): Promise<string> {
  const answer = await fetch(url, { dispatcher: dispatcherFor(url), signal: interruption });
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
    say(`${basename(url)}: ${megabytes(received)}${all} MB`);
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
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer within 4 s";
  if (error.cause instanceof Error) return reason(error.cause);
  // A connection that was tried at several addresses has its reasons in a list.
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return REASONS[code] ?? error.message.replace(/\.$/, "");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host",
  ECONNREFUSED: "connection refused",
};

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
