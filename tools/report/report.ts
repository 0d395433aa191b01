import type { EngineEvent } from "@pulumi/pulumi/automation";
import {
  type Change,
  type ChangedProperty,
  changesOf,
  type Operation,
  operations,
} from "./changes";

/** How {@link renderReport} writes a report. */
export interface ReportOptions {
  /** The stack's name. */
  readonly stack: string;
  /** Where the whole log of the preview is; `@default` not named */
  readonly logUrl?: string;
  /**
   * The most characters the report may have. GitHub refuses comments of more than 65536.
   * @default 60000
   * @see https://docs.github.com/en/rest/issues/comments
   */
  readonly maxLength?: number;
}

/** Stands in the first line of a stack's report, so that the comment can be found again. */
export function marker(stack: string): string {
  return `<!-- preview of ${stack} -->`;
}

/**
 * A preview as Markdown for a pull request: first what is deleted or replaced, then findings of
 * policies and errors, then everything by component. Secrets are never in it: the engine masks
 * their values, and of the diagnostics only warnings and errors are taken.
 */
export function renderReport(events: readonly EngineEvent[], options: ReportOptions): string {
  const changes = changesOf(events);
  const sections = [
    [marker(options.stack), `### Preview of \`${options.stack}\`: ${summary(changes)}`],
    dangers(changes),
    errors(events),
    policyFindings(events),
  ].filter((lines) => lines.length > 0);
  const footer = options.logUrl === undefined ? [] : [[`[The whole log](${options.logUrl})`]];
  const room = (options.maxLength ?? 60_000) - text([...sections, ...footer]).length;
  return text([...sections, ...components(changes, room), ...footer]);
}

const text = (sections: readonly (readonly string[])[]) =>
  sections.map((lines) => lines.join("\n")).join("\n\n");

const past: Readonly<Record<Operation, string>> = {
  delete: "deleted",
  replace: "replaced",
  update: "changed",
  create: "created",
};

function summary(changes: readonly Change[]): string {
  const counts = operations
    .map((operation) => ({ operation, n: count(changes, operation) }))
    .filter(({ n }) => n > 0)
    .map(({ operation, n }) => `${n} ${past[operation]}`);
  return counts.length === 0 ? "no changes" : counts.join(", ");
}

const count = (changes: readonly Change[], operation: Operation) =>
  changes.filter((change) => change.operation === operation).length;

/** What is deleted or replaced, what holds data first. */
function dangers(changes: readonly Change[]): readonly string[] {
  const lost = changes
    .filter(({ operation }) => operation === "delete" || operation === "replace")
    .sort((a, b) => Number(b.stateful) - Number(a.stateful));
  if (lost.length === 0) return [];
  const lines = lost.slice(0, 50).map((change) => {
    const why = change.properties.filter(({ forcesReplacement }) => forcesReplacement);
    return [
      `> - ${change.stateful ? "**HOLDS DATA** " : ""}${past[change.operation]}: ${label(change)}`,
      ...(why.length > 0 ? [` because of ${why.map(property).join(", ")}`] : []),
    ].join("");
  });
  const more = lost.length > 50 ? [`> - and ${lost.length - 50} more`] : [];
  return ["> [!CAUTION]", "> Deleted or replaced:", ...lines, ...more];
}

function errors(events: readonly EngineEvent[]): readonly string[] {
  const messages = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" || diagnosticEvent?.severity === "warning"
      ? [`${diagnosticEvent.severity}: ${plain(diagnosticEvent.message)}`]
      : [],
  );
  return messages.length === 0 ? [] : ["```", ...messages.slice(0, 20).map(clipped), "```"];
}

function policyFindings(events: readonly EngineEvent[]): readonly string[] {
  const findings = events.flatMap(({ policyEvent }) => (policyEvent ? [policyEvent] : []));
  if (findings.length === 0) return [];
  const rows = findings
    .sort((a, b) => a.enforcementLevel.localeCompare(b.enforcementLevel))
    .slice(0, 50)
    .map(({ enforcementLevel, policyName, resourceUrn, message }) =>
      row(
        enforcementLevel === "mandatory" ? "**mandatory**" : "advisory",
        policyName,
        resourceUrn?.split("::").at(-1) ?? "",
        clipped(plain(message)).replaceAll("\n", " ").replaceAll("<", "&lt;"),
      ),
    );
  return [
    "**Policies**",
    "",
    row("Level", "Policy", "Resource", "Finding"),
    row("-", "-", "-", "-"),
    ...rows,
  ];
}

/** A table for each component, as many as there is room for. */
function components(changes: readonly Change[], room: number): readonly (readonly string[])[] {
  const worstFirst = [...changes].sort(byOperation);
  const names = [...new Set(worstFirst.map(componentName))];
  const sections: (readonly string[])[] = [];
  let left = room - 200;
  let omitted = 0;
  for (const component of names) {
    const members = worstFirst.filter((change) => componentName(change) === component);
    const section = [
      `**${component}**: ${summary(members)}`,
      "",
      row("", "Resource", "Type", "Changes"),
      row("-", "-", "-", "-"),
      ...members.map((change) =>
        row(
          past[change.operation],
          `\`${change.name}\``,
          change.type.split(":").at(-1) ?? change.type,
          change.properties.map(property).join("<br>"),
        ),
      ),
    ];
    const length = section.join("\n").length + 2;
    if (length > left) omitted += members.length;
    else {
      sections.push(section);
      left -= length;
    }
  }
  return omitted === 0
    ? sections
    : [...sections, [`There was no room for ${omitted} more changes: see the whole log.`]];
}

const byOperation = (a: Change, b: Change) =>
  operations.indexOf(a.operation) - operations.indexOf(b.operation);

const componentName = ({ component }: Change) => component ?? "The stack itself";

const label = ({ component, name, type }: Change) =>
  `\`${name}\` (${type.split(":").at(-1)}${component === undefined ? "" : ` of ${component}`})`;

function property({ path, before, after }: ChangedProperty): string {
  if (before === undefined && after === undefined) return `\`${path}\``;
  return `\`${path}\`: ${before === undefined ? "?" : code(before)} → ${after === undefined ? "?" : code(after)}`;
}

const code = (value: string) => `\`${value.replaceAll("`", "'").replaceAll("\n", " ")}\``;

const row = (...cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Without the engine's marks for colours (`<{%fg 13%}>`), and without what ends a code block. */
const plain = (message: string) =>
  message
    .replace(/<\{%.*?%\}>/g, "")
    .replaceAll("```", '"')
    .trim();

const clipped = (message: string) =>
  message.length > 500 ? `${message.slice(0, 497)}...` : message;
