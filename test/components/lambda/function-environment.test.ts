import * as pulumi from "@pulumi/pulumi";
import { checkEnvironment } from "../../../components/lambda/function-environment";
import { problemsOf } from "../../support/refusals";

const problems = (environment: Readonly<Record<string, pulumi.Input<string>>>) =>
  problemsOf((check) => checkEnvironment(check, environment, [], {}));

describe("the size of the environment", () => {
  // {"A":""} is 8 bytes.
  test("custom takes 4 KB of what is known", () => {
    const later = pulumi.output("x".repeat(5_000));
    expect(problems({ A: "x".repeat(4_088) })).toEqual([]);
    expect(problems({ A: "x", LATER: later })).toEqual([]);
  });

  test("fails when more is known than Lambda takes, and names the longest", () => {
    expect(problems({ A: "x", B: "\u00e4".repeat(2_100), C: "x".repeat(100) })).toEqual([
      "environment is 4323 bytes as JSON, and Lambda takes 4096: put what is long, like B, into a file of the package or into a bucket",
    ]);
  });
});
