/** A part of a report that can be shortened. */
export interface Block {
  /** How many entries it has. */
  readonly size: number;
  /** Its lines with the first so many entries, and a word on those that are left out. */
  lines(shown: number): readonly string[];
}

/**
 * The blocks as one text of no more than `most` characters. What comes first in the list is
 * shortened last; without any entries a block is still there, with the word on what is left out.
 */
export function fitted(blocks: readonly Block[], most: number): string {
  const shown = blocks.map(() => 0);
  const text = () =>
    blocks
      .map((each, index) => each.lines(shown[index] ?? 0).join("\n"))
      .filter((lines) => lines !== "")
      .join("\n\n");
  const fits = (index: number, entries: number) => {
    shown[index] = entries;
    return text().length <= most;
  };
  blocks.forEach(({ size }, index) => {
    if (fits(index, size)) return;
    let [fitting, tooMany] = [0, size];
    while (tooMany - fitting > 1) {
      const middle = Math.floor((fitting + tooMany) / 2);
      if (fits(index, middle)) fitting = middle;
      else tooMany = middle;
    }
    shown[index] = fitting;
  });
  return text();
}
