import { marker, renderReport } from "../../../tools/report/report";
import { canaries } from "./canaries";
import { created, diagnostic, read, recorded, reportOf } from "./previews";

const url = "https://example.com/log";

describe("the report of a real preview", () => {
  test.each([
    ["mixed", "puts what is lost first, then everything by component"],
    ["sixty", "of many changes is folded, so that it takes little room in the conversation"],
    ["stateful", "says what forces a replacement, and what holds data"],
    ["protected", "says that the engine refuses to replace what is protected"],
    ["renamed", "says that an alias keeps what only has a new name"],
    ["leaked", "says which secret stands in plain text and where, and shows none"],
    ["refused", "says that the update would be refused, and why"],
    ["invalid", "has every problem of the arguments"],
    ["syntax", "has the compiler's errors"],
    ["hostile", "takes what others wrote for nothing but text"],
    ["outputs", "has the outputs of the stack that change"],
    ["destroyed", "of a stack that is destroyed lists what holds data first"],
    ["drift", "says what was changed by others, and what the update makes of it"],
  ])("%s: %s", (name) => {
    expect(`${reportOf(name, { logUrl: url })}\n`).toBe(read(`${name}.md`));
  });

  test("that leaks secrets holds none of them in any form", () => {
    const report = reportOf("leaked");
    for (const value of Object.values(canaries)) {
      expect(report).not.toContain(value);
      expect(report).not.toContain(Buffer.from(value).toString("base64").slice(4, -4));
      expect(report).not.toContain(Buffer.from(`user:${value}`).toString("base64").slice(8, -4));
    }
  });

  test("of an unchanged stack is one line", () => {
    expect(reportOf("none")).toBe("<!-- preview of dev -->\n### Preview of `dev`: no changes");
  });
});

test("a report begins with a marker by which the comment is found again", () => {
  expect(marker("prod")).toBe("<!-- preview of prod -->");
  expect(renderReport([], { stack: "prod" }).startsWith(`${marker("prod")}\n`)).toBe(true);
});

test("a report counts numbers in names as people do", () => {
  const events = created("aws:sqs/queue:Queue", ["tenant-10", "tenant-2", "tenant-1"]);
  const rows = renderReport(events, { stack: "dev" }).match(/`tenant-\d+`/g);
  expect(rows).toEqual(["`tenant-1`", "`tenant-2`", "`tenant-10`"]);
});

describe("a report for which there is little room", () => {
  const rows = (report: string, operation: string) =>
    report.match(new RegExp(`\\| ${operation} \\|`, "g"))?.length ?? 0;

  test("leaves out what is least dangerous, and says how much", () => {
    const report = reportOf("sixty", { maxLength: 3_000 });
    expect(report.length).toBeLessThanOrEqual(3_000);
    expect(report.split("\n")[1]).toBe("### Preview of `dev`: 16 changed, 56 created");
    expect(rows(report, "changed")).toBe(16);
    const left = 56 - rows(report, "created");
    expect(left).toBeGreaterThan(0);
    expect(report).toContain(`There was no room for ${left} created: see the whole log.`);
  });

  test("counts the deletions that it can't list, and what of them holds data", () => {
    const report = reportOf("destroyed", { maxLength: 650 });
    expect(report.length).toBeLessThanOrEqual(650);
    expect(report.split("\n")[1]).toBe("### Preview of `dev`: 30 deleted");
    const listed = report.match(/> - \*\*HOLDS DATA\*\*/g)?.length ?? 0;
    expect(listed).toBeGreaterThan(0);
    expect(report).toContain(`> - and ${30 - listed} more, ${8 - listed} of which **HOLD DATA**`);
  });

  test("stays below GitHub's limit with thousands of changes", () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `queue-${i}`);
    const report = renderReport(created("aws:sqs/queue:Queue", names), { stack: "dev" });
    expect(report.length).toBeLessThanOrEqual(60_000);
    const left = 3_000 - rows(report, "created");
    expect(report).toContain(`There was no room for ${left} created: see the whole log.`);
  });
});

describe("the report of a preview that failed", () => {
  test("has errors and warnings, and no other diagnostics", () => {
    const events = [
      diagnostic("info", "nothing to see"),
      diagnostic("error", "<{%fg 13%}>no ```such``` thing<{%reset%}>\n    at file.js:1:2\n"),
      diagnostic("warning", "\u001b[33mold\u001b[0m"),
      diagnostic("error", "preview failed\n"),
      diagnostic("debug", "canary"),
    ];
    expect(renderReport(events, { stack: "dev" }).split("\n")).toEqual([
      "<!-- preview of dev -->",
      "### Preview of `dev`: failed",
      "",
      "Nothing can be said of what it would change.",
      "",
      "````",
      "error: no ```such``` thing",
      "warning: old",
      "````",
    ]);
  });

  test("has what is known of the failure when the engine said nothing", () => {
    const failure = 'The configuration of stack "dev" has a problem:\n  - replicas is "many"';
    expect(renderReport([], { stack: "dev", failure }).split("\n").slice(4)).toEqual([
      "",
      "```",
      'The configuration of stack "dev" has a problem:',
      '  - replicas is "many"',
      "```",
    ]);
  });

  test("has the engine's errors rather than the log's end", () => {
    const report = renderReport([diagnostic("error", "no")], { stack: "dev", failure: "the end" });
    expect(report).toContain("error: no");
    expect(report).not.toContain("the end");
  });
});

test("a changed secret is reported without what it was and will be", () => {
  const report = renderReport(recorded("mixed").events, { stack: "dev" });
  expect(report).toContain(
    "| replaced | `web-secrets` | Secret | `data.SESSION_KEY`: another secret value |",
  );
});
