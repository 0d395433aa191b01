import { differences } from "../../../tools/report/properties";

const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

describe("differences", () => {
  test("of documents are their parts that differ", () => {
    const before = JSON.stringify({ Version: "1", Statement: [{ Action: ["a"] }, { Sid: "x" }] });
    const after = JSON.stringify({ Version: "1", Statement: [{ Action: ["a", "b"] }] });
    expect(differences("policy", before, after)).toEqual([
      { path: "policy.Statement[0].Action[1]", before: "not set", after: { text: "b" } },
      { path: "policy.Statement[1]", before: { text: '{"Sid":"x"}' }, after: "not set" },
    ]);
  });

  test("of data name keys that are no words in quotes", () => {
    expect(differences("labels", { "a.b": "1", c: 1 }, { "a.b": "2", c: 1 })).toEqual([
      { path: 'labels["a.b"]', before: { text: "1" }, after: { text: "2" } },
    ]);
  });

  test("never show a secret", () => {
    expect(differences("data", secret, { a: "b" })).toEqual([
      { path: "data", before: "secret", after: { text: '{"a":"b"}' } },
    ]);
    expect(differences("data", { a: secret }, { a: "b" })).toEqual([
      { path: "data.a", before: "secret", after: { text: "b" } },
    ]);
  });

  test("say what is known only after the update", () => {
    expect(differences("id", "1", "04da6b54-80e4-46f7-96ec-b56ff0331ba9")).toEqual([
      { path: "id", before: { text: "1" }, after: "known later" },
    ]);
  });

  test("of long texts begin shortly before they differ", () => {
    const start = "x".repeat(90);
    expect(differences("text", `${start}one`, `${start}two`)).toEqual([
      {
        path: "text",
        before: { text: `…${"x".repeat(20)}one` },
        after: { text: `…${"x".repeat(20)}two` },
      },
    ]);
  });
});
