import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../support/failure";
import { readText, writeText } from "../support/files";
import type { Layout } from "../support/layout";
import { capture, record } from "../support/programs";
import type { PlatformSettings } from "../support/settings";
import { say } from "../support/steps";
import { containerEngine } from "./containers";
import { providePorts } from "./ports";
import { awaitService, isRunning, type Service, startService } from "./services";

/** The emulator's name among the services. */
export const EMULATOR = "moto";

/** Where the AWS of the dev environment is. */
export interface LocalAws {
  readonly endpoint: string;
  /** Whether the emulator was just started, and so has lost whatever was in it. */
  readonly fresh: boolean;
  /** Whether the emulator is this tree's own. */
  readonly own: boolean;
}

/**
 * Gives the endpoint of the AWS emulator: the one that the stack's configuration names, else a
 * moto server of this tree's own.
 */
export async function provideAws(
  here: Layout,
  settings: PlatformSettings,
  beforeStart: () => void,
): Promise<LocalAws> {
  if (settings.awsEndpoint !== undefined) {
    say(`AWS: ${settings.awsEndpoint}, from groundwork:awsEndpoint`);
    return { endpoint: settings.awsEndpoint, fresh: false, own: false };
  }
  await installEmulator(here);
  const ports = await providePorts(here, [EMULATOR], (name) => isRunning(here, name));
  const port = ports[EMULATOR] ?? 0;
  const endpoint = `http://127.0.0.1:${port}`;
  const engine = await containerEngine();
  const service: Service = {
    name: EMULATOR,
    command: [
      join(here.emulator, "bin", "python"),
      ...["-m", "emulator", "-H", "127.0.0.1", "-p", String(port)],
    ],
    env: {
      PYTHONPATH: join(here.root, "tools"),
      EMULATOR_CACHE: join(here.home, "emulator"),
      // It answers with its own test accounts; nothing of the user's may reach it.
      AWS_PROFILE: undefined,
      AWS_ENDPOINT_URL: undefined,
      // Functions of some runtimes run in containers.
      ...(engine.runs && engine.env),
    },
    port,
    health: `${endpoint}/moto-api/`,
  };
  const fresh = !isRunning(here, EMULATOR);
  if (fresh) beforeStart();
  startService(here, service);
  await awaitService(here, service);
  say(`AWS: ${endpoint}, moto ${fresh ? "started" : "is running"}`);
  return { endpoint, fresh, own: true };
}

/** Makes moto forget everything, as if it had been started afresh. */
export async function emptyEmulator(endpoint: string): Promise<void> {
  await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
}

/** Makes the emulator's Python environment unless it is there, whole and up to date. */
async function installEmulator(here: Layout): Promise<void> {
  const requirements = join(here.root, "tools", "emulator", "requirements.txt");
  const wanted = createHash("sha256")
    .update(readText(requirements) ?? "")
    .digest("hex");
  const stamp = join(here.emulator, "complete");
  const complete = `${wanted} ${here.emulator}`;
  if (readText(stamp) === complete) return;

  const python = await findPython();
  say("installing the AWS emulator moto (once, about 1 min)");
  rmSync(here.emulator, { recursive: true, force: true });
  const log = join(here.logs, "install-moto.log");
  await record(python, ["-m", "venv", here.emulator], { log, what: "python -m venv" });
  await record(
    join(here.emulator, "bin", "python"),
    [
      ...["-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"],
      ...["--progress-bar", "off", "-r", requirements],
    ],
    { log, what: "pip install", env: { PIP_DISABLE_PIP_VERSION_CHECK: "1" } },
  );
  // Written last: an environment without it is made again. It holds the place too, because a
  // Python environment can't be moved.
  writeText(stamp, complete);
}

/** A Python that the emulator runs on. */
export async function findPython(): Promise<string> {
  const seen: string[] = [];
  for (const name of [
    "python3",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "python",
  ]) {
    const { code, stdout } = await capture(name, [
      "-c",
      "import sys, ensurepip; print('%d.%d' % sys.version_info[:2])",
    ]);
    if (code !== 0) continue;
    const [major, minor] = stdout.trim().split(".").map(Number);
    if (major === 3 && minor !== undefined && minor >= 10) return name;
    seen.push(`${name} is ${stdout.trim()}`);
  }
  throw new Failure("The AWS emulator needs Python 3.10 or newer with venv.", [
    ...seen,
    "Install it (Debian and Ubuntu: python3 and python3-venv; macOS: brew install python), or name",
    "an emulator that runs already: pulumi config set groundwork:awsEndpoint http://127.0.0.1:4566 --stack dev",
  ]);
}
