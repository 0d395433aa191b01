import type { EngineEvent } from "@pulumi/pulumi/automation";
import { type Change, changesOf, classOf, labelOf } from "./changes";
import { type Drift, driftIn } from "./drift";
import { diagnosticsIn, type Finding, findingsIn } from "./findings";
import { type Block, fitted } from "./fit";
import type { Leak } from "./leaks";
import { block, clip, code, prose, row, tableHead } from "./markdown";
import { changedOutputs } from "./outputs";
import { renames } from "./renames";
import { byDanger, componentTables, counts, past, property, shortList } from "./tables";

/** What a report is of: changes that an update would make, or that others have made. */
export type ReportKind = "Preview" | "Drift";

/** How {@link renderReport} writes a report. */
export interface ReportOptions {
  /** The stack's name. */
  readonly stack: string;
  /** What found the changes; `@default` "Preview" */
  readonly kind?: ReportKind;
  /** Secrets that the preview shows in plain text; `@default` none */
  readonly leaks?: readonly Leak[];
  /** What is known of a failure where the engine's events say nothing; `@default` there was none */
  readonly failure?: string;
  /** Where the whole log of the preview is; `@default` not named */
  readonly logUrl?: string;
  /**
   * The most characters the report may have. GitHub refuses comments of more than 65536.
   * @default 60000
   * @see https://docs.github.com/en/rest/issues/comments
   */
  readonly maxLength?: number;
}

/** Stands in the first line of a stack's report, so that the comment or issue is found again. */
export function marker(stack: string, kind: ReportKind = "Preview"): string {
  return `<!-- ${kind.toLowerCase()} of ${stack} -->`;
}

/**
 * A preview as Markdown for a pull request: first secrets in plain text, errors, and what is
 * deleted or replaced; then what policies find, and everything by component.
 *
 * @param events the engine's, with secrets masked as `preview` gives them
 */
export function renderReport(events: readonly EngineEvent[], options: ReportOptions): string {
  const changes = changesOf(events);
  const findings = findingsIn(events);
  const failed = options.failure !== undefined || hasError(events);
  return fitted(
    [
      title(options, changes, findings, failed),
      leaks(options.leaks ?? [], options.stack),
      failures(events, options.failure),
      dangers(changes),
      drift(driftIn(events)),
      policies(findings.filter(({ mandatory }) => mandatory)),
      policies(findings.filter(({ mandatory }) => !mandatory)),
      // What a program that failed would have given out, nobody knows.
      failed ? nothing : outputs(events),
      componentTables(changes),
      link(options.logUrl),
    ],
    options.maxLength ?? 60_000,
  );
}

const nothing: Block = { size: 0, lines: () => [] };

const hasError = (events: readonly EngineEvent[]) =>
  events.some(({ diagnosticEvent }) => diagnosticEvent?.severity === "error");

function title(
  { stack, kind = "Preview" }: ReportOptions,
  changes: readonly Change[],
  findings: readonly Finding[],
  failed: boolean,
): Block {
  const summary = counts(changes) || "no changes";
  const refusals = findings.filter(({ mandatory }) => mandatory).length;
  const refused = refusals === 0 ? "" : `refused by ${plural(refusals, "policy finding")}`;
  const lines = failed
    ? [
        `### ${kind} of \`${stack}\`: ${refused || "failed"}`,
        "",
        changes.length === 0
          ? "Nothing can be said of what it would change."
          : `Seen before it ended: ${summary}.`,
      ]
    : [`### ${kind} of \`${stack}\`: ${summary}`];
  return { size: 0, lines: () => [marker(stack, kind), ...lines] };
}

function leaks(found: readonly Leak[], stack: string): Block {
  if (found.length === 0) return nothing;
  const entries = found.map(({ keys, urn, place }) => {
    const what = keys.map(code).join(" or ");
    const where = urn === undefined ? "in what the program prints:" : `in ${resource(urn)}:`;
    return `> - ${what} ${where} ${code(clip(place, 200))}`;
  });
  const certain = found.filter(({ keys }) => keys.length === 1);
  const keys = new Set((certain.length > 0 ? certain : found).flatMap((leak) => leak.keys));
  const commands = [...keys].map((key) =>
    code(`pulumi config set --stack ${stack} --secret ${key}`),
  );
  return listed(
    ["> [!CAUTION]", "> **Secrets stand in plain text**, where others can read them:"],
    entries,
    (left) => `> - and at ${plural(left, "more place")}`,
    [
      "> ",
      "> Hand the secret on as the Output that it is, without `unsecret` and copies of its text. " +
        `If this was deployed, or the text committed, set another one: ${commands.join(", ")}`,
    ],
  );
}

function failures(events: readonly EngineEvent[], failure: string | undefined): Block {
  const said = diagnosticsIn(events);
  const messages = hasError(events) || failure === undefined ? said : [...said, failure];
  if (messages.length === 0) return nothing;
  const entries = messages.map((message) => clip(message, 3_000));
  return {
    size: entries.length,
    lines: (shown) => [
      ...block(entries.slice(0, shown)),
      ...(shown < entries.length ? [`and ${plural(entries.length - shown, "more message")}`] : []),
    ],
  };
}

/** What is deleted or replaced, what holds data first. */
function dangers(changes: readonly Change[]): Block {
  const lost = changes
    .filter(({ operation }) => operation === "delete" || operation === "replace")
    .sort((a, b) => Number(b.stateful) - Number(a.stateful) || byDanger(a, b));
  if (lost.length === 0) return nothing;
  const entries = lost.map((change) => {
    const why = change.properties.filter(({ forcesReplacement }) => forcesReplacement);
    return [
      `> - ${change.stateful ? "**HOLDS DATA** " : ""}`,
      `${change.protected ? "**PROTECTED**, so the engine refuses it: " : ""}`,
      `${past[change.operation]}: ${label(change)}`,
      ...(why.length > 0 ? [` because of ${shortList(why.map(property), 4).join(", ")}`] : []),
    ].join("");
  });
  const hints = renames(changes).map(
    ({ from, to }) =>
      `> - ${prose(to.class)} ${code(to.name)}: ${code(`{ aliases: [{ name: ${JSON.stringify(from.name)} }] }`)}`,
  );
  return listed(
    ["> [!CAUTION]", `> **${counts(lost)}:**`],
    entries,
    (left) => {
      const data = lost.slice(-left).filter(({ stateful }) => stateful).length;
      return `> - and ${left} more${data > 0 ? `, ${data} of which **HOLD DATA**` : ""}`;
    },
    hints.length === 0
      ? []
      : ["> ", "> If these only have a new name, an alias keeps what is there:", ...hints],
  );
}

function drift(found: readonly Drift[]): Block {
  if (found.length === 0) return nothing;
  const entries = found.map(({ urn, gone, properties }) =>
    gone
      ? `- ${resource(urn)} is gone`
      : `- ${resource(urn)}: ${shortList(properties.map(property), 6).join(", ")}`,
  );
  return listed(
    ["**Changed by others since the last update**", ""],
    entries,
    (left) => `- and ${left} more`,
  );
}

function policies(findings: readonly Finding[]): Block {
  const [first] = findings;
  if (first === undefined) return nothing;
  const rows = findings.map(({ policy, resources, message }) =>
    row(
      code(policy),
      shortList(
        resources.map((name) => code(clip(name, 100))),
        6,
      ).join("<br>"),
      prose(clip(message, 500)),
    ),
  );
  const number = plural(findings.length, "finding");
  const [head, tail] = first.mandatory
    ? [[`**Policies refuse the update: ${number}**`], []]
    : [[`<details><summary><b>Advice of policies</b>: ${number}</summary>`], ["", "</details>"]];
  return listed(
    [...head, "", ...tableHead("Policy", "Resources", "Finding")],
    rows,
    (left) => row("", "", `and ${left} more`),
    tail,
  );
}

function outputs(events: readonly EngineEvent[]): Block {
  const changed = changedOutputs(events);
  if (changed.length === 0) return nothing;
  return listed(
    ["**Outputs of the stack**", ""],
    changed.map((output) => `- ${property(output)}`),
    (left) => `- and ${left} more`,
  );
}

function link(url: string | undefined): Block {
  return { size: 0, lines: () => (url === undefined ? [] : [`[The whole log](${url})`]) };
}

/** Entries between lines that are always there. */
function listed(
  head: readonly string[],
  entries: readonly string[],
  more: (left: number) => string,
  tail: readonly string[] = [],
): Block {
  return {
    size: entries.length,
    lines: (shown) => [
      ...head,
      ...entries.slice(0, shown),
      ...(shown < entries.length ? [more(entries.length - shown)] : []),
      ...tail,
    ],
  };
}

const plural = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

const label = ({ component, name, type }: Change) =>
  `${code(name)} (${prose(classOf(type))}${component === undefined ? "" : ` of ${prose(component.class)} ${prose(component.name)}`})`;

/** A resource by its URN; the stack itself by its outputs. */
function resource(urn: string): string {
  const { class: type, name } = labelOf(urn);
  return type === "Stack" ? "the stack's outputs" : `${code(name)} (${prose(type)})`;
}
