import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { Account } from "./account";
import { go } from "./go";
import {
  FOLDER,
  type FromModulesPlan,
  filesOf,
  KUBERNETES_PLUGIN,
  linkerFlags,
  linksOf,
  type Part,
  packagesOf,
} from "./parts";
import { recordBuilt, stale } from "./stamp";

export type { FromModulesPlan, Part } from "./parts";

/**
 * Builds the parts that are missing or out of date. A build that is interrupted leaves nothing
 * half-made, and what it has compiled stays in Go's build cache for the next one.
 */
export async function buildFromModules(
  plan: FromModulesPlan,
  report: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const parts = stale(plan);
  if (parts.length === 0) return;
  report(
    `Building ${parts.join(", ")} from Go modules: up to 15 minutes on two cores the first time, ` +
      "about one when Go's build cache is filled.",
  );
  // On the same disk as where most of it goes. The tree's lock keeps other builds out of it.
  const staging = join(plan.binDir, ".building");
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const account = new Account(report, staging);
  try {
    if (parts.includes("kubernetes-plugin")) await copySchema(plan, account, signal);
    await compile(parts, plan, staging, account, signal);
    addFiles(parts, staging);
    if (parts.includes("aws-plugin")) await checkAws(plan, staging, report);
    for (const path of parts.flatMap((part) => filesOf(part, plan))) {
      place(join(staging, basename(path)), path);
    }
    recordBuilt(plan, parts);
  } finally {
    account.end();
    rmSync(staging, { recursive: true, force: true });
  }
}

/** One call of go for all programs: what they share is compiled once, in parallel. */
async function compile(
  parts: readonly Part[],
  plan: FromModulesPlan,
  staging: string,
  account: Account,
  signal?: AbortSignal,
): Promise<void> {
  const packages = packagesOf(parts);
  const options = { cwd: FOLDER, signal, takes: account.takes };
  const list = ["list", "-deps", "-f", "{{.DepOnly}} {{.ImportPath}}", ...packages];
  account.expect(await go(list, options));
  const flags = ["-v", "-buildvcs=false", "-ldflags", linkerFlags(plan)];
  await go(["build", ...flags, "-o", `${staging}/`, ...packages], options);
}

/** The schema that the Kubernetes plugin embeds, as upstream's own build prepares it. */
async function copySchema(
  plan: FromModulesPlan,
  account: Account,
  signal?: AbortSignal,
): Promise<void> {
  const options = { signal, takes: account.takes };
  // Alone, `go list -m` would say nothing of a module that is not downloaded yet.
  await go(["mod", "download", KUBERNETES_PLUGIN], options);
  const module = (await go(["list", "-m", "-f", "{{.Dir}}", KUBERNETES_PLUGIN], options)).trim();
  const original = join(module, "cmd", "pulumi-resource-kubernetes", "schema.json");
  const schema = JSON.parse(readFileSync(original, "utf8")) as Record<string, unknown>;
  schema["version"] = plan.versions.kubernetes;
  writeFileSync(join(FOLDER, "pulumi-resource-kubernetes", "schema.json"), JSON.stringify(schema));
}

/** What belongs to the parts but is not compiled. */
function addFiles(parts: readonly Part[], staging: string): void {
  for (const name of linksOf(parts)) symlinkSync("kube", join(staging, name));
  if (parts.includes("engine")) {
    const script = join(staging, "pulumi-analyzer-policy");
    copyFileSync(join(FOLDER, "pulumi-analyzer-policy"), script);
    chmodSync(script, 0o755);
  }
}

/** Says at once what the AWS plugin would complain of later. */
async function checkAws(
  plan: FromModulesPlan,
  staging: string,
  report: (line: string) => void,
): Promise<void> {
  const packed = readFileSync(join(FOLDER, "pulumi-resource-aws", "mapping", "table.json.gz"));
  const { version } = JSON.parse(gunzipSync(packed).toString("utf8")) as { version: string };
  if (version !== plan.versions.aws) {
    report(
      `The AWS plugin's names were computed from @pulumi/aws ${version}, not ` +
        `${plan.versions.aws}: remake them (tools/from-modules/README.md says how).`,
    );
  }
  const plugin = join(staging, "pulumi-resource-aws");
  try {
    const { stdout } = await promisify(execFile)(plugin, ["-terraform-provider"]);
    report(`The AWS plugin will run ${stdout.trim()}`);
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    report(`The AWS plugin can't work yet: ${stderr?.trim() ?? String(error)}`);
  }
}

/** Moves a file into its place at once, also onto another disk. */
function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const aside = `${to}.new`;
    copyFileSync(from, aside);
    renameSync(aside, to);
  }
}
