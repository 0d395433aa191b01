import type { EngineEvent } from "@pulumi/pulumi/automation";
import { type ChangedProperty, differences } from "./properties";

/** The stack's outputs that change. */
export function changedOutputs(
  events: readonly EngineEvent[],
): readonly Omit<ChangedProperty, "forcesReplacement">[] {
  const steps = events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []);
  const stack = steps.filter(({ type }) => type === "pulumi:pulumi:Stack").at(-1);
  // When the stack is destroyed, its outputs go without saying.
  if (!stack?.new) return [];
  const before = stack.old?.outputs ?? {};
  const after = stack.new.outputs;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .flatMap((name) => differences(name, before[name], after[name]));
}
