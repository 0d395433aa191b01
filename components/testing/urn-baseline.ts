import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { distance } from "fastest-levenshtein";
import { inheritedUrn } from "./aliases";
import type { RecordedResource, Recording } from "./recording";
import { parentOf, partsOf } from "./urns";

/** The variable that has the file written; see {@link checkUrns}. */
const variable = "URN_BASELINE";

const header = `# The URNs that are deployed. What no longer has its URN, nor an alias to it, is deleted and made
# again by the next update. Tests hold this file against the program: see checkUrns.
`;

/**
 * Holds the URNs of a recording against a file with those that are deployed. A resource whose URN
 * is in the file, and that neither has it any more nor an alias to it, would be deleted by the next
 * update, with what it holds, and made again.
 *
 * The file is written only when the environment variable `URN_BASELINE` says so: `add` adds the
 * URNs of new resources, and fails like ever when others are gone; `rewrite` leaves those out.
 *
 * @param file path of a text file with one URN a line
 * @throws {Error} with every URN that is gone, the new one that is nearest to it and the alias that
 * would keep it; and with those that are new, since nobody guards what is not in the file
 * @throws {Error} when the file is to be written where the variable `CI` is set, or is missing
 *
 * @example
 * test("no resource of prod loses its URN", async () => {
 *   checkUrns(await record(deploy, { stack: "prod" }), "test/urns/prod.txt");
 * });
 *
 * @see https://www.pulumi.com/docs/iac/concepts/options/aliases/
 */
export function checkUrns(recording: Recording, file: string): void {
  const mode = process.env[variable];
  if (mode !== undefined && !["add", "rewrite"].includes(mode)) {
    throw new Error(`${variable} is "${mode}": give add or rewrite`);
  }
  if (mode !== undefined && process.env["CI"]) {
    throw new Error(`${file} is not written in CI: run with ${variable}=${mode} where you commit`);
  }
  // What is only read is not the stack's own, and nothing happens to it.
  const own = recording.resources.filter(({ external }) => !external);
  const baseline = read(file);
  if (baseline === undefined && mode === undefined) {
    throw new Error(
      `${file} does not exist. Write it with the URNs of now: run again with ${variable}=add`,
    );
  }
  const { losses, additions } = compare(own, baseline ?? []);
  const problems: string[] = [];
  if (losses.length > 0 && mode !== "rewrite") {
    problems.push(
      `URNs of ${file} are gone: an update would delete the resources, with what they hold:\n` +
        `${losses.join("\n")}\n` +
        `If they are to go, or no stack has them any more: run again with ${variable}=rewrite`,
    );
  }
  if (additions.length > 0 && mode === undefined) {
    problems.push(
      `${file} lacks new resources, so that nobody would notice when they lose their URN:\n` +
        `${additions.map((urn) => `  - ${urn}`).join("\n")}\n` +
        `Add them: run again with ${variable}=add`,
    );
  }
  if (problems.length > 0) throw new Error(problems.join("\n\n"));
  if (mode !== undefined) {
    // What an alias leads from stays: stacks that were not updated since still have it.
    const known = urnsOf(own);
    const kept = (baseline ?? []).filter((urn) => known.has(urn));
    write(file, [...kept, ...own.map(({ urn }) => urn)]);
  }
}

function read(file: string): readonly string[] | undefined {
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function write(file: string, urns: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${header}${[...new Set(urns)].sort().join("\n")}\n`);
}

/** The URNs that resources have, and those that they had. */
function urnsOf(resources: readonly RecordedResource[]): ReadonlySet<string> {
  return new Set(resources.flatMap(({ urn, aliases }) => [urn, ...aliases]));
}

/** What is gone, each with what to do about it, and which URNs nothing guards. */
function compare(resources: readonly RecordedResource[], baseline: readonly string[]) {
  const known = urnsOf(resources);
  const lost = new Set(baseline.filter((urn) => !known.has(urn)));
  const added = new Map(
    resources
      .filter(({ urn, aliases }) => ![urn, ...aliases].some((each) => baseline.includes(each)))
      .map((each) => [each.urn, each]),
  );
  const losses: string[] = [];
  // Parents first: the alias of a parent brings those of its children with it.
  for (const urn of [...lost].sort((a, b) => depthOf(a) - depthOf(b))) {
    if (!lost.has(urn)) continue;
    const candidate = nearest(urn, [...added.values()]);
    if (candidate === undefined) {
      losses.push(`  - ${urn}\n    Nothing new is like it.`);
      continue;
    }
    const inherited = inheritedUrns(resources, candidate.urn, urn);
    const along = [...inherited.values()].filter((each) => each !== urn && lost.has(each)).length;
    losses.push(
      `  - ${urn}\n    New, and nearest to it, is ${candidate.urn}\n` +
        `    If that is the same resource, give it the option aliases: [${alias(urn, candidate.urn)}]` +
        (along === 0 ? "" : `\n    That keeps ${along} below it as well.`),
    );
    for (const [now, before] of inherited) {
      if (lost.delete(before)) added.delete(now);
    }
  }
  return { losses, additions: [...added.keys()] };
}

const depthOf = (urn: string) => partsOf(urn).chain.split("$").length;

/** What a resource and those below it were called before, if it gets this alias. */
function inheritedUrns(
  resources: readonly RecordedResource[],
  urn: string,
  alias: string,
): ReadonlyMap<string, string> {
  const before = new Map([[urn, alias]]);
  for (const each of resources) {
    const parent = parentOf(each.urn, each.parent);
    const parentAlias = before.get(parent ?? "");
    if (parent === undefined || parentAlias === undefined) continue;
    before.set(each.urn, inheritedUrn(each.urn, partsOf(parent).name, parentAlias));
  }
  return before;
}

/** The resource that is most likely the one that had a URN; undefined when none is like it. */
function nearest(
  urn: string,
  candidates: readonly RecordedResource[],
): RecordedResource | undefined {
  const lost = partsOf(urn);
  const [best] = candidates
    .map((candidate) => {
      const { type, outer, name } = partsOf(candidate.urn);
      const same = [type === lost.type, name === lost.name, outer === lost.outer];
      const likely = type === lost.type || (name === lost.name && alike(type, lost.type));
      return {
        candidate,
        likely,
        rank: same.filter(Boolean).length,
        far: distance(name, lost.name),
      };
    })
    .filter(({ likely }) => likely)
    .sort((a, b) => b.rank - a.rank || a.far - b.far);
  return best?.candidate;
}

/** Whether two types may be one that was renamed or moved: they share the service or the name. */
function alike(one: string, other: string): boolean {
  const service = (type: string) => type.split(/[/:]/).slice(0, 2).join(":");
  const name = (type: string) => type.split(":").at(-1);
  return service(one) === service(other) || name(one) === name(other);
}

/** The alias that says that a resource had a URN before, as it is written in a program. */
function alias(urn: string, now: string): string {
  const [old, present] = [partsOf(urn), partsOf(now)];
  if (old.outer !== present.outer && old.outer !== "") {
    // Any other way names the old parent, of which a URN keeps the type alone.
    return `\`urn:pulumi:\${pulumi.getStack()}::\${pulumi.getProject()}::${old.chain}::${old.name}\``;
  }
  const differences = [
    old.name !== present.name && `name: ${JSON.stringify(old.name)}`,
    old.type !== present.type && `type: ${JSON.stringify(old.type)}`,
    old.outer !== present.outer && "parent: pulumi.rootStackResource",
  ].filter((each) => each !== false);
  return `{ ${differences.join(", ")} }`;
}
