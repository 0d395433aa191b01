import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { containerName } from "../../tools/platform/containers";
import { kindConfig, provideKind, removeKind } from "../../tools/platform/kind";
import { Failure } from "../../tools/support/failure";
import { type Layout, layout } from "../../tools/support/layout";
import { type Answers, FakePrograms } from "../support/fake-programs";
import { makeFolder } from "../support/folders";
import { printed } from "../support/printed";

let programs: FakePrograms;
let here: Layout;
let name: string;
const said = printed();
beforeEach(() => {
  programs = new FakePrograms();
  here = layout(makeFolder({ ".groundwork/logs/none": "" }));
  name = containerName(here);
});
afterEach(() => programs.end());

const nodes = (...states: readonly string[]) => ({
  stdout: ["worker2", "control-plane", "worker"]
    .map((role, index) => `${name}-${role} ${states[index] ?? "running"}\n`)
    .join(""),
});

const answering = (): Answers => ({
  [`exec ${name}-control-plane cat /etc/kubernetes/admin.conf`]: {
    stdout: `clusters:\n- cluster:\n    server: https://${name}-control-plane:6443\n`,
  },
  [`port ${name}-control-plane 6443/tcp`]: { stdout: "127.0.0.1:38455\n" },
});

const refuseFresh = () => {
  throw new Error("it is not fresh");
};

/** The calls that take something away. */
const deletions = () => programs.called("docker", "rm", "kill", "stop");

test("a cluster that runs is left alone, and its kubeconfig written by what its node says", async () => {
  programs.add("docker", { ps: nodes(), ...answering() });
  writeFileSync(here.kubeconfig, "garbled");
  expect(await provideKind(here, refuseFresh)).toEqual({ fresh: false });
  expect(readFileSync(here.kubeconfig, "utf8")).toBe(
    "clusters:\n- cluster:\n    server: https://127.0.0.1:38455\n",
  );
  expect(statSync(here.kubeconfig).mode & 0o777).toBe(0o600);
  expect(programs.called("docker", "start", "unpause", "rm")).toEqual([]);
  expect(programs.called("docker", "exec --interactive")).toEqual([
    `exec --interactive ${name}-control-plane kubectl --kubeconfig /etc/kubernetes/admin.conf get --raw /readyz`,
  ]);
  expect(said()).toEqual([`  Kubernetes: kind cluster ${name} is running`]);
});

test("a stopped cluster is started with its data, the control plane first", async () => {
  programs.add("docker", { ps: nodes("exited", "exited", "paused"), ...answering() });
  expect(await provideKind(here, refuseFresh)).toEqual({ fresh: false });
  expect(programs.called("docker", "start", "unpause")).toEqual([
    `start ${name}-control-plane`,
    `unpause ${name}-worker`,
    `start ${name}-worker2`,
  ]);
  expect(deletions()).toEqual([]);
  expect(said()).toEqual([`  Kubernetes: kind cluster ${name} started, with its data`]);
});

test("a cluster that answers late is waited for", async () => {
  const refusal = { code: 1, stderr: "connection refused" };
  programs.add("docker", {
    ps: nodes(),
    "exec --interactive": [refusal, {}],
    ...answering(),
  });
  expect(await provideKind(here, refuseFresh)).toEqual({ fresh: false });
  expect(programs.called("docker", "exec --interactive")).toHaveLength(2);
  expect(deletions()).toEqual([]);
});

test("a cluster that never answers is an error with what to do, and is not deleted", async () => {
  programs.add("docker", {
    ps: nodes(),
    "exec --interactive": { code: 1, stderr: "The connection to the server was refused\n" },
  });
  const error = await provideKind(here, refuseFresh, 0).catch((error) => error);
  expect(error).toBeInstanceOf(Failure);
  expect([error.message, ...error.next]).toEqual([
    `The kind cluster ${name} doesn't answer for 0 s:`,
    "  The connection to the server was refused",
    "Nothing was deleted. To look at it, and to start it again:",
    `  docker logs ${name}-control-plane`,
    `  docker restart ${name}-control-plane`,
    "To make another one in its place, without what is in it:",
    "  make reset",
  ]);
  expect(deletions()).toEqual([]);
});

test("an engine that gives no answer is not taken for one without a cluster", async () => {
  programs.add("docker", { ps: { code: 1, stderr: "Cannot connect to the Docker daemon" } });
  programs.add("kind");
  await expect(provideKind(here, refuseFresh)).rejects.toThrow(
    "docker ps failed: Cannot connect to the Docker daemon",
  );
  expect(programs.calls("kind")).toEqual([]);
});

test("where there is none, one is made, and kubectl is never asked for", async () => {
  programs.add("docker", { ps: {}, ...answering() });
  programs.add("kind");
  const beforeFresh = jest.fn();
  expect(await provideKind(here, beforeFresh)).toEqual({ fresh: true });
  expect(beforeFresh).toHaveBeenCalledTimes(1);
  expect(programs.called("kind", "")).toEqual([
    `create cluster --name ${name} --config ${join(here.home, "kind.yaml")} --kubeconfig ${here.kubeconfig} --wait 180s`,
  ]);
  expect(existsSync(join(here.home, "kind-unfinished"))).toBe(false);
});

test("one whose making was cut off is made again", async () => {
  programs.add("docker", { ps: [nodes(), {}], ...answering() });
  programs.add("kind");
  writeFileSync(join(here.home, "kind-unfinished"), "");
  expect(await provideKind(here, () => {})).toEqual({ fresh: true });
  expect(deletions()).toEqual([
    `rm --force --volumes ${name}-control-plane ${name}-worker ${name}-worker2`,
  ]);
});

test.each([
  ["too many open files", "Often inotify's limits: "],
  ["write /x: no space left on device", "The disk is full: "],
  ["kubelet: running with cgroup v1 is unsupported", "Newer Kubernetes and rootless engines"],
  ['failed to pull image "kindest/node"', "The image of the nodes can't be pulled: "],
  ["Bind for 127.0.0.1:4 failed: port is already allocated", "Another program has the port: "],
  ["all predefined address pools have been fully subnetted", "The engine has no network left"],
  ["timed out waiting for the condition", "Often too little memory"],
])("a failed creation gives kind's own words, and for %j a usual cause", async (words, advice) => {
  programs.add("docker", { ps: {} });
  programs.add("kind", {
    create: { code: 1, stderr: `Creating cluster\nERROR: failed to create cluster\n${words}\n` },
  });
  const error = await provideKind(here, () => {}).catch((error) => error);
  const log = join(here.logs, "kind.log");
  expect([error.message, ...error.next]).toEqual([
    "kind create cluster failed (exit code 1):",
    "  ERROR: failed to create cluster",
    "  Creating cluster",
    `  ${words}`,
    expect.stringContaining(advice),
    `The whole log: ${log}`,
    "More causes: https://kind.sigs.k8s.io/docs/user/known-issues",
  ]);
  // kind has taken its containers away by itself; should one be left, it isn't whole.
  expect(existsSync(join(here.home, "kind-unfinished"))).toBe(true);
});

test("removing it takes its nodes and no others, also without kind", async () => {
  programs.add("docker", { ps: nodes() });
  expect(await removeKind(here)).toBe(true);
  expect(programs.called("docker", "ps")).toEqual([
    `ps --all --filter label=io.x-k8s.kind.cluster=${name} --format {{.Names}} {{.State}}`,
  ]);
  expect(deletions()).toEqual([
    `rm --force --volumes ${name}-control-plane ${name}-worker ${name}-worker2`,
  ]);
  programs.add("docker", { ps: {} });
  expect(await removeKind(here)).toBe(false);
});

test("the cluster has three nodes in two zones, that look for registries in a folder", () => {
  const config = parse(kindConfig());
  expect(config.nodes).toEqual([
    { role: "control-plane" },
    { role: "worker", labels: { "topology.kubernetes.io/zone": "local-a" } },
    { role: "worker", labels: { "topology.kubernetes.io/zone": "local-b" } },
  ]);
  expect(config.containerdConfigPatches[0]).toContain('config_path = "/etc/containerd/certs.d"');
});
