import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Environment } from "../../config";
import { keys } from "../../config";
import type { Key } from "../../config/key";
import { withSchema } from "../../config/schema";

test("Pulumi.yaml has the keys as they are; when this fails, run `make schema`", () => {
  const project = readFileSync("Pulumi.yaml", "utf8");
  expect(project).toBe(withSchema(project));
});

describe("the schema in Pulumi.yaml", () => {
  const before =
    "name: shop # ours\n# What may be set.\nconfig:\n  old:\n    type: string\nmain: .\n";

  test("has every key with type, description and default, and says which is secret", () => {
    const declared = Object.entries<Key>(keys).map(([name, key]) => [
      name,
      {
        type: key.type,
        description: key.description,
        default: key.default,
        ...(key.secret && { secret: true }),
      },
    ]);
    const { config } = parse(withSchema(before));
    expect(config).toEqual(Object.fromEntries(declared));
    expect(Object.keys(config)).toEqual(Object.keys(keys));
  });

  test("leaves the rest of the file and its comments alone", () => {
    const after = withSchema(before);
    expect(after.startsWith("name: shop # ours\n# What may be set.\nconfig:\n  region:\n")).toBe(
      true,
    );
    expect(after.endsWith("    secret: true\nmain: .\n")).toBe(true);
  });

  test("is the same when it is written again", () => {
    expect(withSchema(withSchema(before))).toBe(withSchema(before));
  });
});

test("a key that is not declared does not compile, nor one of another type", () => {
  const environment = { replicas: 3 } as Environment;
  const replicas: number = environment.replicas;
  // @ts-expect-error: there is no such key
  const misspelt: unknown = environment.replica;
  // @ts-expect-error: it is a number
  const asText: string = environment.replicas;
  // @ts-expect-error: a secret is known as an Output alone
  const plain: string = environment.sessionKey;
  expect([replicas, misspelt, asText, plain]).toEqual([3, undefined, 3, undefined]);
});
