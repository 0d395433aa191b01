import { execFileSync, spawnSync } from "node:child_process";
import { record } from "../../components/testing";
import { deployEvery } from "../support/kubernetes";

/** The program that `make scan` has found or got. */
const kubeScore = process.env["KUBE_SCORE"] ?? "kube-score";

/** What kube-score says of an object, as it prints it. */
interface Scored {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** Checks that are left out, each with its reason. */
const leftOut: Readonly<Record<string, string>> = {};

/** The grade of a check that finds nothing. */
const best = 10;

const optional = execFileSync(kubeScore, ["list"], { encoding: "utf8" })
  .split("\n")
  .filter((line) => line.endsWith(",optional"))
  .map((line) => line.slice(0, line.indexOf(",")));

/** What kube-score finds in manifests, a line each; with every optional check. */
function findings(manifests: string): readonly string[] {
  // It exits with 1 where it finds something.
  const { stdout, error } = spawnSync(
    kubeScore,
    [
      ...["score", "--output-format", "json", "--kubernetes-version", "v1.33"],
      // What an object says of itself counts for nothing here.
      ...["--disable-ignore-checks-annotations", "--disable-optional-checks-annotations"],
      ...optional.flatMap((id) => ["--enable-optional-test", id]),
      ...Object.keys(leftOut).flatMap((id) => ["--ignore-test", id]),
      "-",
    ],
    { input: manifests, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"] },
  );
  if (error) throw error;
  return (JSON.parse(stdout) as readonly Scored[]).flatMap(({ object_name, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < best)
      .map(({ check, comments }) => {
        const what = (comments ?? []).map(({ path, summary }) => `${path}: ${summary}`);
        return `${object_name} ${check.id} ${what.join("; ")}`;
      }),
  );
}

test("knows the optional checks", () => {
  expect(optional).toContain("container-seccomp-profile");
});

test.each(["default", "full"] as const)("finds nothing in the %s configuration", async (kind) => {
  const recording = await record(() => deployEvery(kind, "shop"));
  expect(findings(recording.manifests())).toEqual([]);
});
