import * as pulumi from "@pulumi/pulumi";

/** Whether a value is known only later: an Output or a promise. */
export function isLater<T>(value: pulumi.Input<T>): value is pulumi.Output<T> | Promise<T> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** What sort of value it is, in words that show nothing of it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isLater(value)) return "known only later";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  const maker: unknown = typeof value === "object" ? value.constructor : undefined;
  if (typeof maker === "function" && maker !== Object) return `of the class ${maker.name}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value as it may stand in an error: no longer than a line, and nothing of what a class keeps. */
export function shown(value: unknown): string {
  const kind = kindOf(value);
  if (kind.startsWith("of the class")) return kind;
  const text = textOf(value) ?? kind;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** @returns undefined for what goes in circles, as components do */
function textOf(value: unknown): string | undefined {
  // JSON knows neither NaN nor Infinity.
  if (typeof value === "number") return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return undefined;
  }
}
