import { type Recording, record } from "../../components/testing";
import { answerResource } from "../../components/testing/answers";
import { looksAt, type Rule, type StackResource } from "../../policy/rule";

/** How the policy SDK hands properties to a pack; its typings keep that to themselves. */
export const sdk: {
  unknownCheckingProxy(props: object): object;
  readonly unknownStringValue: string;
  readonly unknownObjectValue: string;
} = jest.requireActual("@pulumi/policy/proxy");

/** What a recording holds, as the rules see it once everything is known. */
export function resourcesOf(recording: Recording): readonly StackResource[] {
  return recording.resources.map(({ type, name, inputs }) => ({
    type,
    name,
    urn: `urn:pulumi:test::groundwork::${type}::${name}`,
    props: answerResource({ type, name, inputs }).state,
    sources: {},
  }));
}

/** The resources that a program makes. */
export async function made(program: () => unknown): Promise<readonly StackResource[]> {
  return resourcesOf(await record(() => void program()));
}

/** A resource that no component makes. */
export function resource(type: string, name: string, props: object): StackResource {
  return { type, name, urn: `urn:pulumi:test::groundwork::${type}::${name}`, props, sources: {} };
}

/** Everything that the rules find, each as `rule name: message`. */
export function findings(
  rules: readonly Rule[],
  resources: readonly StackResource[],
): readonly string[] {
  return resources.flatMap((each) =>
    rules
      .filter((rule) => looksAt(rule, each))
      .flatMap((rule) =>
        ("check" in rule ? rule.check(each) : rule.checkAmong(each, resources)).map(
          (message) => `${rule.name} ${each.name}: ${message}`,
        ),
      ),
  );
}

/** A property's path: keys with dots between them, or a list of keys. */
type Path = string | readonly (string | number)[];

/** The resources with one property of one of them changed; undefined takes it out. */
export function changed(
  resources: readonly StackResource[],
  [type, name]: readonly [type: string, name: string],
  path: Path,
  value: unknown,
): readonly StackResource[] {
  const keys = typeof path === "string" ? path.split(".") : path;
  let found = 0;
  const result = resources.map((each) => {
    if (each.type !== type || each.name !== name) return each;
    found++;
    return { ...each, props: set(each.props, keys, value) };
  });
  if (found !== 1) throw new Error(`${found} resources are ${type} ${name}`);
  return result;
}

/** The resources without one of them. */
export function without(
  resources: readonly StackResource[],
  type: string,
): readonly StackResource[] {
  const rest = resources.filter((each) => each.type !== type);
  if (rest.length !== resources.length - 1) throw new Error(`there is not one ${type}`);
  return rest;
}

function set(
  target: unknown,
  [key, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (key === undefined) return value;
  const copy: Record<string | number, unknown> = Object(
    Array.isArray(target) ? [...target] : { ...Object(target) },
  );
  const next = set(copy[key], rest, value);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}

/** The names of the rules of which there are findings. */
export function ruleNames(list: readonly string[]): readonly string[] {
  return [...new Set(list.map((finding) => finding.split(" ")[0] ?? ""))].sort();
}

/** A change that breaks rules, and everything that is found then. */
export type Break = readonly [
  what: string,
  change: (resources: readonly StackResource[]) => readonly StackResource[],
  ...found: string[],
];

/**
 * Tests a folder's rules: what the components make passes, each break is found with exactly its
 * messages, and every rule has a break.
 */
export function testRules(
  rules: readonly Rule[],
  program: () => unknown,
  breaks: readonly Break[],
): void {
  let resources: readonly StackResource[];
  beforeAll(async () => {
    resources = await made(program);
  });

  test("what the components make by default passes", () => {
    expect(findings(rules, resources)).toEqual([]);
  });

  for (const [what, change, ...found] of breaks) {
    test(`fails when ${what}`, () => {
      expect(findings(rules, change(resources))).toEqual(found);
    });
  }

  test("every rule has something that fails it", () => {
    const broken = breaks.flatMap(([, , ...found]) => found);
    expect(ruleNames(broken)).toEqual(rules.map(({ name }) => name).sort());
  });
}
