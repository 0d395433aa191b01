import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Failure, Interrupted } from "../support/failure";
import { capture } from "../support/programs";
import { FOLDER, goNeeded } from "./parts";

const ENVIRONMENT = {
  // No C compiler is needed.
  CGO_ENABLED: "0",
  // Go's compiler lives for a second and need not save memory: this takes a quarter off the time.
  GOGC: "400",
  GOMEMLIMIT: "2GiB",
  GOWORK: "off",
};

/** Options for {@link go}. */
export interface GoOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  /** Sees each line on standard error; those that it takes are not repeated in a failure. */
  readonly takes?: (line: string) => boolean;
}

/** Runs go and gives its standard output. */
export async function go(args: readonly string[], options: GoOptions = {}): Promise<string> {
  const { cwd = FOLDER, signal, takes } = options;
  if (signal?.aborted) throw new Interrupted();
  const child = spawn("go", args, {
    cwd,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
    killSignal: "SIGINT", // on which go ends its compilers, too
  });
  let output = "";
  const said: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (!takes?.(line)) said.push(line);
  });
  const code = await new Promise<number | undefined>((done) => {
    child.on("error", () => {
      if (child.pid === undefined) done(undefined); // it never started
    });
    child.on("close", (status) => done(status ?? -1));
  });
  if (signal?.aborted) throw new Interrupted();
  if (code === undefined) {
    throw new Failure(`Go must be ${goNeeded()} or newer, but there is no \`go\` on PATH.`, [
      "`make doctor` says what to do.",
    ]);
  }
  if (code === 0) return output;
  const words = `go ${args[0]} failed:\n${said.slice(-10).join("\n")}`;
  throw new Failure(words, advice(said.join("\n"), cwd));
}

/** A Go on this machine. */
export interface Go {
  readonly version: string;
  /** Whether it gets a newer Go by itself where a module needs one, as others do since 1.21. */
  readonly upgrades: boolean;
}

/** The Go on PATH, or undefined. Asked outside of any module, where it gets no newer one. */
export async function goOnPath(): Promise<Go | undefined> {
  const { code, stdout } = await capture("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: "/" });
  if (code !== 0) return undefined;
  const [version = "", toolchain = ""] = stdout.split("\n");
  return {
    version: version.replace(/^go/, ""),
    upgrades: toolchain === "auto" || toolchain.endsWith("+auto"),
  };
}

/** Whether a Go can build what is here. */
export function isGoRecentEnough(go: Go | undefined): boolean {
  return go !== undefined && (go.upgrades || numbers(go.version) >= numbers(goNeeded()));
}

function numbers(version: string): number {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) * 1000 + Number(minor);
}

function advice(said: string, cwd: string): string[] {
  if (/no space left on device/.test(said)) {
    return [
      "The disk is full: Go needs about 10 GB for modules and build cache (`go env GOCACHE`).",
    ];
  }
  if (/signal: killed|cannot allocate memory/.test(said)) {
    return ["Memory ran out: 6 GB should be free. `GOFLAGS=-p=1` takes less, and longer."];
  }
  if (/dial tcp|no such host|timeout|connection refused|Forbidden|lookup disabled/.test(said)) {
    return ["Modules could not be downloaded: see that `go env GOPROXY` names a proxy in reach."];
  }
  if (/checksum mismatch|missing go\.sum entry|updates to go\.mod needed/.test(said)) {
    return [`go.mod and go.sum do not agree: undo changes to them, or tidy them (see the README).`];
  }
  return [`To see more, run go in ${cwd}; what was compiled so far is kept in Go's build cache.`];
}
