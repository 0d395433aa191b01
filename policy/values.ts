/**
 * Stands for a value that is known only when the update runs. No rule complains of it: the same
 * rules run again in the update, with the value, before the resource is made.
 */
export const later: unique symbol = Symbol("known later");

/**
 * A plain copy of a resource's properties, with {@link later} for what is not known yet.
 *
 * @param props as the policy SDK gives them: reading a property that is not known throws
 */
export function plain(props: unknown): unknown {
  if (Array.isArray(props)) return Array.from(props.keys(), (i) => read(props, i));
  if (typeof props !== "object" || props === null) return props;
  return Object.fromEntries(Object.keys(props).map((key) => [key, read(props, key)]));
}

function read(from: object, key: string | number): unknown {
  let value: unknown;
  try {
    value = (from as Record<string | number, unknown>)[key];
  } catch {
    return later;
  }
  return plain(value);
}

/** What stands at a path of keys: undefined when nothing does, {@link later} when it may. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, key) => {
    if (found === later) return later;
    return typeof found === "object" && found !== null
      ? (found as Record<string | number, unknown>)[key]
      : undefined;
  }, value);
}

/** Whether a value is one of those wanted, or may become one. */
export function isOrMayBe(value: unknown, ...wanted: readonly unknown[]): boolean {
  return value === later || wanted.includes(value);
}

/** Whether something is there that says something, or may come. */
export function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** The items of a list; of what is no list, or not known yet, none. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** One value or a list of them, as IAM writes what may be either, as a list of the known texts. */
export function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");
}

/** A value in a message: text in quotes, and words for what is missing. */
export function shown(value: unknown): string {
  if (!isThere(value)) return "not set";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** JSON text as what it says; {@link later} stays, and text that is no JSON is undefined. */
export function json(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const secretName = /(^|_)(KEY|PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?)(_|$)/;
const leadsToSecret = /_(ARN|ID|NAME|URL|PATH|FILE|ALIAS|VERSION)$/;

/** Whether a variable's name says that its value is a secret, and not where one is found. */
export function looksSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  return secretName.test(words) && !leadsToSecret.test(words);
}
