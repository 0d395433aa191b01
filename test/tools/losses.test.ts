import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  forgottenResources,
  hadState,
  losses,
  noteForgotten,
  noteForgottenResources,
  noteLoss,
  noteNothingLeft,
  noteState,
  noteWhole,
} from "../../tools/platform/losses";
import { forgottenInWords } from "../../tools/preparation";
import { layout } from "../../tools/support/layout";
import { makeFolder } from "../support/folders";

const type = "aws:sqs/queue:Queue";
const urn = (name: string) => `urn:pulumi:dev::groundwork::${type}::${name}`;
const queue = (name: string) => ({ urn: urn(name), type });

test("a loss is noted for each local stack until it is forgotten", () => {
  const here = layout(makeFolder());
  expect(losses(here, "dev")).toEqual([]);
  noteLoss(here, "aws");
  noteLoss(here, "kubernetes");
  expect(losses(here, "dev")).toEqual(["aws", "kubernetes"]);
  noteForgotten(here, "dev");
  expect(losses(here, "dev")).toEqual([]);
});

test("what was forgotten is known until the stack is whole again, each thing once", () => {
  const here = layout(makeFolder());
  expect(forgottenInWords(here, "dev")).toEqual([]);
  noteForgottenResources(here, "dev", [queue("a")]);
  noteForgottenResources(here, "dev", [queue("a"), { ...queue("b"), parent: "p" }]);
  expect(forgottenResources(here, "dev")).toEqual([queue("a"), { ...queue("b"), parent: "p" }]);
  expect(forgottenInWords(here, "dev")).toEqual([
    "FORGOTTEN: 2 resources of dev that the local platform has lost;",
    "`make up` makes them again",
  ]);
  expect(forgottenInWords(here, "qa")).toEqual([]);
  noteWhole(here, "dev");
  expect(forgottenInWords(here, "dev")).toEqual([]);
});

test.each(["", "{", "null", "{}", "[1]", "[null]"])(
  "that something was forgotten is known when the list is damaged: %j",
  (text) => {
    const here = layout(makeFolder());
    noteForgottenResources(here, "dev", [queue("a")]);
    writeFileSync(join(here.home, "forgotten", "dev.json"), text);
    expect(forgottenResources(here, "dev")).toEqual([
      { urn: "(the list of them is damaged)", type: "" },
    ]);
  },
);

test("a stack had a state until the platform is thrown away", () => {
  const here = layout(makeFolder());
  expect(hadState(here, "dev")).toBe(false);
  noteState(here, "dev");
  expect([hadState(here, "dev"), hadState(here, "qa")]).toEqual([true, false]);
  noteNothingLeft(here);
  expect(hadState(here, "dev")).toBe(false);
});
