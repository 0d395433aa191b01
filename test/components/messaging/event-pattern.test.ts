import * as pulumi from "@pulumi/pulumi";
import {
  checkPattern,
  type EventPattern,
  eventBridgePatterns,
  lambdaFilters,
  type PatternRules,
  snsFilterPolicies,
} from "../../../components/messaging/event-pattern";
import { record } from "../../../components/testing";
import { problemsOf } from "../../support/refusals";

const problems = (pattern: unknown, rules: PatternRules = eventBridgePatterns) =>
  problemsOf((check) => checkPattern(check, "pattern", pattern as EventPattern, rules));

const everywhere = "prefix, suffix, equals-ignore-case, anything-but, numeric, exists";

describe("checkPattern", () => {
  test.each<EventPattern>([
    { source: ["shop"] },
    { detail: { total: [{ numeric: [">", 0, "<=", 5.5] }], paid: [true, null], count: [1] } },
    { detail: { name: [{ prefix: "a" }, { suffix: "z" }, { "anything-but": ["b", "c"] }] } },
    { $or: [{ source: ["shop"] }, { detail: { file: [{ wildcard: "a*z" }] } }] },
    { detail: { ip: [{ cidr: "10.0.0.0/8" }], name: [{ exists: false }] } },
  ])("takes %j", (pattern) => {
    expect(problems(pattern)).toEqual([]);
  });

  test.each<[unknown, string]>([
    ["shop", 'pattern is "shop": give an object, like { type: ["order"] }'],
    [{}, 'pattern is empty: name a field at least, like { type: ["order"] }'],
    [{ source: "shop" }, 'pattern.source is "shop": give a list of what it may be'],
    [
      { source: [] },
      "pattern.source is an empty list, which nothing matches: give a value at least",
    ],
    [{ detail: { total: 5 } }, "pattern.detail.total is 5: give a list of what it may be"],
    [{ detail: {} }, 'pattern.detail is empty: name a field at least, like { type: ["order"] }'],
    [{ $or: { source: ["a"] } }, 'pattern.$or is {"source":["a"]}: give a list of what it may be'],
    [{ $or: ["a"] }, 'pattern.$or[0] is "a": give an object, like { type: ["order"] }'],
    [
      { source: [{ begins: "a" }] },
      `pattern.source[0] is {"begins":"a"}: give a value, or one condition that EventBridge knows (${everywhere}, wildcard, cidr)`,
    ],
    [
      { source: [{ prefix: "a", suffix: "b" }] },
      `pattern.source[0] is {"prefix":"a","suffix":"b"}: give a value, or one condition that EventBridge knows (${everywhere}, wildcard, cidr)`,
    ],
    [{ id: [{ exists: "yes" }] }, 'pattern.id[0].exists is "yes": give true or false'],
    [{ id: [{ prefix: 5 }] }, "pattern.id[0].prefix is 5: give text"],
    ...[[">"], ["about", 5], [">", "5"], [">", 1, "<"], [">", 9, "<", 1], 5].map(
      (numeric): [unknown, string] => [
        { total: [{ numeric }] },
        'pattern.total[0].numeric is no range: give one, like [">=", 0, "<", 100]',
      ],
    ),
  ])("fails when it is %j", (pattern, problem) => {
    expect(problems(pattern)).toEqual([problem]);
  });

  test("fails when a service does not know a condition", () => {
    const unknown = (service: string, all: string) =>
      `pattern.file[0] is {"wildcard":"a*"}: give a value, or one condition that ${service} knows (${all})`;
    const pattern = { file: [{ wildcard: "a*" }] };
    expect(problems(pattern, lambdaFilters)).toEqual([unknown("Lambda", everywhere)]);
    expect(problems(pattern, snsFilterPolicies)).toEqual([unknown("SNS", `${everywhere}, cidr`)]);
  });

  test.each([
    [eventBridgePatterns, 2_048],
    [lambdaFilters, 4_096],
    [snsFilterPolicies, 262_144],
  ])("fails when it is longer than a service takes", (rules, longest) => {
    const ofLength = (length: number) => ({ a: ["x".repeat(length - '{"a":[""]}'.length)] });
    expect(problems(ofLength(longest), rules)).toEqual([]);
    expect(problems(ofLength(longest + 1), rules)).toEqual([
      expect.stringMatching(
        new RegExp(`: give at most ${longest} characters of JSON, which is what ${rules.service}`),
      ),
    ]);
  });

  test("fills in what is known later, and shows none of it", async () => {
    const bucket = pulumi.secret("uploads");
    const { outputs, secretOutputs } = await record(() => {
      const found: { json?: pulumi.Input<string> } = {};
      const wrong = problemsOf((check) => {
        found.json = checkPattern(check, "pattern", { bucket: [bucket] }, eventBridgePatterns);
        checkPattern(check, "wrong", { bucket } as never, eventBridgePatterns);
      });
      return { ...found, wrong };
    });
    expect(outputs).toEqual({
      json: '{"bucket":["uploads"]}',
      wrong: ["wrong.bucket is known only later: give a list of what it may be"],
    });
    expect(secretOutputs).toEqual(["json"]);
  });
});
