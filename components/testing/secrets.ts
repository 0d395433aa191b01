import * as pulumi from "@pulumi/pulumi";

/** The key by which the engine's protocol marks a wrapped value. */
const wrapped = "4dabf18193072939515e22adb298388d";

/** What stands in the protocol for a value that only the update will know. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value within what a program sends to the engine. */
interface Leaf {
  /** Where it stands, as in the engine's own output: `tags.hidden`, `rules[0].id`. */
  readonly path: string;
  readonly value: unknown;
  /** Whether it is the name of a property. */
  readonly isName: boolean;
  /** Whether it is, or is within, a secret: the engine encrypts it. */
  readonly secret: boolean;
}

/** A value of the engine's protocol in clear text. */
export function clear(value: unknown): unknown {
  if (value === unknownValue) return pulumi.unknown;
  if (isWrapped(value)) return clear(value.value);
  if (Array.isArray(value)) return value.map(clear);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clear(inner)]));
}

/** The inputs of a resource or function as the SDK reads them, in clear text. */
export function unwrap(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, isWrapped(value) ? value.value : value]),
  );
}

/** The paths of the secrets in a value of the engine's protocol, sorted by their names. */
export function secretPaths(value: unknown, path = ""): readonly string[] {
  if (isWrapped(value)) return [path];
  return entriesOf(value).flatMap(([key, inner]) => secretPaths(inner, join(path, key)));
}

/** Every plain value in a value of the engine's protocol, and every name of a property. */
export function leavesOf(value: unknown, path: string, secret = false): readonly Leaf[] {
  if (isWrapped(value)) return leavesOf(value.value, path, true);
  if (typeof value !== "object" || value === null) return [{ path, value, isName: false, secret }];
  return entriesOf(value).flatMap(([key, inner]) => [
    // The protocol's marks of assets and the like are keys as well, which say nothing.
    ...(typeof key === "string" && key !== wrapped
      ? [{ path: `${path} (name)`, value: key, isName: true, secret }]
      : []),
    ...leavesOf(inner, join(path, key), secret),
  ]);
}

function entriesOf(value: unknown): [key: string | number, value: unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function join(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** @see https://github.com/pulumi/pulumi/blob/master/sdk/proto/go/secrets.go */
function isWrapped(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && wrapped in value && "value" in value;
}
