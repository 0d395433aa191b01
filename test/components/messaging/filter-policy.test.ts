import {
  checkFilterPolicy,
  type FilterPolicyArgs,
} from "../../../components/messaging/filter-policy";
import { problemsOf } from "../../support/refusals";

const problems = (args: FilterPolicyArgs) => problemsOf((check) => checkFilterPolicy(check, args));
const values = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`);

describe("checkFilterPolicy", () => {
  test.each<FilterPolicyArgs>([
    {},
    { filterPolicy: { a: ["1"], b: { c: ["1"], d: ["1"] }, e: ["1"], f: ["1"] } },
    { filterPolicy: { a: values(15), b: values(10) }, filterPolicyScope: "MessageBody" },
    { filterPolicy: { $or: [{ a: ["1"] }, { b: ["1"] }], c: ["1"] } },
  ])("takes %j", (args) => {
    expect(problems(args)).toEqual([]);
  });

  test.each<[FilterPolicyArgs, string]>([
    [
      { filterPolicyScope: "MessageBody" },
      "filterPolicyScope is given without a filterPolicy: give that too",
    ],
    [
      { filterPolicy: { a: ["1"], b: { c: ["1"], d: ["1"] }, e: ["1"], f: ["1"], g: ["1"] } },
      "filterPolicy has 6 fields: SNS takes 5 at the most",
    ],
    [
      {
        filterPolicy: {
          $or: [
            { a: ["1"], b: ["1"], c: ["1"] },
            { d: ["1"], e: ["1"], f: ["1"] },
          ],
        },
      },
      "filterPolicy has 6 fields: SNS takes 5 at the most",
    ],
    [
      { filterPolicy: { a: values(16), b: values(10) } },
      "filterPolicy has 160 combinations of values: SNS takes 150 at the most",
    ],
  ])("fails when it is %j", (args, problem) => {
    expect(problems(args)).toEqual([problem]);
  });
});
