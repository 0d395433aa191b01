import { stateInWords, updateLocal } from "../../tools/local-update";
import { forgottenResources, noteForgottenResources } from "../../tools/platform/losses";
import type { Stack, Update } from "../../tools/stack";
import { fileFailure } from "../../tools/support/files";
import { layout } from "../../tools/support/layout";
import { makeFolder } from "../support/folders";

const done: Update = { code: 0, gone: [], inDoubt: [] };
const urn = "urn:pulumi:dev::groundwork::a:b:Box$aws:cloudwatch/dashboard:Dashboard::overview";
const gone: Update = { code: 1, gone: [urn], inDoubt: [] };

let stack: Stack;
let said: string[];
beforeEach(() => {
  stack = { here: layout(makeFolder()), name: "dev" } as Stack;
  said = [];
  jest.spyOn(console, "log").mockImplementation((line) => said.push(line));
});
afterEach(() => jest.restoreAllMocks());

/** Updates with these ends, one after the other; gives how the last ended and what was run. */
async function run(args: string[], ...ends: Update[]) {
  const ran: (readonly string[])[] = [];
  const { code } = await updateLocal(stack, args, async (_, each) => {
    ran.push(each);
    return ends[ran.length - 1] ?? done;
  });
  return { code, ran };
}

test("an update that comes to its end runs once", async () => {
  expect(await run(["up"], done)).toEqual({ code: 0, ran: [["up"]] });
  expect(said).toEqual([]);
});

test("one that fails for another reason runs once", async () => {
  expect(await run(["up"], { ...gone, gone: [] })).toEqual({ code: 1, ran: [["up"]] });
});

test("where something is gone, it looks and tries once more, and says so", async () => {
  const twice = [["destroy"], ["destroy", "--refresh"]];
  expect(await run(["destroy"], gone, done)).toEqual({ code: 0, ran: twice });
  expect(said).toEqual([
    "  gone, though the state has it: aws:cloudwatch/dashboard:Dashboard::overview",
    "  once more, after a look at what is there (--refresh)",
  ]);
  expect(await run(["destroy"], gone, gone)).toEqual({ code: 1, ran: twice });
});

test("the stack is whole after an update of all of it", async () => {
  const forgotten = () => forgottenResources(stack.here, "dev").length;
  noteForgottenResources(stack.here, "dev", [{ urn, type: "aws:cloudwatch/dashboard:Dashboard" }]);
  await run(["up"], { ...done, code: 1 });
  expect(forgotten()).toBe(1);
  await run(["up", "--target", urn], done);
  expect(forgotten()).toBe(1);
  await run(["up"], done);
  expect(forgotten()).toBe(0);
});

test("the state has what was made where it could be written", () => {
  expect(stateInWords(stack, done)).toEqual(["What was made is in the stack's state."]);
});

test("nor is it said of what was broken off", () => {
  const resource = { urn, type: "aws:cloudwatch/dashboard:Dashboard" };
  expect(stateInWords(stack, { inDoubt: [{ type: "creating", resource }] })).toEqual([
    "pulumi has lost sight of these in the middle; the next command finds out how they ended:",
    "  creating aws:cloudwatch/dashboard:Dashboard::overview",
  ]);
});

test("it is not said where it could not be", () => {
  // Nobody may make a folder there, not even root.
  const here = { ...stack.here, state: "/sys/groundwork" };
  const [first, reason, next] = stateInWords({ ...stack, here }, done);
  expect(first).toBe(
    "The stack's state could not be written, and what was made last may not be in it:",
  );
  expect(reason).toMatch(/^\/sys\/groundwork.* can't be written: /);
  expect(next).toBe("The next command finds out, once there is room.");
});

test.each([
  ["ENOSPC", "no space is left on the disk"],
  ["EDQUOT", "your quota on the disk is used up"],
  ["EROFS", "the file system is read-only"],
  ["EACCES", "this user may not"],
])("%s is put in words", (code, reason) => {
  const error = Object.assign(new Error(code), { code, path: "/tree/.groundwork/lock" });
  expect(fileFailure(error)?.message).toBe(`/tree/.groundwork/lock can't be written: ${reason}.`);
});

test("other errors are left to who throws them", () => {
  expect(fileFailure(new Error("x"))).toBeUndefined();
});
