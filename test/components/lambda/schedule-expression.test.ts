import { scheduleExpression } from "../../../components/lambda/schedule-expression";

const form = "cron(minutes hours day-of-month month day-of-week year), like cron(30 2 * * ? *)";
const kinds = `give ${form}, rate(5 minutes) or at(2030-01-31T08:00:00)`;
const give = (name: string, part: string, range: string, sunday = "") =>
  `the ${name} is "${part}": give *, a value or a range from ${range}${sunday}, with a step like /5 behind it`;
const oneDay = "give ? for the day of month or for the day of week, and only for one of them";
const rates = "give a whole number and minutes, hours or days: rate(1 hour), rate(5 minutes)";
const times = "give a time that exists, like at(2030-01-31T08:00:00), and its zone in timeZone";

describe("a schedule's expression", () => {
  test.each([
    "cron(30 2 * * ? *)",
    "cron(0 6 ? * MON-FRI *)",
    "cron(0/15 8-18 ? jan,JUL 2-6 2026-2199)",
    "cron(0 0 L * ? *)",
    "cron(0 0 LW * ? *)",
    "cron(0 0 15W * ? *)",
    "cron(0 0 ? * 6L *)",
    "cron(0 0 ? * TUE#2 *)",
    "cron( 0,30 0,12 1,15 */3 ?  2030 )",
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(1 hour)",
    "rate(30 days)",
    "at(2030-01-31T08:00:00)",
    "at(2028-02-29T23:59:59)",
  ])("takes %s", (text) => {
    expect(scheduleExpression(text)).toBeUndefined();
  });

  test.each<[string, string]>([
    ["30 2 * * *", kinds],
    ["Cron(30 2 * * ? *)", kinds],
    ["", kinds],
    [5 as never, kinds],
    ["cron(30 2 * * *)", `give six fields: ${form}`],
    ["cron(60 * * * ? *)", give("minute", "60", "0 to 59")],
    ["cron(? * * * ? *)", give("minute", "?", "0 to 59")],
    ["cron(* 24 * * ? *)", give("hour", "24", "0 to 23")],
    ["cron(* * 0 * ? *)", give("day of month", "0", "1 to 31")],
    ["cron(* * 32W * ? *)", give("day of month", "32W", "1 to 31")],
    ["cron(* * * 13 ? *)", give("month", "13", "1 to 12")],
    ["cron(* * ? * 0 *)", give("day of week", "0", "1 to 7", ", 1 is Sunday")],
    ["cron(* * ? * MON#6 *)", give("day of week", "MON#6", "1 to 7", ", 1 is Sunday")],
    ["cron(* * * * ? 1969)", give("year", "1969", "1970 to 2199")],
    ["cron(30-10 * * * ? *)", give("minute", "30-10", "0 to 59")],
    ["cron(*/0 * * * ? *)", give("minute", "*/0", "0 to 59")],
    ["cron(1,,2 * * * ? *)", give("minute", "", "0 to 59")],
    ["cron(* * * * * *)", oneDay],
    ["cron(* * 1 * MON *)", oneDay],
    ["cron(* * ? * ? *)", oneDay],
    ["rate(0 minutes)", rates],
    ["rate(1 minutes)", rates],
    ["rate(2 hour)", rates],
    ["rate(1.5 hours)", rates],
    ["rate(10 seconds)", rates],
    ["at(2030-02-30T08:00:00)", times],
    ["at(2030-01-31)", times],
    ["at(2030-01-31T08:00:00Z)", times],
    ["at(2030-13-01T08:00:00)", times],
  ])("fails when it is %s", (text, problem) => {
    expect(scheduleExpression(text)).toBe(problem);
  });
});
