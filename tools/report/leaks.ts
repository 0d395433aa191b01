import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf } from "./changes";
import { isSecret, secretText } from "./masked";
import type { Registration } from "./registrations";
import type { Mask } from "./secrets";

/** A secret of the stack's config that stands where others can read it. */
export interface Leak {
  /** The config key; several where all that is known is that it is one of them. */
  readonly keys: readonly string[];
  /** The resource that it stands in; undefined in what the program prints. */
  readonly urn?: string;
  /** The property's path, or the line that is printed, masked. */
  readonly place: string;
}

/**
 * The secrets in plain text that a preview shows, each place once. The engine writes `[secret]` for
 * them in its events; which one it is, its calls tell.
 */
export function leaksIn(
  events: readonly EngineEvent[],
  registrations: readonly Registration[],
  mask: Mask,
): readonly Leak[] {
  const given = keysGiven(registrations, mask);
  const found = events
    .flatMap((event) => [...inResource(event, mask), ...inPrint(event, mask)])
    .map((leak) => ({
      ...leak,
      keys: given.get(placeOf(leak.urn ?? "", leak.place)) ?? leak.keys,
    }));
  const places = new Map(found.map((leak) => [placeOf(leak.urn ?? "", leak.place), leak]));
  return [...places].sort(([a], [b]) => a.localeCompare(b)).map(([, leak]) => leak);
}

const placeOf = (urn: string, path: string) => JSON.stringify([urn, path]);

/** The keys of the secrets that the engine was given in plain text, by their places. */
function keysGiven(registrations: readonly Registration[], mask: Mask) {
  return new Map(
    registrations.flatMap(({ urn, properties }) =>
      [...textsOf(properties, "")]
        .map(
          ({ path, text }) =>
            [placeOf(mask.text(urn), mask.text(path)), mask.keysIn(text)] as const,
        )
        .filter(([, keys]) => keys.length > 0),
    ),
  );
}

/** In a resource's inputs, or in the outputs of the stack and of components, which all may read. */
function inResource({ resourcePreEvent, resOutputsEvent }: EngineEvent, mask: Mask): Leak[] {
  const inputs = resourcePreEvent?.metadata;
  const outputs = resOutputsEvent?.metadata;
  if (inputs?.new) {
    const keys = keysIn(nameOf(inputs.urn), mask);
    const name = keys.length === 0 ? [] : [{ keys, urn: mask.text(inputs.urn), place: "its name" }];
    return [...name, ...inData(inputs.new.inputs, inputs.urn, mask)];
  }
  if (outputs?.new && outputs.new.custom !== true) {
    return inData(outputs.new.outputs, outputs.urn, mask);
  }
  return [];
}

function inData(properties: unknown, urn: string, mask: Mask): Leak[] {
  return [...textsOf(properties, "")].flatMap(({ path, text }) => {
    const keys = keysIn(text, mask);
    return keys.length === 0 ? [] : [{ keys, urn: mask.text(urn), place: mask.text(path) }];
  });
}

/** In what the program prints. The engine's own errors and debug lines are none of its doing. */
function inPrint({ diagnosticEvent }: EngineEvent, mask: Mask): Leak[] {
  const { severity, message = "" } = diagnosticEvent ?? {};
  if (severity !== "info" && severity !== "info#err") return [];
  const keys = keysIn(message, mask);
  return keys.length === 0 ? [] : [{ keys, place: mask.text(message).trim() }];
}

function keysIn(text: string, mask: Mask): readonly string[] {
  const keys = mask.keysIn(text);
  return keys.length === 0 && text.includes(secretText) ? mask.keys : keys;
}

/** The texts in plain data with their paths, keys included; what the engine encrypts left out. */
function* textsOf(value: unknown, path: string): Generator<{ path: string; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  if (typeof value !== "object" || value === null || isSecret(value)) return;
  for (const [key, each] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${key}]` : `${path}${path === "" ? "" : "."}${key}`;
    if (!Array.isArray(value)) yield { path: at, text: key };
    yield* textsOf(each, at);
  }
}
