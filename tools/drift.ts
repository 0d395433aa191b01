import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Forgotten } from "./platform/losses";
import { changesOf } from "./report/changes";
import { renderReport } from "./report/report";

/**
 * What a refresh found to be other than the stack's state says, as Markdown. What the program
 * says does not matter here, so a change that is not deployed yet is no drift.
 * @param forgotten what was taken out of the state, because the local platform has lost it
 * @returns the empty text when there is none
 */
export function renderDrift(
  events: readonly EngineEvent[],
  stack: string,
  forgotten: readonly Forgotten[] = [],
): string {
  const found = [...events.flatMap(asChange), ...forgotten.map(asDeletion)];
  if (changesOf(found).length === 0) return "";
  const [marker, heading, ...rest] = renderReport(found, { stack, kind: "Drift" }).split("\n");
  return [
    marker,
    heading,
    "",
    `What is there in \`${stack}\` is not what was deployed: someone or something changed it.`,
    "The values are those that were deployed, and those that are there now.",
    ...rest,
    "",
    `To take it back: \`make plan STACK=${stack}\`, then \`make deploy STACK=${stack}\`.`,
    "To keep it: put it into the program, and deploy that.",
    "",
  ].join("\n");
}

/**
 * The end of a refresh step, which says what came of it, in the form of a planned step. The values
 * that a refresh compares are the outputs.
 */
function asChange({ resOutputsEvent, ...event }: EngineEvent): EngineEvent[] {
  if (resOutputsEvent === undefined) return [];
  const { metadata } = resOutputsEvent;
  const compared = (state: StepEventMetadata["old"]) =>
    state && { ...state, inputs: state.outputs };
  return [
    {
      ...event,
      resourcePreEvent: {
        metadata: { ...metadata, old: compared(metadata.old), new: compared(metadata.new) },
      },
    },
  ];
}

/** What the state does not have any more, as if the refresh had found it to be gone. */
function asDeletion({ urn, type, parent = "" }: Forgotten): EngineEvent {
  const old = { urn, type, parent, custom: true, inputs: {}, outputs: {} };
  const metadata = { op: "delete", urn, type, provider: "", old };
  return { sequence: 0, timestamp: 0, resourcePreEvent: { metadata } } as unknown as EngineEvent;
}
