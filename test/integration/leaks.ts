import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { renderReport } from "../../tools/report/report";
import { kubectl, told } from "./platform";
import type { Copy } from "./program";

/** A text, and where it was found. */
type Found = readonly [where: string, text: string];

/**
 * A secret to look for where it must not be. Its core stays as it is in JSON, in URLs and in
 * Markdown; what is around it does not, so that nothing masks those by looking for the whole.
 */
export class Canary {
  readonly value: string;

  constructor(private readonly core: string) {
    this.value = `"${core}" & ü\\%2F/${core}+`;
  }

  /** Whether a text holds it: in clear, escaped, in base64, or as a hash that guesses can be held against. */
  isIn(text: string): boolean {
    const hash = createHash("sha256").update(this.value).digest("hex").slice(0, 12);
    const forms = [this.core, ...inBase64(this.core), hash, String(Number.parseInt(hash, 16))];
    return forms.some((form) => text.includes(form));
  }
}

/** What stays of a text in base64, whatever is before and after it. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from("-".repeat(before) + text).toString("base64");
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
  });
}

/** The places that hold one of these canaries. */
export function leaks(canaries: readonly Canary[], places: readonly Found[]): readonly string[] {
  return places
    .filter(([, text]) => canaries.some((canary) => canary.isIn(text)))
    .map(([where]) => where);
}

/** What the engine shows of a preview, as `make preview` and `make report` give it. */
export async function previewed({ stack }: Copy): Promise<readonly Found[]> {
  const events: EngineEvent[] = [];
  const { stdout, stderr } = await stack.preview({
    diff: true,
    onEvent: (event) => events.push(event),
  });
  // The SDK's debug lines are only in the engine's raw event log, and write a Kubernetes Secret out
  // in base64, whatever a program does. README.md warns of publishing that log.
  const published = events.filter(
    ({ diagnosticEvent }) => (diagnosticEvent?.severity as string) !== "debug",
  );
  return [
    ["output of the preview", stdout + stderr],
    ["events of the preview", JSON.stringify(published)],
    ["report", renderReport(events, { stack: "dev" })],
  ];
}

/** What the engine keeps and gives out of a stack. */
export function kept({ stack, stateFile }: Copy): readonly Found[] {
  const pulumi = (...args: readonly string[]) =>
    execFileSync("pulumi", [...args, "--stack", "dev"], {
      cwd: stack.workspace.workDir,
      encoding: "utf8",
      env: { ...process.env, ...stack.workspace.envVars },
    });
  return [
    ["state", readFileSync(stateFile, "utf8")],
    ["pulumi stack export", pulumi("stack", "export")],
    ["pulumi stack output", pulumi("stack", "output", "--json")],
    ["pulumi config", pulumi("config", "--json")],
  ];
}

const kinds =
  "all,configmaps,endpointslices,events,networkpolicies,poddisruptionbudgets,serviceaccounts";

/** What the platform tells those who may not read secrets. */
export async function toldByPlatform(namespace: string): Promise<readonly Found[]> {
  const objects = kubectl("get", kinds, "--namespace", namespace);
  return [["Kubernetes objects", JSON.stringify(objects)], ...(await told())];
}
