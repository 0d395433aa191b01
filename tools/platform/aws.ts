import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../support/failure";
import { filesBelow, fingerprint, readText, writeText } from "../support/files";
import { pause } from "../support/interruption";
import type { Layout } from "../support/layout";
import { capture, record } from "../support/programs";
import type { PlatformSettings } from "../support/settings";
import { say } from "../support/steps";
import { type ContainerEngine, containerEngine } from "./containers";
import { providePorts } from "./ports";
import {
  awaitService,
  isHealthy,
  runningService,
  type Service,
  startService,
  stopService,
} from "./services";

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
  const running = runningService(here, EMULATOR);
  // Its files are looked at before it is: one that runs on damaged ones would fail later.
  const renewed = await installEmulator(here);
  if (!renewed && running !== undefined && (await becomesHealthy(running.health))) {
    const endpoint = endpointAt(running.port);
    say(`AWS: ${endpoint}, moto is running`);
    return { endpoint, fresh: false, own: true };
  }
  await stopService(here, EMULATOR);
  beforeStart();
  const ports = await providePorts(here, [EMULATOR], {});
  const service = emulatorAt(here, ports[EMULATOR] ?? 0, await containerEngine());
  await startService(here, service);
  await awaitService(here, service);
  const endpoint = endpointAt(service.port);
  say(`AWS: ${endpoint}, moto started`);
  return { endpoint, fresh: true, own: true };
}

/** Whether it answers in time: nothing is started afresh because it was busy for a moment. */
async function becomesHealthy(url: string): Promise<boolean> {
  for (const began = Date.now(); Date.now() - began < 30_000; await pause(200)) {
    if (await isHealthy(url)) return true;
  }
  return false;
}

const endpointAt = (port: number) => `http://127.0.0.1:${port}`;

function emulatorAt(here: Layout, port: number, engine: ContainerEngine): Service {
  return {
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
    health: `${endpointAt(port)}/moto-api/`,
  };
}

/** Makes moto forget everything, as if it had been started afresh. */
export async function emptyEmulator(endpoint: string): Promise<void> {
  await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
}

/**
 * Makes the emulator's Python environment unless it is there, whole and up to date.
 * @returns whether it was made
 */
async function installEmulator(here: Layout): Promise<boolean> {
  const requirements = join(here.root, "tools", "emulator", "requirements.txt");
  const wanted = createHash("sha256")
    .update(readText(requirements) ?? "")
    .digest("hex");
  const stamp = join(here.emulator, "complete");
  // The place too, because a Python environment can't be moved.
  const complete = () => `${wanted} ${here.emulator} ${fingerprint(filesOf(here.emulator))}`;
  if (readText(stamp) === complete()) return false;

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
  // Written last: an environment without it, or whose files have changed since, is made again.
  writeText(stamp, complete());
  return true;
}

/** All that pip has installed. Python itself adds what it has compiled. */
function filesOf(environment: string): string[] {
  return filesBelow(environment)
    .filter((file) => file !== "complete" && !file.includes("__pycache__"))
    .map((file) => join(environment, file));
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
