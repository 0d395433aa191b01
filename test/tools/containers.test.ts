import { join } from "node:path";
import { containerEngine, containerName } from "../../tools/platform/containers";
import { FakePrograms } from "../support/fake-programs";
import { makeFolder } from "../support/folders";
import { withoutVariables } from "../support/variables";

withoutVariables("DOCKER_HOST", "DOCKER_CONTEXT");

let programs: FakePrograms;
beforeEach(() => {
  programs = new FakePrograms();
});
afterEach(() => programs.end());

/** What `docker context inspect` prints of a context. */
const context = (host: string, more: object = {}) => ({
  stdout: JSON.stringify([{ Name: "lab", Endpoints: { docker: { Host: host } }, ...more }]),
});

const version = { stdout: "Docker version 28.2.2, build e6534b4\n" };

describe("a container engine that runs", () => {
  test.each([
    "unix:///home/me/.colima/default/docker.sock",
    "npipe:////./pipe/docker_engine",
    "tcp://127.0.0.1:2375",
    "tcp://localhost:2375",
    "tcp://[::1]:2375",
  ])("at %s is handed to those who know no contexts", async (host) => {
    programs.add("docker", { "--version": version, "context inspect": context(host) });
    expect(await containerEngine()).toEqual({
      runs: true,
      podman: false,
      env: { DOCKER_HOST: host },
    });
  });

  test("with certificates is handed over with them", async () => {
    const tls = {
      TLSMaterial: { docker: ["ca.pem", "cert.pem", "key.pem"] },
      Storage: { TLSPath: "/home/me/.docker/contexts/tls/abc" },
    };
    programs.add("docker", {
      "--version": version,
      "context inspect": context("tcp://127.0.0.1:2376", tls),
    });
    expect(await containerEngine()).toEqual({
      runs: true,
      podman: false,
      env: {
        DOCKER_HOST: "tcp://127.0.0.1:2376",
        DOCKER_CERT_PATH: "/home/me/.docker/contexts/tls/abc/docker",
        DOCKER_TLS_VERIFY: "1",
      },
    });
  });

  test("in the default context needs no further word: DOCKER_HOST and the usual place are known", async () => {
    const host = "unix:///run/user/1000/docker.sock";
    programs.add("docker", {
      "--version": version,
      "context inspect": context(host, { Name: "default" }),
    });
    expect(await containerEngine()).toEqual({ runs: true, podman: false, env: {} });
  });

  test("may be Podman, with the socket of its service", async () => {
    const socket = join(makeFolder({ "podman.sock": "" }), "podman.sock");
    for (const stdout of [`${socket}\n`, `unix://${socket}\n`]) {
      programs.add("docker", {
        "--version": {
          stdout: "podman version 5.4.0\n",
          stderr: "Emulate Docker CLI using podman",
        },
        "info --format {{.Host.RemoteSocket.Path}}": { stdout },
        "context inspect": { code: 125, stderr: "unrecognized command" },
      });
      expect(await containerEngine()).toEqual({
        runs: true,
        podman: true,
        env: { DOCKER_HOST: `unix://${socket}` },
      });
    }
  });

  test("may be Podman without its service: the docker plugin can't reach it", async () => {
    programs.add("docker", {
      "--version": { stdout: "podman version 5.4.0\n" },
      "info --format": { stdout: "/run/user/1000/podman/podman.sock\n" },
    });
    expect(await containerEngine()).toEqual({ runs: true, podman: true, env: undefined });
  });
});

describe("no container engine runs", () => {
  test("without docker on PATH", async () => {
    programs.add("kind");
    expect(await containerEngine()).toEqual({
      runs: false,
      why: "`docker` is not on PATH",
    });
  });

  test("where docker says so, in its own words", async () => {
    const stderr =
      "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n";
    programs.add("docker", {
      "--version": version,
      "context inspect": context("unix:///var/run/docker.sock"),
      ps: { code: 1, stderr },
    });
    expect(await containerEngine()).toEqual({
      runs: false,
      why: `\`docker ps\` says: ${stderr.trim()}`,
    });
  });

  test.each([
    ["ssh://me@lab.example.com", "ssh://lab.example.com"],
    ["tcp://docker:2376", "tcp://docker:2376"],
    ["tcp://192.168.49.2:2376", "tcp://192.168.49.2:2376"],
  ])("on this machine with a context of %s", async (host, shown) => {
    programs.add("docker", { "--version": version, "context inspect": context(host) });
    expect(await containerEngine()).toEqual({
      runs: false,
      why: `the container engine is on another machine (${shown})`,
    });
    expect(programs.called("docker", "ps")).toEqual([]);
  });

  test("where the context is a wrong one", async () => {
    const complaint = { code: 1, stderr: 'context "nope" not found\n' };
    programs.add("docker", { "--version": version, "context inspect": complaint, ps: complaint });
    expect(await containerEngine()).toEqual({
      runs: false,
      why: '`docker ps` says: context "nope" not found',
    });
  });
});

test("containers bear a name of their working tree", () => {
  const name = containerName({ root: "/one" });
  expect(name).toMatch(/^groundwork-[0-9a-f]{8}$/);
  expect(containerName({ root: "/two" })).not.toBe(name);
});
