import { createHash } from "node:crypto";
import { Failure } from "../support/failure";
import type { Layout } from "../support/layout";
import { capture, findOnPath } from "../support/programs";

/** Whether a container engine answers; having the `docker` program alone is not enough. */
export async function containerEngineRuns(): Promise<boolean> {
  if (findOnPath("docker").length === 0) return false;
  const { code } = await capture("docker", ["info", "--format", "{{.ServerVersion}}"], {
    timeoutMs: 8000,
  });
  return code === 0;
}

/** A name for containers of this working tree: two trees don't get in each other's way. */
export function containerName(here: Pick<Layout, "root">): string {
  return `groundwork-${createHash("sha256").update(here.root).digest("hex").slice(0, 8)}`;
}

/** Runs docker and gives what it printed; throws a {@link Failure} with its complaint. */
export async function docker(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await capture("docker", args, { input });
  if (code === 0) return stdout.trim();
  throw new Failure(`docker ${args[0]} failed: ${stderr.trim()}`);
}
