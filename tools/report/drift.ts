import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { type ChangedProperty, propertiesOf } from "./properties";

/** A resource that is no longer as the last update left it. */
export interface Drift {
  readonly urn: string;
  /** Whether it is there no more. */
  readonly gone: boolean;
  readonly properties: readonly ChangedProperty[];
}

/** What a refresh found to be changed by others. */
export function driftIn(events: readonly EngineEvent[]): readonly Drift[] {
  const asked = new Set<string>();
  const found = events.flatMap(({ resourcePreEvent, resOutputsEvent }): Drift[] => {
    if (resourcePreEvent?.metadata.op === "refresh") asked.add(resourcePreEvent.metadata.urn);
    const step = resOutputsEvent?.metadata;
    // The first answer after a refresh began is what it found.
    if (step === undefined || !asked.delete(step.urn)) return [];
    const gone = !step.new;
    return gone || differs(step)
      ? [{ urn: step.urn, gone, properties: gone ? [] : propertiesOf(step, "outputs") }]
      : [];
  });
  return found.sort((a, b) => a.urn.localeCompare(b.urn));
}

const differs = ({ detailedDiff, diffs }: StepEventMetadata) =>
  Object.keys(detailedDiff ?? {}).length > 0 || (diffs ?? []).length > 0;
