import { namedFunction, stackFunctions } from "../../tools/function-logs";
import { remarks } from "../../tools/platform/functions";
import { Failure } from "../../tools/support/failure";

const type = "aws:lambda/function:Function";
const resource = (name: string, outputs: object) => ({
  type,
  urn: `urn:pulumi:dev::shop::groundwork:lambda:LambdaFunction$${type}::${name}`,
  outputs: { ...outputs },
});
const state = {
  deployment: {
    resources: [
      resource("archive", { name: "archive-1234567", loggingConfig: { logGroup: "/shop" } }),
      resource("ship", { name: "ship-7654321" }),
      { type: "aws:sqs/queue:Queue", urn: "urn:pulumi:dev::shop::aws:sqs/queue:Queue::orders" },
    ],
  },
};
const archive = { name: "archive", physicalName: "archive-1234567", logGroup: "/shop" };
const ship = { name: "ship", physicalName: "ship-7654321", logGroup: "/aws/lambda/ship-7654321" };

test("a stack's functions have the log groups that Lambda writes to", () => {
  expect(stackFunctions(state)).toEqual([archive, ship]);
  expect(stackFunctions({})).toEqual([]);
});

test.each(["archive", "archive-1234567"])("a function is found as %s", (name) => {
  expect(namedFunction(stackFunctions(state), name)).toEqual(archive);
});

test.each([
  [state, "Give FUNCTION, one of: archive, ship"],
  [{}, "Give FUNCTION, one of: none, the stack has no functions"],
])("fails when there is no such function", (given, hint) => {
  const find = () => namedFunction(stackFunctions(given), "archiv");
  expect(find).toThrow(new Failure("There is no function archiv."));
  expect(() => {
    try {
      find();
    } catch (error) {
      throw (error as Failure).next[0];
    }
  }).toThrow(hint);
});

test("functions that don't run, or run otherwise, are listed with the reason", () => {
  const of = (name: string, runs: boolean, remark: string) => ({
    ...{ name, logGroup: "", runs, remark },
  });
  expect(
    remarks([of("a", true, ""), of("b", true, "runs with 3.11"), of("c", false, "it is Java")]),
  ).toEqual({ different: ["  b: runs with 3.11"], failing: ["  c: it is Java"] });
});
