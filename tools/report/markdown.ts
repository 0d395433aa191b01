/**
 * Text of others as Markdown for GitHub: nothing in it may format, link, call for a person or an
 * issue, or pass for the report's own words.
 */

/** A value as code on one line, which GitHub shows as it is. */
export function code(value: string): string {
  const text = onOneLine(value) || '""';
  const fence = "`".repeat(longestRun(text) + 1);
  const gap = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${gap}${text}${gap}${fence}`;
}

/** A sentence on one line. */
export function prose(sentence: string): string {
  return apart(onOneLine(sentence).replace(/[\\`*_[\]<>~&!]/g, "\\$&"));
}

/** Text within an HTML element. */
export function html(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return apart(onOneLine(text).replace(/[&<>]/g, (sign) => entities[sign] ?? sign));
}

/** Lines as they are, in a box. */
export function block(lines: readonly string[]): readonly string[] {
  const shown = lines.flatMap((line) => line.split("\n")).map(visible);
  const fence = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return [fence, ...shown, fence];
}

/** A row of a table. */
export function row(...cells: readonly string[]): string {
  // A backslash before it would undo the one that keeps it from ending the cell.
  return `| ${cells.map((cell) => cell.replace(/\\\|/g, "\\ |").replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The rows that begin a table. */
export function tableHead(...titles: readonly string[]): readonly string[] {
  return [row(...titles), row(...titles.map(() => "-"))];
}

/** No longer than `most` characters. */
export function clip(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}

const onOneLine = (text: string) => visible(text.trim().replace(/\r?\n/g, "⏎"));

/** Without what is not seen or turns the direction of writing, and without a marker's beginning. */
const visible = (line: string) =>
  line
    .replaceAll("\t", "  ")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`)
    .replaceAll("<!--", "<! --");

/** `@name` and `#1` with a space of no width in them: an escape alone would still call. */
const apart = (text: string) => text.replace(/((?<!\w)@|#)(?=\w)/g, "$&&#8203;");

const longestRun = (text: string) =>
  Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
