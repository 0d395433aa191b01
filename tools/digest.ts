import type { EngineEvent } from "@pulumi/pulumi/automation";
import { duration } from "./support/steps";

/** What is said of a step when it has ended; of others nothing is. */
const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  "create-replacement": "replaced",
  import: "imported",
};

/** The counts in the engine's summary, in the order in which they are shown. */
const COUNTED = { create: "created", update: "updated", replace: "replaced", delete: "deleted" };

/** Makes lines for people of what the engine says of an update. */
export class Digest {
  /** Whether an error was among it. */
  hasError = false;
  /** `2 updated, 53 unchanged`; undefined until the update has ended. */
  summary: string | undefined;
  private readonly underWay = new Map<string, number>();
  private done = 0;

  /** The lines that an event is worth. */
  lines({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, ...event }: EngineEvent): string[] {
    const { diagnosticEvent, summaryEvent } = event;
    if (resourcePreEvent !== undefined) {
      const { op, urn } = resourcePreEvent.metadata;
      if (DONE[op] !== undefined) this.underWay.set(urn, Date.now());
      return [];
    }
    if (resOutputsEvent !== undefined) {
      const { op, urn } = resOutputsEvent.metadata;
      return this.ended(urn, DONE[op]);
    }
    if (resOpFailedEvent !== undefined) return this.ended(resOpFailedEvent.metadata.urn, "FAILED");
    if (diagnosticEvent !== undefined) return this.diagnostic(diagnosticEvent);
    if (summaryEvent !== undefined) this.summary = counted(summaryEvent.resourceChanges);
    return [];
  }

  /** The step that has begun last: the stack and its components are under way all the time. */
  get now(): string {
    const last = [...this.underWay].at(-1);
    if (last === undefined) return `${this.done} done`;
    const [urn, began] = last;
    const more = this.underWay.size > 1 ? ` and ${this.underWay.size - 1} more` : "";
    return `${this.done} done, ${label(urn)} for ${duration(Date.now() - began)}${more}`;
  }

  private ended(urn: string, word: string | undefined): string[] {
    const began = this.underWay.get(urn);
    this.underWay.delete(urn);
    if (word === undefined) return [];
    this.done++;
    const took = began === undefined ? 0 : Date.now() - began;
    return [`${word.padEnd(8)} ${label(urn)}${took < 1000 ? "" : ` (${duration(took)})`}`];
  }

  private diagnostic(event: NonNullable<EngineEvent["diagnosticEvent"]>): string[] {
    const { severity, message, urn, ephemeral } = event;
    if ((severity as string) === "debug" || ephemeral === true) return [];
    if (severity === "error") this.hasError = true;
    const text = message.trim();
    if (text === "") return [];
    const isRoot = urn === undefined || urn.includes("::pulumi:pulumi:Stack::");
    const about = `${severity.startsWith("info") ? "" : `${severity}: `}${isRoot ? "" : `${label(urn)}: `}`;
    return `${about}${text}`.split("\n");
  }
}

/** A resource as people call it: `aws:sqs:Queue orders`. */
export function label(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  const short = type.replace(/\/(\w+):(\w+)$/, (whole, file: string, kind: string) =>
    file.toLowerCase() === kind.toLowerCase() ? `:${kind}` : whole,
  );
  return `${short} ${name.join("::")}`;
}

/** The counts of a summary in words; they are those of the state, stack and providers included. */
export function counted(changes: Readonly<Record<string, number>>): string {
  const counts = Object.entries(COUNTED)
    .filter(([op]) => (changes[op] ?? 0) > 0)
    .map(([op, word]) => `${changes[op]} ${word}`);
  const same = changes["same"] ?? 0;
  return [...counts, ...(same > 0 ? [`${same} unchanged`] : [])].join(", ") || "no resources";
}
