import { earlierVersion, findFunction } from "../../tools/rollback";
import { Failure } from "../../tools/support/failure";

const urn = (type: string, name: string) =>
  `urn:pulumi:qa::shop::groundwork:lambda:LambdaFunction$aws:${type}::${name}`;
const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:archive-1234567";
const alias = {
  type: "aws:lambda/alias:Alias",
  urn: urn("lambda/alias:Alias", "archive-live"),
  outputs: { arn: `${functionArn}:live`, name: "live" },
};
const group = {
  type: "aws:codedeploy/deploymentGroup:DeploymentGroup",
  urn: urn("codedeploy/deploymentGroup:DeploymentGroup", "archive-release-group"),
  outputs: { appName: "archive-release-1234567", deploymentGroupName: "live" },
};
const stateOf = (...resources: readonly (typeof alias | typeof group)[]) => ({
  deployment: { resources },
});

/** What the reader is told. */
function refusal(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return [error.message, ...error.next];
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("findFunction", () => {
  test("finds the alias of a function whose calls go over at once", () => {
    expect(findFunction(stateOf(alias), "archive")).toEqual({
      functionArn,
      alias: "live",
      deployment: undefined,
    });
  });

  test("finds what moves it, too", () => {
    expect(findFunction(stateOf(group, alias), "archive").deployment).toEqual({
      application: "archive-release-1234567",
      group: "live",
    });
  });

  test.each([
    ["ship", [alias], ["There is no function ship.", "Give FUNCTION, one of: archive"]],
    ["", [alias], ["No function is given.", "Give FUNCTION, one of: archive"]],
    [
      "ship",
      [],
      ["There is no function ship.", "Give FUNCTION, one of: none, the stack has no functions"],
    ],
  ])("fails when there is no %j", (name, resources, told) => {
    expect(refusal(() => findFunction(stateOf(...resources), name))).toEqual(told);
  });
});

describe("earlierVersion", () => {
  const versions = ["$LATEST", "1", "8", "9", "10"];
  const published = (live: string) => `Published are 1, 8, 9, 10; version ${live} is live.`;

  test("default is the newest before the live one", () => {
    expect(earlierVersion(versions, "10", [], "")).toBe("9");
  });

  test("default passes over what was taken back itself", () => {
    expect(earlierVersion(versions, "10", ["9"], "")).toBe("8");
  });

  test("custom is what is asked for, also a later one", () => {
    expect(earlierVersion(versions, "8", ["9"], "9")).toBe("9");
  });

  test.each([
    ["10", "10", ["Version 10 is live already.", published("10")]],
    ["10", "7", ["There is no version 7.", published("10")]],
    ["10", "$LATEST", ["There is no version $LATEST.", published("10")]],
    ["1", "", ["There is no earlier version to go back to.", published("1")]],
  ])("fails when %s is live and %j is asked for", (live, wanted, told) => {
    expect(refusal(() => earlierVersion(versions, live, [], wanted))).toEqual(told);
  });
});
