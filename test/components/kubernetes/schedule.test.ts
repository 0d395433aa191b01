import { schedule } from "../../../components/kubernetes/schedule";

const form = 'minute, hour, day of month, month and day of week, like "30 2 * * *"';
const give = (name: string, part: string, range: string, sunday = "") =>
  `the ${name} is "${part}": give *, a value or a range from ${range}${sunday}, with a step like /5 behind it`;

describe("a schedule", () => {
  test.each([
    "* * * * *",
    "30 2 * * *",
    "  0\t4 1 1 0 ",
    "*/15 9-17 * * mon-fri",
    "0,30 0,12 1,15 JAN-jun,12 SUN",
    "59 23 31 12 6",
    "5/10 ? * * ?",
    "0 0 29 2 *",
    "0 0 31 feb,mar *",
    // Either of the two days is enough: it runs on Mondays.
    "0 0 30 2 1",
    "0 0 30 2 0-6",
    "@hourly",
    "@daily",
    "@midnight",
    "@weekly",
    "@monthly",
    "@yearly",
    "@annually",
  ])("default takes %s", (text) => {
    expect(schedule(text)).toBeUndefined();
  });

  test.each([
    ["", `give five fields: ${form}`],
    ["* * * *", `give five fields: ${form}`],
    ["0 30 2 * * *", `give five fields: ${form}`],
    [
      "@every 1h",
      `give one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or ${form}`,
    ],
    [
      "@Daily",
      `give one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or ${form}`,
    ],
    ["TZ=UTC 0 0 * * *", "leave the time zone out of it, and give it in timeZone"],
    ["CRON_TZ=UTC 0 0 * * *", "leave the time zone out of it, and give it in timeZone"],
    ["60 * * * *", give("minute", "60", "0 to 59")],
    ["* 24 * * *", give("hour", "24", "0 to 23")],
    ["* * 0 * *", give("day of month", "0", "1 to 31")],
    ["* * 32 * *", give("day of month", "32", "1 to 31")],
    ["* * L * *", give("day of month", "L", "1 to 31")],
    ["* * * 13 *", give("month", "13", "1 to 12")],
    ["* * * january *", give("month", "january", "1 to 12")],
    ["* * * * 7", give("day of week", "7", "0 to 6", ", 0 is Sunday")],
    ["* * * * 1#2", give("day of week", "1#2", "0 to 6", ", 0 is Sunday")],
    ["30-10 * * * *", give("minute", "30-10", "0 to 59")],
    ["1-2-3 * * * *", give("minute", "1-2-3", "0 to 59")],
    ["*/0 * * * *", give("minute", "*/0", "0 to 59")],
    ["*/5/5 * * * *", give("minute", "*/5/5", "0 to 59")],
    ["*/-5 * * * *", give("minute", "*/-5", "0 to 59")],
    ["-5 * * * *", give("minute", "-5", "0 to 59")],
    ["1,,2 * * * *", give("minute", "", "0 to 59")],
    ["* * * mon *", give("month", "mon", "1 to 12")],
    ["0 0 30 2 *", "the day of month is 30, which no such month has: it would never run"],
    ["0 0 31 4,jun,9 ?", "the day of month is 31, which no such month has: it would never run"],
  ])("fails when it is %s", (text, problem) => {
    expect(schedule(text)).toBe(problem);
  });

  test("fails when it is no text", () => {
    expect(schedule(5 as never)).toBe(`give ${form}`);
  });
});
