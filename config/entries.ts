import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLParseError,
} from "yaml";
import { nearest } from "../components/nearest";
import { keys } from "./keys";
import { project } from "./mending";

/** What stands in a stack's file, by name. */
export type Entries = ReadonlyMap<string, Node | null>;

/** A stack's file, taken apart. */
export interface StackEntries {
  /** What stands at the top. */
  readonly top: Entries;
  /** What stands below `config`, by full name. */
  readonly config: Entries;
  /** What is wrong with how the file is laid out. */
  readonly problems: readonly string[];
}

/** What the engine reads at the top of a stack's file. */
const topLevel = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/**
 * Takes the text of a stack's file apart.
 * @throws {Error} for text that is no YAML, or holds no map; it never quotes a line, which may hold
 * a secret
 */
export function stackEntries(text: string): StackEntries {
  const conflict = text.split("\n").findIndex((line) => line.startsWith("<<<<<<< "));
  if (conflict >= 0) throw new Error(`There is a merge conflict at line ${conflict + 1}`);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(sayable(error));

  const problems: string[] = [];
  const entriesOf = (map: unknown, nameOf: (written: string) => string): Entries => {
    const found = new Map<string, Node | null>();
    const lines = new Map<string, number[]>();
    for (const { key, value } of isMap<Node, Node | null>(map) ? map.items : []) {
      const { line } = lineCounter.linePos(key.range?.[0] ?? 0);
      if (isEmptyKey(key)) {
        problems.push(`the key in line ${line} is empty: write a name, or remove the line`);
        continue;
      }
      const name = nameOf(String(key));
      found.set(name, isAlias(value) ? targetOf(value) : value);
      lines.set(name, [...(lines.get(name) ?? []), line]);
    }
    for (const [name, at] of lines) {
      if (at.length < 2) continue;
      const [last, ...others] = [...at].reverse();
      problems.push(
        `${name} is set in line ${others.reverse().join(", ")} and again in line ${last}: ` +
          "leave one of them",
      );
    }
    return found;
  };

  const targetOf = (alias: Alias): Node => {
    const target = alias.resolve(document);
    if (target !== undefined) return target;
    const { line } = lineCounter.linePos(alias.range?.[0] ?? 0);
    throw new Error(`What begins with * or & must be in quotes, at line ${line}`);
  };

  const top = entriesOf(document.contents, (name) => name);
  const config = top.get("config") ?? null;
  if (isNothing(document.contents) && isNothing(config)) {
    for (const name of [...top.keys()].filter((each) => !topLevel.includes(each))) {
      problems.push(misplaced(name));
    }
    // The engine takes a key without a prefix for one of the project's own.
    const fullName = (name: string) => (name.includes(":") ? name : `${project}:${name}`);
    return { top, config: entriesOf(config, fullName), problems };
  }
  throw new Error(
    "there is no map below config. Write a line for each key there, like groundwork:replicas: 3",
  );

  function isNothing(node: Node | null): boolean {
    return node === null || isMap(node) || (isScalar(node) && node.value === null);
  }
}

/** Whether a key says nothing, like `""`, `~` or `groundwork:`. */
function isEmptyKey(key: Node | null): boolean {
  if (!isScalar(key)) return key === null;
  return key.value === null || String(key.value).split(":").at(-1)?.trim() === "";
}

/** What the parser says, in words for who wrote the file. */
function sayable(error: YAMLParseError): string {
  const line = error.linePos?.[0].line;
  switch (error.code) {
    case "BAD_ALIAS":
      return `What begins with * or & must be in quotes, at line ${line}`;
    case "MULTIPLE_DOCS":
      return `There must be no second document (---), at line ${line}`;
    default:
      // What stands behind the first sentence quotes the line.
      return error.message.split(":\n\n")[0] ?? "";
  }
}

/** Whether an entry is encrypted. */
export function isSealed(node: Node | null | undefined): boolean {
  return isMap(node) && node.has("secure");
}

/** The text of an entry as the engine reads it; undefined when nothing is said. */
export function textOf(node: Node | null | undefined): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  // The engine takes numbers and truth values as they are written.
  return typeof node.value === "string" ? node.value : node.source;
}

/** What is wrong with how an entry of the config is written, whatever it says. */
export function flawOf(fullName: string, node: Node | null | undefined): string | undefined {
  if (isSeq(node)) return "is a list: give one value";
  if (isMap(node) && !isSealed(node)) return "is a map: give one value";
  if (!isScalar(node)) return undefined;
  const name = fullName.slice(project.length + 1);
  const type = Object.hasOwn(keys, name) ? keys[name as keyof typeof keys].type : undefined;
  const what = type === "string" ? otherThanText(node) : undefined;
  return what && `is ${node.source}, which is a ${what} in YAML: put it in quotes`;
}

/** What the engine takes a value for that is to be a text, and so writes in another way. */
function otherThanText({ value, source = "", type }: Scalar): "number" | "date" | undefined {
  if (typeof value === "number" && !/^\d+$/.test(source)) return "number";
  return type === "PLAIN" && /^\d{4}-\d\d?-\d\d?([Tt\s]|$)/.test(source) ? "date" : undefined;
}

/** What is said of a name at the top of the file that the engine does not read there. */
function misplaced(name: string): string {
  if (name.includes(":") || Object.hasOwn(keys, name)) {
    return `${name} stands beside config: move it below config`;
  }
  const hint = nearest(name, topLevel) ?? `what can stand there is ${topLevel.join(", ")}`;
  return `${name} stands at the top of the file, where nothing reads it: ${hint}`;
}
