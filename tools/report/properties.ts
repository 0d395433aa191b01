import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { isSecret } from "./masked";

/** One property of a resource that changes. */
export interface ChangedProperty {
  readonly path: string;
  /** Whether the resource is replaced because of it. */
  readonly forcesReplacement: boolean;
  readonly before: Side;
  readonly after: Side;
}

/** A property's value before or after a change: text to show, or why there is none. */
export type Side = { readonly text: string } | "not set" | "known later" | "secret";

/**
 * The properties that a step changes.
 * @param side what to compare: what the program gives, or what the provider says there is
 */
export function propertiesOf(
  step: StepEventMetadata,
  side: "inputs" | "outputs" = "inputs",
): readonly ChangedProperty[] {
  const detailed = step.detailedDiff ?? {};
  const paths = Object.keys(detailed).length > 0 ? Object.keys(detailed) : (step.diffs ?? []);
  const changed = paths
    // What begins so is the plugins' own book-keeping, and tagsAll what the provider makes of tags.
    .filter((path) => !path.startsWith("__") && !/^tagsAll\b/.test(path))
    .flatMap((path) => {
      // Some plugins mark the property itself, others name the input it belongs to.
      const forcesReplacement =
        String(detailed[path]?.diffKind).endsWith("replace") ||
        (step.keys ?? []).some((key) => key === path || key === path.split(/[.[]/)[0]);
      const before = valueAt(step.old?.[side], path);
      const after = valueAt(step.new?.[side], path);
      return differences(path, before, after).map((each) => ({ ...each, forcesReplacement }));
    });
  // What follows from the others, such as a function's version, is of interest only by itself.
  const given = changed.filter(({ before, after }) => before !== "not set" || after !== "not set");
  return given.length > 0 ? given : changed;
}

/** What differs between two values: in data and in JSON documents the parts that do. */
export function differences(
  path: string,
  before: unknown,
  after: unknown,
): readonly Omit<ChangedProperty, "forcesReplacement">[] {
  const [was, becomes] = [parsed(before), parsed(after)];
  if (isTree(was) && isTree(becomes) && Array.isArray(was) === Array.isArray(becomes)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(becomes)])];
    const changed = keys.filter((key) => JSON.stringify(was[key]) !== JSON.stringify(becomes[key]));
    const parts = changed.flatMap((key) =>
      differences(joined(path, key, Array.isArray(was)), was[key], becomes[key]),
    );
    if (parts.length > 0) return parts;
  }
  return [{ path, before: shown(before, after), after: shown(after, before) }];
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !isSecret(value);

function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function joined(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  return /^\w+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
}

/** The engine's word for a value that is known only after the update. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function shown(value: unknown, other: unknown): Side {
  if (value === undefined || value === null) return "not set";
  if (isSecret(value)) return "secret";
  if (value === unknownValue) return "known later";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { text: typeof other === "string" ? withoutCommonStart(text, other) : text };
}

/** Of long texts that begin alike, from shortly before they differ. */
function withoutCommonStart(text: string, other: string): string {
  let start = 0;
  while (start < text.length && text[start] === other[start]) start++;
  return start > 40 && text.length > 80 ? `…${text.slice(start - 20)}` : text;
}

/** The value at a path like `spec.template.spec.containers[0].image` or `data["a.b"]`. */
function valueAt(properties: unknown, path: string): unknown {
  const steps = path.match(/"(?:[^"\\]|\\.)*"|[^.[\]"]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => {
    if (isSecret(value)) return value;
    return typeof value === "object" && value !== null
      ? (value as Tree)[step.replace(/^"|"$/g, "")]
      : undefined;
  }, properties);
}
