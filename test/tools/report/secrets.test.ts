import { Mask, secretsOf } from "../../../tools/report/secrets";

const value = 'p&<s>"w\\ö rd/+=1';
const mask = new Mask([
  { key: "groundwork:password", value },
  { key: "groundwork:pin", value: "1234" },
  { key: "groundwork:pem", value: `-----BEGIN-----\n${"A1b2".repeat(16)}\n-----END-----\n` },
]);

describe("a mask", () => {
  const json = JSON.stringify(value).slice(1, -1);
  test.each([
    ["in clear", value],
    ["in JSON", json],
    ["in JSON within JSON", JSON.stringify(json).slice(1, -1)],
    [
      "in JSON as Go writes it",
      json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"),
    ],
    ["in a URL", encodeURIComponent(value)],
    ["in a form", encodeURIComponent(value).replaceAll("%20", "+")],
    ["in base64", Buffer.from(value).toString("base64")],
    ["in base64 for URLs", Buffer.from(value).toString("base64url")],
    ["in hexadecimal digits", Buffer.from(value).toString("hex")],
  ])("hides a secret %s", (_, form) => {
    expect(mask.text(`before ${form} after`)).toBe("before [secret] after");
    expect(mask.keysIn(`before ${form} after`)).toEqual(["groundwork:password"]);
  });

  test.each(["", "a", "ab", "abc", "user:"])("hides a secret in base64 behind %j", (before) => {
    const encoded = Buffer.from(`${before}${value};and more`).toString("base64");
    const masked = mask.text(encoded);
    expect(masked).toContain("[secret]");
    const shown = masked.split("[secret]").map((part) => Buffer.from(part, "base64").toString());
    expect(`${before};and more`).toContain(shown[0]?.slice(0, before.length - 2) ?? "");
    expect(mask.keysIn(encoded)).toEqual(["groundwork:password"]);
  });

  test("hides a line of a key that is printed by itself", () => {
    expect(mask.text(`  ${"A1b2".repeat(16)}`)).toBe("  [secret]");
  });

  test("hides secrets in data, also in keys", () => {
    expect(mask.data({ [value]: [1, null, { a: `x${value}` }] })).toEqual({
      "[secret]": [1, null, { a: "x[secret]" }],
    });
  });

  test("leaves alone what is too short to be told from other text", () => {
    expect(mask.text("127.0.0.1:1234")).toBe("127.0.0.1:1234");
  });

  test("of no secrets changes nothing", () => {
    expect(new Mask([]).text("text")).toBe("text");
  });
});

test("the secrets of a config are its secret values, also within objects", () => {
  expect(
    secretsOf({
      "groundwork:region": { value: "eu-central-1", secret: false },
      "groundwork:key": { value: "a key", secret: true },
      "groundwork:users": { value: '["x"]', objectValue: [{ name: "x" }], secret: true },
    }),
  ).toEqual([
    { key: "groundwork:key", value: "a key" },
    { key: "groundwork:users", value: '["x"]' },
    { key: "groundwork:users", value: "x" },
  ]);
});
