import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { record } from "../../components/testing";
import { deployEvery } from "../support/kubernetes";

/** The program that `make scan` has found or got. */
const polaris = process.env["POLARIS"] ?? "polaris";

/** What Polaris says of one check. */
interface Check {
  readonly ID: string;
  readonly Message: string;
  readonly Success: boolean;
}

/** What Polaris says of an object; by check, where it has checks for it. */
interface Audited {
  readonly Kind: string;
  readonly Name: string;
  readonly Results: Readonly<Record<string, Check>>;
  readonly PodResult: {
    readonly Results: Readonly<Record<string, Check>>;
    readonly ContainerResults: readonly { readonly Results: Readonly<Record<string, Check>> }[];
  } | null;
}

/** Findings that are as they should be, by object and check, each with its reason. */
const leftOut: Readonly<Record<string, string>> = {
  "Deployment microservice-full deploymentMissingReplicas":
    "the autoscaler says how many there are; kube-score finds fault with a number beside one",
  "Deployment worker-full deploymentMissingReplicas": "as for the Microservice",
  "Role debug rolePodExecAttach": "to run commands in pods is what this level of access is for",
  "RoleBinding debug rolebindingRolePodExecAttach": "as the Role that it gives",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "polaris-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Polaris says of manifests, by its own default configuration. */
async function audit(kind: "default" | "full"): Promise<readonly Audited[]> {
  const manifests = (await record(() => deployEvery(kind, "shop"))).manifests();
  const file = join(folder, `${kind}.yaml`);
  // Of what it reads from stdin it takes nothing but a named pipe.
  writeFileSync(file, manifests);
  const { stdout, error } = spawnSync(
    polaris,
    // What an object says of itself, and whom Polaris exempts by name, counts for nothing here.
    ["audit", "--disallow-exemptions", "--format", "json", "--audit-path", file],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "inherit"] },
  );
  if (error) throw error;
  return (JSON.parse(stdout) as { readonly Results: readonly Audited[] }).Results;
}

/** All that has failed, by object and check. */
function findings(audited: readonly Audited[]): readonly string[] {
  return audited.flatMap(({ Kind, Name, Results, PodResult }) =>
    [Results, PodResult?.Results, ...(PodResult?.ContainerResults ?? []).map((of) => of.Results)]
      .flatMap((checks) => Object.values(checks ?? {}))
      .filter(({ Success }) => !Success)
      .map(({ ID }) => `${Kind} ${Name} ${ID}`),
  );
}

test("looks into the pods of every workload", async () => {
  const pods = (await audit("default")).filter(({ PodResult }) => PodResult !== null);
  expect(pods.map(({ Kind }) => Kind).sort()).toEqual([
    "CronJob",
    "Deployment",
    "Deployment",
    "Job",
    "StatefulSet",
  ]);
});

test("finds nothing in the default configuration", async () => {
  expect(findings(await audit("default"))).toEqual([]);
});

test("finds in the full configuration what is left out, and nothing else", async () => {
  expect([...findings(await audit("full"))].sort()).toEqual(Object.keys(leftOut).sort());
});
