import { resolve } from "node:path";

/** Where the tools keep things: all of it below `.groundwork` in the working tree. */
export interface Layout {
  /** The working tree. */
  readonly root: string;
  /** `.groundwork`, ignored by git. */
  readonly home: string;
  /** Programs built from Go modules, and in `plugins` below it the plugins. */
  readonly bin: string;
  /** PULUMI_HOME when provider plugins were built from Go modules. */
  readonly pulumiHome: string;
  /** The local stacks' states: a file backend. */
  readonly state: string;
  /** Which engine and plugins were chosen last, and from where. */
  readonly engineRecord: string;
  /** Where the local platform is reached. */
  readonly platformRecord: string;
  /** For each local stack, a file for each part of the platform that lost what its state still has. */
  readonly losses: string;
  /** For each local stack, a file for each function that `make dev` gave code its state lacks. */
  readonly ahead: string;
  /** Held by the one command that works on this tree. */
  readonly lock: string;
  /** The ports of the local services. */
  readonly ports: string;
  /** One record and one pid file for each local service. */
  readonly run: string;
  /** One log file for each local service and each long installation. */
  readonly logs: string;
  /** The Python environment of the AWS emulator. */
  readonly emulator: string;
  /** Certificates and data of the local cluster. */
  readonly cluster: string;
  /** The kubeconfig of the local cluster. */
  readonly kubeconfig: string;
  /** Files that the AWS provider plugin unpacks. */
  readonly assets: string;
}

/** The layout of the working tree at `root`. */
export function layout(root: string): Layout {
  const home = resolve(root, ".groundwork");
  const at = (name: string) => resolve(home, name);
  return {
    root: resolve(root),
    home,
    bin: at("bin"),
    pulumiHome: at("pulumi"),
    state: at("state"),
    engineRecord: at("engine.json"),
    platformRecord: at("platform.json"),
    losses: at("losses"),
    ahead: at("ahead"),
    lock: at("lock"),
    ports: at("ports.json"),
    run: at("run"),
    logs: at("logs"),
    emulator: at("venv-moto"),
    cluster: at("cluster"),
    kubeconfig: at("kubeconfig"),
    assets: at("assets"),
  };
}
