import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { changesOf } from "../../../tools/report/changes";
import { marker, renderReport } from "../../../tools/report/report";

const read = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** Events of a real preview, as the engine wrote them, without its debug lines. */
function eventsOf(name: string): EngineEvent[] {
  return read(name)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EngineEvent);
}

const mixed = eventsOf("mixed.jsonl");

/** A preview that creates many queues. */
function manyCreated(n: number): EngineEvent[] {
  return Array.from({ length: n }, (_, i) => {
    const urn = (name: string) => `urn:pulumi:dev::groundwork::${name}`;
    const state = {
      type: "aws:sqs/queue:Queue",
      urn: urn(`groundwork:messaging:Queue$aws:sqs/queue:Queue::q${i}`),
      custom: true,
      id: "",
      parent: urn(`groundwork:messaging:Queue::q${i}`),
      inputs: {},
    };
    const metadata = { op: "create", urn: state.urn, type: state.type, new: state, provider: "" };
    return { sequence: i, timestamp: 0, resourcePreEvent: { metadata } } as unknown as EngineEvent;
  });
}

describe("the report of a preview", () => {
  test("puts what is lost first, then everything by component", () => {
    const report = renderReport(mixed, { stack: "dev", logUrl: "https://example.com/log" });
    expect(report).toBe(read("mixed.md"));
  });

  test("of a changed secret says that it changes, and never what it was or will be", () => {
    const [secret] = changesOf(mixed).filter(({ name }) => name === "web-secrets");
    expect(secret).toEqual({
      operation: "replace",
      type: "kubernetes:core/v1:Secret",
      name: "web-secrets",
      component: "Microservice web",
      stateful: false,
      properties: [{ path: "data.SESSION_KEY", forcesReplacement: true }],
    });
  });

  test("of an unchanged stack is one line", () => {
    expect(renderReport(eventsOf("none.jsonl"), { stack: "dev" })).toBe(
      "<!-- preview of dev -->\n### Preview of `dev`: no changes",
    );
  });

  test("begins with a marker by which the comment is found again", () => {
    expect(marker("prod")).toBe("<!-- preview of prod -->");
    expect(renderReport([], { stack: "prod" }).startsWith(`${marker("prod")}\n`)).toBe(true);
  });

  test("stays below the limit, and says how much there was no room for", () => {
    const report = renderReport(manyCreated(600), { stack: "dev", maxLength: 5_000 });
    expect(report.length).toBeLessThanOrEqual(5_000);
    expect(report).toContain("### Preview of `dev`: 600 created");
    const shown = report.match(/\| created \|/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(10);
    expect(report).toContain(
      `There was no room for ${600 - shown} more changes: see the whole log.`,
    );
  });

  test("has the findings of policies, mandatory ones first", () => {
    const finding = (enforcementLevel: string, policyName: string) =>
      ({
        sequence: 0,
        timestamp: 0,
        policyEvent: {
          resourceUrn: "urn:pulumi:dev::groundwork::aws:ecr/repository:Repository::web",
          message: "<{%fg 13%}>tags are <b>mutable</b> | a tag may mean\ntwo things<{%reset%}>",
          color: "never",
          policyName,
          policyPackName: "groundwork",
          policyPackVersion: "1",
          policyPackVersionTag: "1",
          enforcementLevel,
        },
      }) as EngineEvent;
    const report = renderReport([finding("warning", "b"), finding("mandatory", "a")], {
      stack: "dev",
    });
    const message = "tags are &lt;b>mutable&lt;/b> \\| a tag may mean two things";
    expect(report.split("\n").slice(3)).toEqual([
      "**Policies**",
      "",
      "| Level | Policy | Resource | Finding |",
      "| - | - | - | - |",
      `| **mandatory** | a | web | ${message} |`,
      `| advisory | b | web | ${message} |`,
    ]);
  });

  test("has errors and warnings, and no other diagnostics", () => {
    const diagnostic = (severity: string, message: string) =>
      ({
        sequence: 0,
        timestamp: 0,
        diagnosticEvent: { severity, message, color: "never" },
      }) as EngineEvent;
    const events = [
      diagnostic("info", "nothing to see"),
      diagnostic("error", "no ```such``` thing\n"),
      diagnostic("debug", "canary"),
    ];
    expect(renderReport(events, { stack: "dev" }).split("\n").slice(3)).toEqual([
      "```",
      'error: no "such" thing',
      "```",
    ]);
  });
});
