import { partsOf, urnOf } from "./urns";

/**
 * Every URN that a resource had before: those of its own aliases, and those that follow from its
 * parent's.
 *
 * @param urn its present URN
 * @param ownAliases the URNs that its own `aliases` name
 * @param parentName its parent's present name
 * @param parentAliases every URN that its parent had before
 * @see https://www.pulumi.com/docs/iac/concepts/options/aliases/
 */
export function formerUrns(
  urn: string,
  ownAliases: readonly string[],
  parentName: string,
  parentAliases: readonly string[],
): readonly string[] {
  const inherited = parentAliases.flatMap((parentAlias) =>
    [urn, ...ownAliases].map((own) => inheritedUrn(own, parentName, parentAlias)),
  );
  return [...new Set([...ownAliases, ...inherited])];
}

/**
 * The URN of a child when its parent had another one. A child whose name begins with its parent's
 * then began with the parent's old name.
 */
export function inheritedUrn(urn: string, parentName: string, parentAlias: string): string {
  const { type, name } = partsOf(urn);
  const parent = partsOf(parentAlias);
  const renamed = name.startsWith(parentName) ? parent.name + name.slice(parentName.length) : name;
  return urnOf(parent.prefix, parentAlias, type, renamed);
}
