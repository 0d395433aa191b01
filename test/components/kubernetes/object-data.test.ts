import { checkData } from "../../../components/kubernetes/object-data";
import { problemsOf } from "../../support/refusals";

const problems = (values: Readonly<Record<string, string>>) =>
  problemsOf((check) => checkData(check, "config", values));

test("takes as much as one object holds", () => {
  expect(problems({ a: "x".repeat(1_048_570), b: "\u00fc\u00fc\u00fc" })).toEqual([]);
});

test("fails for more, counted in bytes", () => {
  expect(problems({ a: "x".repeat(1_048_571), b: "\u00fc\u00fc\u00fc" })).toEqual([
    "config has 1048577 bytes: give at most 1048576, which is what Kubernetes keeps in one object; " +
      "put the rest into the image, or where the program fetches it",
  ]);
});

test("fails for what is no text", () => {
  expect(problems({ a: 5 } as never)).toEqual(["config.a is a number: give text, or leave it out"]);
});
