import * as pulumi from "@pulumi/pulumi";
import { checkTolerations } from "../../../components/kubernetes/tolerations";
import { problemsOf } from "../../support/refusals";

const problems = (...tolerations: readonly unknown[]) =>
  problemsOf((check) => checkTolerations(check, tolerations as never));

test("default is none", () => {
  problemsOf((check) => expect(checkTolerations(check, undefined)).toEqual([]));
});

test.each([
  { key: "spot", operator: "Exists" },
  { key: "team", value: "shop", effect: "NoSchedule" },
  { operator: "Exists" },
  { key: "spot", operator: "Equal", value: "yes", effect: "NoExecute", tolerationSeconds: 60 },
  { key: "spot", effect: pulumi.output("NoSchedule") },
])("takes %j", (toleration) => {
  expect(problems(toleration)).toEqual([]);
});

test("fails for what Kubernetes refuses, with all of it", () => {
  expect(
    problems(
      { key: "a", operator: "Maybe", effect: "Never" },
      { key: "a", operator: "Exists", value: "x" },
      { value: "x" },
      { key: "a", effect: "NoSchedule", tolerationSeconds: 5, seconds: 5 },
    ),
  ).toEqual([
    'tolerations[0].operator is "Maybe": give one of Equal, Exists',
    'tolerations[0].effect is "Never": give one of NoSchedule, PreferNoSchedule, NoExecute',
    "tolerations[1].value is given, and Exists is of any value: leave one out",
    'tolerations[2].key is missing: give it, or operator: "Exists" for every taint',
    'there is no argument "tolerations[3].seconds": give only key, operator, value, effect, tolerationSeconds',
    'tolerations[3].tolerationSeconds is given: give it with effect: "NoExecute" alone',
  ]);
});
