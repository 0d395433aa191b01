import { distance } from "fastest-levenshtein";

/**
 * Asks whether the nearest of some names was meant.
 * @returns undefined when none is near
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  const [best] = known
    .map((each) => ({ each, text: each.toLowerCase() }))
    .map(({ each, text }) => ({
      each,
      // A unit left out, or one too many: timeout for timeoutSeconds.
      far: text.startsWith(given) || given.startsWith(text) ? 1 : distance(text, given),
    }))
    .sort((a, b) => a.far - b.far);
  // Of a short name, three letters would be most of it.
  const limit = Math.min(3, given.length * 0.6);
  return best !== undefined && best.far <= limit ? `did you mean ${best.each}?` : undefined;
}
