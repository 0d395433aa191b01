import type { Rule } from "../rules";

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
const macros = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What may stand for the numbers, the first of them for `min`. */
  readonly names?: readonly string[];
}

const minute: Field = { name: "minute", min: 0, max: 59 };
const hour: Field = { name: "hour", min: 0, max: 23 };
const dayOfMonth: Field = { name: "day of month", min: 1, max: 31 };
const month: Field = {
  name: "month",
  min: 1,
  max: 12,
  names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const dayOfWeek: Field = {
  name: "day of week",
  min: 0,
  max: 6,
  names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};
const fields = [minute, hour, dayOfMonth, month, dayOfWeek];
/** How many days each month has at most. */
const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * A schedule as the CronJob controller reads it: what it refuses is refused, with the reason; so is
 * a day that never comes.
 */
export const schedule: Rule<string> = (text) => {
  const form = 'minute, hour, day of month, month and day of week, like "30 2 * * *"';
  if (typeof text !== "string") return `give ${form}`;
  if (macros.includes(text)) return undefined;
  if (text.startsWith("@")) return `give one of ${macros.join(", ")}, or ${form}`;
  if (/^(CRON_)?TZ=/.test(text)) return "leave the time zone out of it, and give it in timeZone";
  const given = text.trim().split(/\s+/);
  if (given.length !== fields.length) return `give five fields: ${form}`;
  const parsed = fields.map((field, i) => parseField(field, given[i] as string));
  const wrong = parsed.find((each) => typeof each === "string");
  // A day of the week beside it counts as well: then either of them is enough.
  if (wrong !== undefined || !/^[*?]$/.test(given[4] as string)) return wrong;
  return never(parsed[2] as number[], parsed[3] as number[]);
};

/** The values that a field means, or what is wrong with it. */
function parseField(field: Field, text: string): number[] | string {
  const { name, min, max } = field;
  const values: number[] = [];
  for (const part of text.split(",")) {
    const match = /^(?:[*?]|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    const [, low, high, step] = match ?? [];
    const from = low === undefined ? min : numberOf(field, low);
    // "5/10" goes on to the end of the range, "5" does not.
    const alone = low === undefined || step !== undefined ? max : from;
    const to = high === undefined ? alone : numberOf(field, high);
    const fits = from >= min && to <= max && from <= to && step !== "0";
    if (match === null || !fits) {
      const sunday = field === dayOfWeek ? ", 0 is Sunday" : "";
      return `the ${name} is ${JSON.stringify(part)}: give *, a value or a range from ${min} to ${max}${sunday}, with a step like /5 behind it`;
    }
    for (let value = from; value <= to; value += Number(step ?? 1)) values.push(value);
  }
  return values;
}

/** A number, or one by its name; NaN for what is neither. */
function numberOf({ min, names = [] }: Field, text: string): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return min + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Such as the 30th of February. */
function never(days: readonly number[], months: readonly number[]): string | undefined {
  const [day, longest] = [
    Math.min(...days),
    Math.max(...months.map((each) => lengths[each - 1] as number)),
  ];
  if (day <= longest) return undefined;
  return `the day of month is ${day}, which no such month has: it would never run`;
}
