import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { leaksIn } from "../../../tools/report/leaks";
import type { Registration } from "../../../tools/report/registrations";
import { type ReportOptions, renderReport } from "../../../tools/report/report";
import { Mask } from "../../../tools/report/secrets";
import { canaries } from "./canaries";

const mask = new Mask(Object.entries(canaries).map(([key, value]) => ({ key, value })));

/** A file beside the tests. */
export const read = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** A real preview that record.ts has recorded, as it was: with secrets. */
export function recorded(name: string) {
  const lines = read(`${name}.jsonl`)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EngineEvent & { readonly registration?: Registration });
  return {
    events: lines.filter(({ registration }) => registration === undefined),
    registrations: lines.flatMap(({ registration }) => registration ?? []),
  };
}

/** What `make report` writes of a recorded preview. */
export function reportOf(name: string, options: Partial<ReportOptions> = {}): string {
  const { events, registrations } = recorded(name);
  const leaks = leaksIn(events, registrations, mask);
  return renderReport(mask.data(events), { stack: "dev", leaks, ...options });
}

/** Resources that are created, as the engine tells of them. */
export function created(type: string, names: readonly string[]): EngineEvent[] {
  return names.map((name, sequence) => {
    const urn = `urn:pulumi:dev::groundwork::${type}::${name}`;
    const after = { type, urn, custom: true, id: "", parent: "", inputs: {}, outputs: {} };
    const metadata = { op: "create", urn, type, new: after, provider: "" };
    return { sequence, timestamp: 0, resourcePreEvent: { metadata } } as unknown as EngineEvent;
  });
}

/** Something that the engine, a provider or the program says. */
export function diagnostic(severity: string, message: string): EngineEvent {
  return {
    sequence: 0,
    timestamp: 0,
    diagnosticEvent: { severity, message, color: "never" },
  } as EngineEvent;
}
