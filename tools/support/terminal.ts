// What is printed for people: lines, and on a terminal one line below them that changes in place.

/** The text that changes in place; undefined while there is none. */
let shown: string | undefined;

/** Whether a line can be changed in place: not in CI, in a pipe, or on a terminal without codes. */
export function changesInPlace(
  { isTTY }: { readonly isTTY?: boolean } = process.stdout,
  { CI, TERM }: NodeJS.ProcessEnv = process.env,
): boolean {
  return isTTY === true && TERM !== "dumb" && (CI === undefined || CI === "" || CI === "false");
}

/** Prints a line, above the one that changes in place. */
export function print(line: string): void {
  const below = shown;
  progress(undefined);
  console.log(line);
  progress(below);
}

/** Prints a text in lines that fit the terminal; those after the first are indented. */
export function printWrapped(text: string, indent = "    ", width = columns()): void {
  for (const line of wrapped(text, width, indent)) print(line);
}

/** Shows a text in place of the former one, or none. Does nothing where lines can't change. */
export function progress(text: string | undefined): void {
  if (text === shown || !changesInPlace()) return;
  shown = text;
  const clear = "\r\u001b[K";
  process.stdout.write(clear + (text === undefined ? "" : cut(text, columns() - 1)));
}

/** A text as lines of at most this width, broken at blanks; those after the first are indented. */
export function wrapped(text: string, width: number, indent = ""): string[] {
  // Blanks belong to the word after them, so that columns stay.
  const [first = "", ...words] = text.match(/ *[^ ]+/g) ?? [];
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)}${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(`${indent}${word.trimStart()}`);
  }
  return lines;
}

/** A text cut to a width, which shows that it was. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

/** How wide the terminal is; in CI no line is broken. */
export function columns(): number {
  return process.stdout.columns ?? Number.POSITIVE_INFINITY;
}
