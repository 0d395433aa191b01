import * as pulumi from "@pulumi/pulumi";
import { isLater, kindOf, shown } from "../../components/values";

describe("isLater", () => {
  test("is true of Outputs and promises", () => {
    expect([pulumi.output(1), Promise.resolve(1)].map((value) => isLater<number>(value))).toEqual([
      true,
      true,
    ]);
  });

  test("is false of plain values", () => {
    expect(
      [1, "a", { later: 1 }, [pulumi.output(1)]].map((value) => isLater<unknown>(value)),
    ).toEqual([false, false, false, false]);
  });
});

class Thing {}
const circle: unknown[] = [];
circle.push(circle);

test.each<[string, unknown, string, string]>([
  ["undefined", undefined, "undefined", "undefined"],
  ["null", null, "null", "null"],
  ["a number", 5, "a number", "5"],
  ["text", "a", "text", '"a"'],
  ["a list", [1], "a list", "[1]"],
  ["an object", { a: 1 }, "an object", '{"a":1}'],
  ["an object of a class", new Thing(), "of the class Thing", "of the class Thing"],
  ["what goes in circles", circle, "a list", "a list"],
])("says of what sort %s is, and shows it", (_, value, kind, text) => {
  expect([kindOf(value), shown(value)]).toEqual([kind, text]);
});

test("says of what is known later no more than that", () => {
  expect([pulumi.output(1), Promise.resolve(1)].map(kindOf)).toEqual(
    Array(2).fill("known only later"),
  );
});
