import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { containerName } from "../../tools/platform/containers";
import { savedPorts } from "../../tools/platform/ports";
import { layout } from "../../tools/support/layout";
import { processes } from "../../tools/support/pids";
import { capture, type Environment, merged } from "../../tools/support/programs";

const root = resolve(__dirname, "../..");

/** Variables of this process that a person's shell would not have. */
const ownVariables: Environment = Object.fromEntries(
  ["NODE_ENV", "JEST_WORKER_ID", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ARGS"].map(
    (name) => [name, undefined],
  ),
);

/** The outcome of a `make`. */
export interface Made {
  readonly code: number;
  /** Both of its outputs, as they came. */
  readonly output: string;
}

/** A clone of this tree, with what is not committed yet. */
export class Clone {
  readonly root: string;
  readonly here: ReturnType<typeof layout>;
  /** The first part of the names of its containers. */
  readonly containers: string;

  constructor(name: string) {
    this.root = join(root, ".groundwork", "rehearsal", name);
    this.here = layout(this.root);
    this.containers = containerName(this.here);
    // One that a former rehearsal left is kept, with what it had built.
    const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const files = execFileSync("git", list, { cwd: root, encoding: "utf8" }).split("\0");
    for (const file of files.filter((each) => each !== "" && existsSync(join(root, each)))) {
      // Packages are installed again where the list of them is newer.
      cpSync(join(root, file), join(this.root, file), { preserveTimestamps: true });
    }
  }

  /** Runs a target of its Makefile, and shows what it prints. */
  async make(target: string, env: Environment = {}): Promise<Made> {
    const title = `\n--- ${this.root}: make ${target}\n`;
    process.stderr.write(title);
    // Both outputs go through one pipe, in their order.
    const script = `exec make --no-print-directory ${target} 2>&1 </dev/null`;
    const child = spawn("bash", ["-c", script], {
      cwd: this.root,
      env: merged({ ...ownVariables, ...env }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = title;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      process.stderr.write(text);
    });
    const code = await new Promise<number>((done) =>
      child.on("close", (code) => done(code ?? 128)),
    );
    return { code, output };
  }

  /** Changes one of its files. */
  change(file: string, edit: (text: string) => string): void {
    const path = join(this.root, file);
    writeFileSync(path, edit(readFileSync(path, "utf8")));
  }

  /** Runs kubectl in the node of its control plane, and gives what it prints. */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const node = `${this.containers}-control-plane`;
    const kubectl = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", ...args];
    return docker(["exec", "--interactive", node, ...kubectl], input);
  }

  /** Gets objects of its cluster. */
  async get<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.kubectl(["get", ...args, "--output", "json"])) as T;
  }

  /** The stack's outputs. */
  async outputs(): Promise<Readonly<Record<string, string>>> {
    const script = 'eval "$(make -s env)" && pulumi stack output --json --stack dev';
    const options = { cwd: this.root, env: ownVariables };
    const { code, stdout, stderr } = await capture("bash", ["-euc", script], options);
    if (code !== 0) throw new Error(`pulumi stack output failed: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** The command lines of all processes that were started from its folder. */
  processes(): readonly string[] {
    return processes()
      .map(({ command }) => command)
      .filter((command) => command.includes(`${this.root}/`));
  }

  /** The ports that it has chosen for its servers. */
  ports(): readonly number[] {
    return Object.values(savedPorts(this.here));
  }

  /** Takes the folder away. */
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Runs docker and gives what it prints. */
export async function docker(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await capture("docker", args, { input });
  if (code !== 0) throw new Error(`docker ${args.join(" ")} failed: ${stderr}`);
  return stdout.trim();
}

/** The lines that docker prints. */
export async function dockerLines(...args: readonly string[]): Promise<readonly string[]> {
  return (await docker(args))
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
