import { closest, nearest } from "../components/nearest";
import { environmentKind, environments } from "./environments";
import type { Key, Values } from "./key";
import { contradictions, keys } from "./keys";
import { project, remove, set, shown } from "./mending";
import { strayKey } from "./stray";

/** Where config comes from: the engine, or a file. */
export interface Source {
  /** Everything that is set by its full name, like `groundwork:replicas`. */
  readonly names: readonly string[];
  get(fullName: string): string | undefined;
  isSecret(fullName: string): boolean;
  /** Whether only the ciphertext is known. */
  isEncrypted?(fullName: string): boolean;
  /** What is wrong with how a value is written, whatever it says. */
  flaw?(fullName: string): string | undefined;
}

/** What a source's config comes to. */
interface Checked {
  /** The values of those keys with which nothing is wrong. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: string[];
}

/** Checks a stack's config against the keys, for the environment that the stack is. */
export function check(stack: string, source: Source): Checked {
  const values: Record<string, unknown> = {};
  const problems = environmentKind(stack) === undefined ? [unknownEnvironment(stack)] : [];
  for (const fullName of source.names) {
    const [prefix, name = ""] = fullName.split(/:(.*)/s);
    if (prefix !== project) {
      const stray = strayKey(stack, fullName);
      if (stray !== undefined) problems.push(stray);
    } else if (!Object.hasOwn(keys, name)) {
      problems.push(unknownKey(stack, name));
    }
  }
  for (const [name, key] of Object.entries<Key>(keys)) {
    const { value, problem } = checkKey(stack, name, key, source);
    if (problem === undefined) values[name] = value;
    else problems.push(problem);
  }
  for (const [name, wrong] of Object.entries(
    contradictions(values as Partial<Values<typeof keys>>),
  )) {
    problems.push(`${name} ${wrong}\n${set(stack, name, "...")}`);
  }
  return { values, problems };
}

function checkKey(
  stack: string,
  name: string,
  key: Key,
  source: Source,
): { readonly value?: unknown; readonly problem?: string } {
  const fullName = `${project}:${name}`;
  const mend = set(stack, name, key.secret ? undefined : "...");
  const inPlainText = {
    problem: `${name} is a secret and stands in plain text. Replace it, as it is known now:\n${mend}`,
  };
  const flaw = source.flaw?.(fullName);
  if (flaw !== undefined) return key.secret ? inPlainText : { problem: `${name} ${flaw}\n${mend}` };
  if (source.isEncrypted?.(fullName)) return {};

  const kind = environmentKind(stack);
  const given = source.get(fullName) ?? "";
  const example = set(stack, name, key.secret ? undefined : (key.example ?? "..."));
  if (given === "" && kind !== undefined && (key.required || key.requiredOn === kind.platform)) {
    return { problem: `${name} is missing. ${key.description}\n${example}` };
  }
  if (given !== "" && key.secret && !source.isSecret(fullName)) return inPlainText;
  const { value, complaint } = key.parse(given, kind?.production === true);
  if (complaint === undefined) return { value };
  // Whoever encrypts another key does not want to read it in a message either.
  if (source.isSecret(fullName)) {
    return { problem: `${name} does not fit: ${complaint}\n${mend}` };
  }
  if (given !== "") return { problem: `${name} is ${shown(given)}: ${complaint}\n${mend}` };
  const fallback = key.default === "" ? "not set" : `${key.default} by default`;
  return { problem: `${name} is ${fallback}: ${complaint}\n${example}` };
}

/** What is said of a stack that is no environment. */
export function unknownEnvironment(stack: string): string {
  const names = Object.keys(environments);
  const hint = nearest(stack, names) ?? `the environments are ${names.join(", ")}.`;
  return `"${stack}" is no environment: ${hint} To add it:\nmake new-environment NAME=${stack} FROM=...`;
}

function unknownKey(stack: string, name: string): string {
  const away = remove(stack, name);
  if (name === project) {
    return `${name} is no key: write a key behind it, like ${project}:replicas: 3\n${away}`;
  }
  const names = Object.keys(keys);
  const meant = closest(name, names);
  if (meant === undefined) return `${name} is no key: the keys are ${names.join(", ")}\n${away}`;
  const { secret } = keys[meant as keyof typeof keys] as Key;
  const instead = set(stack, meant, secret ? undefined : "...");
  return `${name} is no key: did you mean ${meant}?\n${instead}\n${away}`;
}
