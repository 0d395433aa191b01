import { Queue } from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck, InvalidArgumentsError } from "../../components/arguments";
import type { Rule } from "../../components/rules";
import { record } from "../../components/testing";
import { canary, secretCanaries } from "../support/canary";
import { laterFailure, problemsOf } from "../support/refusals";

const never: Rule<unknown> = () => "give something else";
const even: Rule<number> = (value) => (value % 2 === 0 ? undefined : "give an even number");

/** The message of what a check throws. */
function complaint(fill: (check: ArgumentCheck) => void): string {
  const check = new ArgumentCheck("groundwork:test:Thing", "it");
  fill(check);
  try {
    check.throwIfAny();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("InvalidArgumentsError", () => {
  test("lists every problem below the subject", () => {
    const error = new InvalidArgumentsError('groundwork:test:Thing "it"', ["one", "two"]);
    expect(error.message).toBe(
      'groundwork:test:Thing "it" can\'t be used as written:\n  - one\n  - two',
    );
    expect(error.problems).toEqual(["one", "two"]);
    expect(error.name).toBe("InvalidArgumentsError");
  });

  test("is an error that the engine prints without a stack", () => {
    expect(pulumi.RunError.isInstance(new InvalidArgumentsError("it", []))).toBe(true);
  });
});

describe("ArgumentCheck", () => {
  test("throws nothing when nothing is wrong", () => {
    expect(complaint((check) => check.input("size", 2, even))).toBe("");
  });

  test("hands a plain value back as it is", () => {
    const check = new ArgumentCheck("groundwork:test:Thing", "it");
    const given = { a: 1 };
    expect(check.input("size", given, () => undefined)).toBe(given);
  });

  test("leaves an argument alone that is not given", () => {
    const check = new ArgumentCheck("groundwork:test:Thing", "it");
    expect(check.input("size", undefined, never)).toBeUndefined();
    check.throwIfAny();
  });

  test("tells all problems together, in the order in which they were found", () => {
    const message = complaint((check) => {
      check.input("first", 1, even);
      check.problem("the second contradicts itself");
      check.input("third", 3, even);
    });
    expect(message).toBe(
      'groundwork:test:Thing "it" can\'t be used as written:\n' +
        "  - first is 1: give an even number\n" +
        "  - the second contradicts itself\n" +
        "  - third is 3: give an even number",
    );
  });

  test.each([
    ["text", "a b", '"a b"'],
    ["nothing", null, "null"],
    ["a number that is none", Number.NaN, "NaN"],
    ["a number without end", Number.NEGATIVE_INFINITY, "-Infinity"],
    ["an object", { a: [1] }, '{"a":[1]}'],
    ["a function", Math.abs, "function abs() { [native code] }"],
    ["text of 78 letters", "x".repeat(78), `"${"x".repeat(78)}"`],
    ["text of 79 letters, cut", "x".repeat(79), `"${"x".repeat(76)}...`],
  ])("shows %s", (_, value, shown) => {
    expect(complaint((check) => check.input<unknown>("it", value, never))).toBe(
      `groundwork:test:Thing "it" can't be used as written:\n  - it is ${shown}: give something else`,
    );
  });

  test("never shows a secret", () => {
    expect(complaint((check) => check.input("key", canary, never, { secret: true }))).toBe(
      'groundwork:test:Thing "it" can\'t be used as written:\n' +
        "  - key is a secret value that does not fit: give something else",
    );
  });

  test("hands a value on that fits once it is known", async () => {
    const { outputs } = await record(() => {
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      const output = check.input("size", pulumi.output(2), even);
      const promise = check.input("size", Promise.resolve(4), even);
      check.throwIfAny();
      return { output, promise };
    });
    expect(outputs).toEqual({ output: 2, promise: 4 });
  });

  test.each([
    ["an Output", () => pulumi.output(3)],
    ["a promise", () => Promise.resolve(3)],
  ])("rejects %s with the same words once it is known not to fit", async (_, value) => {
    const failure = record(() => {
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      const size = check.input("size", value(), even);
      check.throwIfAny();
      return { size };
    });
    await expect(failure).rejects.toThrow(
      new InvalidArgumentsError('groundwork:test:Thing "it"', ["size is 3: give an even number"]),
    );
  });

  test("takes an Output that has no value, as in a refresh that finds its resource gone", async () => {
    const outputs = await record(() => {
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      const size = check.input("size", pulumi.output(undefined as unknown as number), even);
      check.throwIfAny();
      return { size };
    });
    expect(outputs.outputs).toEqual({ size: undefined });
  });

  test("never shows a secret that is known only later", async () => {
    const message = await laterFailure(() => {
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      check.input("key", pulumi.secret(canary), never, { secret: true });
    });
    expect(message).toBe(
      'groundwork:test:Thing "it" can\'t be used as written:\n' +
        "  - key is a secret value that does not fit: give something else",
    );
  });

  describe("of values that others may read", () => {
    const advice = "leave it out";
    const withoutSecrets = (values?: Readonly<Record<string, pulumi.Input<string>>>) => {
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      const checked = check.noSecrets("config", values, advice);
      check.throwIfAny();
      return checked;
    };

    test("hands plain ones on, and promises", async () => {
      const { outputs } = await record(() => ({
        ...withoutSecrets({ A: "a", B: Promise.resolve("b") }),
      }));
      expect(outputs).toEqual({ A: "a", B: "b" });
    });

    test("rejects a promise of a secret", async () => {
      const promised = Promise.resolve(pulumi.secret(canary)) as unknown as Promise<string>;
      await expect(record(() => withoutSecrets({ KEY: promised }))).rejects.toThrow(
        new InvalidArgumentsError('groundwork:test:Thing "it"', [
          "config.KEY is a secret, and here others can read it: leave it out",
        ]),
      );
    });

    test("has none when none are given", () => {
      expect(withoutSecrets()).toEqual({});
    });

    test("hands an Output on that is no secret, with what it comes from", async () => {
      const { outputs } = await record(() => {
        const resource = new pulumi.ComponentResource("groundwork:test:Thing", "it");
        const { A } = withoutSecrets({ A: resource.urn });
        return { same: pulumi.all([A, resource.urn]).apply(([a, urn]) => a === urn) };
      });
      expect(outputs).toEqual({ same: true });
    });

    test.each(secretCanaries)(
      "rejects later an Output that is %s, without saying it",
      async (_, value) => {
        const failure = record(() => withoutSecrets({ A: pulumi.output("fine"), KEY: value() }));
        await expect(failure).rejects.toThrow(
          new InvalidArgumentsError('groundwork:test:Thing "it"', [
            "config.KEY is a secret, and here others can read it: leave it out",
          ]),
        );
      },
    );
  });

  test("keeps a secret one", async () => {
    let secret: Promise<boolean> | undefined;
    await record(() => {
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      secret = pulumi.isSecret(
        pulumi.output(check.input("key", pulumi.secret("k"), () => undefined)),
      );
    });
    expect(await secret).toBe(true);
  });
});

test("an argument that must be given is missed also without a type check", () => {
  const check = new ArgumentCheck("groundwork:test:Thing", "thing");
  check.required("handler", undefined as unknown as string, () => undefined);
  check.required("code", null as unknown as string, () => undefined);
  check.required("runtime", "python3.13", () => undefined);
  expect(() => check.throwIfAny()).toThrow(
    new Error(
      'groundwork:test:Thing "thing" can\'t be used as written:\n' +
        "  - handler is missing: give it\n  - code is missing: give it",
    ),
  );
});

describe("known", () => {
  const problems = (args: Record<string, unknown>) => {
    const check = new ArgumentCheck("groundwork:test:Thing", "it");
    check.known<{ memoryMiB?: number; handler?: string }>(args, { memoryMiB: true, handler: true });
    try {
      check.throwIfAny();
    } catch (error) {
      return (error as InvalidArgumentsError).problems;
    }
    return [];
  };

  test("passes every argument that there is, and none", () => {
    expect(problems({ memoryMiB: 1, handler: undefined })).toEqual([]);
    expect(problems({})).toEqual([]);
  });

  test("refuses any other, with the one that may be meant and without its value", () => {
    expect(problems({ memory: canary, Handler: 1, toString: 1, wholly: 1 })).toEqual([
      'there is no argument "memory": did you mean memoryMiB?',
      'there is no argument "Handler": did you mean handler?',
      'there is no argument "toString": give only memoryMiB, handler',
      'there is no argument "wholly": give only memoryMiB, handler',
    ]);
  });
});

test("a secret Output that does not fit is not shown, nor when nobody said it would be one", async () => {
  const message = await laterFailure(() => {
    const check = new ArgumentCheck("groundwork:test:Thing", "it");
    new Queue("it", { name: check.input("handler", pulumi.secret(canary), never) });
  });
  expect(message).toBe(
    'groundwork:test:Thing "it" can\'t be used as written:\n' +
      "  - handler is a secret value that does not fit: give something else",
  );
});

describe("what programs without a type check give", () => {
  const problems = (fill: (check: ArgumentCheck) => unknown) => problemsOf(fill);
  const later = () => pulumi.output(canary) as never;
  class Thing {}

  test.each<[unknown, string]>([
    [undefined, "undefined"],
    [null, "null"],
    [[1], "a list"],
    [canary, "text"],
    [5, "a number"],
    [Promise.resolve({}), "known only later"],
  ])("ends the checking where there are no arguments: %#", (args, kind) => {
    const check = new ArgumentCheck("groundwork:test:Thing", "it");
    check.problem("first");
    const known = () => check.known<{ a?: string }>(args as never, { a: true }, "sidecars[0].");
    expect(known).toThrow(
      new InvalidArgumentsError('groundwork:test:Thing "it"', [
        "first",
        `sidecars[0] is ${kind}: give an object of arguments`,
      ]),
    );
    expect(problems((each) => each.known<object>(args as never, {}))).toEqual([
      `args is ${kind}: give an object of arguments`,
    ]);
  });

  test("ends the checking for another object than is meant", () => {
    const shaped = (value: unknown) =>
      problems((check) =>
        check.shaped("service", value as { name: string }, ["name"], "a service"),
      );
    expect(shaped({ name: "web" })).toEqual([]);
    expect(shaped({})).toEqual(["service is an object: give a service"]);
    expect(shaped(new Thing())).toEqual(["service is of the class Thing: give a service"]);
  });

  test("refuses what is known only later where it has to be known, and shows no object's inside", () => {
    expect(
      problems((check) => {
        check.plain("port", 2, even);
        check.plain("port", undefined, even);
        check.plain("port", 3, even);
        check.plain("port", later(), even);
        check.required("shards", later(), even, { plain: true });
        check.plain<unknown>("thing", new Thing(), never);
      }),
    ).toEqual([
      "port is 3: give an even number",
      "port is known only later: give a plain value",
      "shards is known only later: give a plain value",
      "thing is of the class Thing: give something else",
    ]);
  });

  test("takes lists, and nothing else for one", () => {
    expect(
      problems((check) => {
        expect(check.list("command", undefined)).toEqual([]);
        expect(check.list("command", ["a"])).toEqual(["a"]);
        expect(check.list("command", "sh" as never)).toEqual([]);
        expect(check.listOf("sizes", [2, 3, undefined, later()] as never, even)).toHaveLength(4);
      }),
    ).toEqual([
      "command is text: give a list",
      "sizes[1] is 3: give an even number",
      "sizes[2] is missing: give it",
      "sizes[3] is known only later: give a plain value",
    ]);
  });

  test.each([
    ["a", "text"],
    [["a"], "a list"],
    [pulumi.output({}), "known only later"],
  ])("takes values by their names, and nothing else for them: %#", (value, kind) => {
    expect(
      problems((check) => {
        expect(check.map("config", undefined)).toEqual({});
        expect(check.map("config", { a: 1 })).toEqual({ a: 1 });
        expect(check.map("config", value as never)).toEqual({});
      }),
    ).toEqual([`config is ${kind}: give an object, with a value for each name`]);
  });

  test("takes texts by their names, and shows nothing of what is none", () => {
    const given = { A: "a", B: 5, C: true, D: undefined, E: null, F: { key: canary } } as never;
    expect(problems((check) => check.texts("secrets", given))).toEqual([
      "secrets.B is a number: give text, or leave it out",
      "secrets.C is a boolean: give text, or leave it out",
      "secrets.D is undefined: give text, or leave it out",
      "secrets.E is null: give text, or leave it out",
      "secrets.F is an object: give text, or leave it out",
    ]);
  });

  test("rejects what turns out later to be no text, without showing it", async () => {
    const failure = record(() => {
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      return { ...check.texts("secrets", { A: pulumi.output("a"), B: pulumi.output(5) as never }) };
    });
    await expect(failure).rejects.toThrow(
      new InvalidArgumentsError('groundwork:test:Thing "it"', [
        "secrets.B is a number: give text, or leave it out",
      ]),
    );
  });
});
