import { distance } from "fastest-levenshtein";

/**
 * Asks whether the nearest of some names was meant.
 * @returns undefined when none is near
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const meant = closest(name, known);
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

/** The name of some that is near enough to be the one that was meant; undefined when none is. */
export function closest(name: string, known: readonly string[]): string | undefined {
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
  return best !== undefined && best.far <= limit ? best.each : undefined;
}
