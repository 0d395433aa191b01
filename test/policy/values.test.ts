import { at, isOrMayBe, json, later, looksSecret, plain, shown } from "../../policy/values";
import { sdk } from "./support";

test("a plain copy marks what is not known yet, at any depth", () => {
  const given = { a: sdk.unknownStringValue, b: [1, sdk.unknownObjectValue, { c: null, d: "x" }] };
  expect(plain(sdk.unknownCheckingProxy(given))).toEqual({
    a: later,
    b: [1, later, { c: null, d: "x" }],
  });
});

test("a path leads to a value, to nothing, or to what is known later", () => {
  const value = { list: [{ name: "x" }], soon: later };
  expect(at(value, "list", 0, "name")).toBe("x");
  expect(at(value, "list", 1, "name")).toBeUndefined();
  expect(at(undefined, "list")).toBeUndefined();
  expect(at(value, "soon", "deeper")).toBe(later);
});

test("what is known later may be anything", () => {
  expect(isOrMayBe(later, true)).toBe(true);
  expect(isOrMayBe(true, false, true)).toBe(true);
  expect(isOrMayBe("true", true)).toBe(false);
});

test("JSON that can't be read is nothing", () => {
  expect(json('{"a":1}')).toEqual({ a: 1 });
  expect(json("{")).toBeUndefined();
  expect(json(later)).toBe(later);
});

test("messages show values in short", () => {
  expect([undefined, null, "", false, 0, "x", ["x"]].map(shown)).toEqual([
    "not set",
    "not set",
    "not set",
    "false",
    "0",
    '"x"',
    '["x"]',
  ]);
  expect(shown("x".repeat(200))).toBe(`"${"x".repeat(116)}...`);
});

test.each(["SESSION_KEY", "DB_PASSWORD", "apiToken", "aws_secret_access_key", "SECRET"])(
  "%s looks like a secret",
  (name) => {
    expect(looksSecret(name)).toBe(true);
  },
);

test.each([
  "SEAL_KEY_SECRET_ARN",
  "SEAL_KEY_SECRET_VERSION",
  "AWS_ACCESS_KEY_ID",
  "TOKEN_URL",
  "KEYBOARD",
  "MONKEY",
  "LOG_LEVEL",
])("%s is no secret", (name) => {
  expect(looksSecret(name)).toBe(false);
});
