import { distance } from "fastest-levenshtein";

/**
 * What to do about a name that is not among the known ones: the one that was meant, where that can
 * be seen, or else all of them.
 */
export function nearest(name: string, known: readonly string[]): string {
  const given = name.toLowerCase();
  const [best] = known
    .map((each) => ({ each, text: each.toLowerCase() }))
    .map(({ each, text }) => ({
      each,
      // A unit left out, or one too many: timeout for timeoutSeconds.
      far: text.startsWith(given) || given.startsWith(text) ? 1 : distance(text, given),
    }))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= 3
    ? `did you mean ${best.each}?`
    : `give only ${known.join(", ")}`;
}
