import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { isExecutable } from "../../tools/support/programs";
import { dockerLines } from "./clone";

const folder = resolve(__dirname, "../../.groundwork/rehearsal/paths");

/** PATH without some programs: a folder that has one of them gives way to links to its others. */
export function pathWithout(...programs: readonly string[]): string {
  const place = join(folder, programs.join("-"));
  rmSync(place, { recursive: true, force: true });
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  return directories
    .map((directory, index) => {
      if (!programs.some((each) => isExecutable(join(directory, each)))) return directory;
      const links = join(place, String(index));
      mkdirSync(links, { recursive: true });
      for (const each of readdirSync(directory).filter((name) => !programs.includes(name))) {
        symlinkSync(join(directory, each), join(links, each));
      }
      return links;
    })
    .join(delimiter);
}

/** Everything that the container engine holds. */
export interface Holdings {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly images: readonly string[];
}

/** Asks the engine for all that it holds, images without a name included. */
export async function holdings(): Promise<Holdings> {
  return {
    containers: await dockerLines("ps", "--all", "--format", "{{.Names}}"),
    networks: await dockerLines("network", "ls", "--format", "{{.Name}}"),
    volumes: await dockerLines("volume", "ls", "--format", "{{.Name}}"),
    images: await dockerLines("images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"),
  };
}

/** Says whether a server listens at a port of this machine. */
export function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.on("error", () => done(false));
  });
}

/** Looks every second until something holds. */
export async function until(holds: () => Promise<boolean>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not after ${seconds} s: ${holds}`);
    await new Promise((done) => setTimeout(done, 1000));
  }
}
