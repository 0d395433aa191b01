import { containerName } from "../../tools/platform/containers";
import { kubectl } from "../../tools/platform/kubectl";
import { writeJson } from "../../tools/support/files";
import { type Layout, layout } from "../../tools/support/layout";
import { FakePrograms } from "../support/fake-programs";
import { makeFolder } from "../support/folders";

let programs: FakePrograms;
let here: Layout;
beforeEach(() => {
  programs = new FakePrograms();
  here = layout(makeFolder());
  writeJson(here.platformRecord, { cluster: "kind" });
  programs.add("docker", { exec: { stdout: "in the node" } });
});
afterEach(() => programs.end());

const get = ["get", "pods"];

test("without kubectl on PATH, the node's own serves for the kind cluster", async () => {
  const inNode = `exec --interactive ${containerName(here)}-control-plane kubectl --kubeconfig /etc/kubernetes/admin.conf get pods`;
  for (const kubeconfig of [undefined, here.kubeconfig]) {
    expect(await kubectl(here, get, { kubeconfig })).toMatchObject({ code: 0 });
  }
  expect(programs.called("docker", "")).toEqual([inNode, inNode]);
});

test("the machine's own is taken where there is one", async () => {
  programs.add("kubectl", { get: { stdout: "here" } });
  const { stdout } = await kubectl(here, get, { kubeconfig: "/x", context: "lab" });
  expect(stdout).toBe("here");
  expect(programs.called("kubectl", "")).toEqual(["get pods --context lab --kubeconfig /x"]);
  expect(programs.calls("docker")).toEqual([]);
});

test("another cluster is never asked by way of the node", async () => {
  expect((await kubectl(here, get, { kubeconfig: "/home/me/kubeconfig" })).code).toBe(127);
  writeJson(here.platformRecord, { cluster: "configured" });
  expect((await kubectl(here, get, {})).code).toBe(127);
  expect(programs.calls("docker")).toEqual([]);
});
