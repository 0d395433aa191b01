import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { PendingOperation } from "./cut-off";

/** What the engine's events say of an update, beyond its exit code. */
export interface UpdateOutcome {
  /**
   * Operations of which the engine has lost sight, and which may have been carried out: the plugin
   * died, or gave up, in the middle of them. The state does not have them.
   */
  readonly inDoubt: readonly PendingOperation[];
  /** The resources that the state has and that are gone: someone has deleted them. */
  readonly gone: readonly string[];
}

/** The engine's step, as the state calls an operation that is under way. */
const DOING: Readonly<Record<string, PendingOperation["type"]>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
};

/** How plugins and the connection to them say that an operation was broken off. */
const BROKEN_OFF =
  /code = (Unavailable|Canceled|DeadlineExceeded)|context canceled|reading from server|transport is closing|connection (refused|reset)|\bEOF\b/;

/** How AWS, Kubernetes and their plugins say that something isn't there. */
const NOT_THERE =
  /not[ -]?found|no ?such|non-?exist|(does|do) ?n[o']t exist|no longer exists|\b404\b|was deleted/i;

/** Reads an update's events. Its own may be cut short, since the engine was killed. */
export function outcomeOf(events: readonly EngineEvent[]): UpdateOutcome {
  const open = new Map<string, PendingOperation>();
  const failed = new Map<string, PendingOperation>();
  const gone = new Set<string>();
  for (const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } of events) {
    const begun = resourcePreEvent?.metadata;
    const ended = (resOutputsEvent ?? resOpFailedEvent)?.metadata;
    const operation = begun && asOperation(begun);
    if (begun && operation) open.set(keyOf(begun), operation);
    if (ended !== undefined) {
      const was = open.get(keyOf(ended));
      open.delete(keyOf(ended));
      if (resOpFailedEvent !== undefined && was !== undefined) failed.set(ended.urn, was);
    }
    const { severity, urn = "", message = "" } = diagnosticEvent ?? {};
    if (severity === "error" && urn !== "" && NOT_THERE.test(message)) gone.add(urn);
  }
  // What is said of a failure may come before it or after.
  const brokenOff = events.flatMap(({ diagnosticEvent }) => {
    const { severity, urn = "", message = "" } = diagnosticEvent ?? {};
    return severity === "error" && BROKEN_OFF.test(message) ? (failed.get(urn) ?? []) : [];
  });
  return { inDoubt: [...new Set([...open.values(), ...brokenOff])], gone: [...gone] };
}

function asOperation(step: StepEventMetadata): PendingOperation | undefined {
  const type = DOING[step.op];
  const state = step.new ?? step.old;
  if (type === undefined || state?.custom !== true) return undefined;
  const { urn, inputs, id } = state;
  return { type, resource: { type: step.type, urn, inputs, ...(id && { id }) } };
}

const keyOf = ({ op, urn }: StepEventMetadata) => `${op} ${urn}`;
