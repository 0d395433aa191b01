import type { Rule } from "../rules";

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What may stand for the numbers, the first of them for `min`. */
  readonly names?: readonly string[];
  /** What else the field may be. */
  readonly also?: RegExp;
}

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31, also: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  {
    name: "day of week",
    min: 1,
    max: 7,
    names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    also: /^(\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/,
  },
  { name: "year", min: 1970, max: 2199 },
];

const cronForm = "cron(minutes hours day-of-month month day-of-week year), like cron(30 2 * * ? *)";

/**
 * When a schedule runs, as EventBridge Scheduler reads it. Its cron is not that of Unix: it has a
 * year, counts the days of the week from 1 for Sunday, and wants a `?` for one of the two days.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const scheduleExpression: Rule<string> = (text) => {
  const [, kind, inner = ""] = /^(cron|rate|at)\((.*)\)$/.exec(String(text)) ?? [];
  if (kind === "cron") return cron(inner);
  if (kind === "rate") return rate(inner);
  if (kind === "at") return at(inner);
  return `give ${cronForm}, rate(5 minutes) or at(2030-01-31T08:00:00)`;
};

function cron(text: string): string | undefined {
  const given = text.trim().split(/\s+/);
  if (given.length !== fields.length) return `give six fields: ${cronForm}`;
  const wrong = fields
    .map((field, i) => wrongField(field, given[i] as string))
    .find((each) => each !== undefined);
  if (wrong !== undefined) return wrong;
  if ((given[2] === "?") === (given[4] === "?")) {
    return "give ? for the day of month or for the day of week, and only for one of them";
  }
  return undefined;
}

/** What is wrong with a field: a list of values, ranges and steps. */
function wrongField(field: Field, text: string): string | undefined {
  if (field.also?.test(text)) return undefined;
  for (const part of text.split(",")) {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    const [, low, high, step] = match ?? [];
    const from = low === undefined ? field.min : numberOf(field, low);
    const to = high === undefined ? from : numberOf(field, high);
    if (match === null || from < field.min || to > field.max || !(from <= to) || step === "0") {
      const sunday = field.name === "day of week" ? ", 1 is Sunday" : "";
      return `the ${field.name} is ${JSON.stringify(part)}: give *, a value or a range from ${field.min} to ${field.max}${sunday}, with a step like /5 behind it`;
    }
  }
  return undefined;
}

/** A number, or one by its name; NaN for what is neither. */
function numberOf({ min, names = [] }: Field, text: string): number {
  const index = names.indexOf(text.toUpperCase());
  if (index >= 0) return min + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function rate(text: string): string | undefined {
  const [, value, plural] = /^([1-9]\d*) (?:minute|hour|day)(s?)$/.exec(text) ?? [];
  const fits = value !== undefined && (value === "1") === (plural === "");
  return fits
    ? undefined
    : "give a whole number and minutes, hours or days: rate(1 hour), rate(5 minutes)";
}

function at(text: string): string | undefined {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? new Date(`${text}Z`) : undefined;
  // Date takes the 30th of February for a day in March.
  const exists = time !== undefined && !Number.isNaN(time.getTime());
  return exists && time.toISOString().startsWith(text)
    ? undefined
    : "give a time that exists, like at(2030-01-31T08:00:00), and its zone in timeZone";
}
