import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hasState, repairHome, repairState } from "../../tools/repair";
import { makeFolder } from "../support/folders";

const stacks = ".pulumi/stacks/groundwork";
const whole = '{"version":3,"checkpoint":{"stack":"dev"}}';

describe("a file backend", () => {
  test("that is whole stays as it is", () => {
    const files = {
      ".pulumi/meta.yaml": "version: 1\n",
      [`${stacks}/dev.json`]: whole,
      [`${stacks}/dev.json.attrs`]: '{"user.content_type":""}',
    };
    const state = makeFolder(files);
    expect(repairState(state)).toEqual([]);
    for (const [file, text] of Object.entries(files)) {
      expect(readFileSync(join(state, file), "utf8")).toBe(text);
    }
  });

  test.each(["", '{"version":3,"check', "null", "[]", "{}", "\0\0"])(
    "with the state %j has it set aside",
    (text) => {
      const state = makeFolder({ [`${stacks}/dev.json`]: text, [`${stacks}/qa.json`]: whole });
      expect(hasState(state, "dev")).toBe(true);
      expect(repairState(state)).toEqual(["dev"]);
      expect(hasState(state, "dev")).toBe(false);
      expect(hasState(state, "qa")).toBe(true);
      expect(readFileSync(join(state, stacks, "dev.json.damaged"), "utf8")).toBe(text);
    },
  );

  test("loses attributes, history and locks that were cut short", () => {
    const state = makeFolder({
      [`${stacks}/dev.json.attrs`]: "",
      ".pulumi/history/groundwork/dev/dev-1.history.json": "{",
      ".pulumi/history/groundwork/dev/dev-2.history.json": "{}",
      ".pulumi/locks/organization/groundwork/dev/1.json": "",
    });
    expect(repairState(state)).toEqual([]);
    const left = readdirSync(state, { recursive: true, encoding: "utf8" });
    expect(left.filter((file) => /json/.test(file))).toEqual([
      ".pulumi/history/groundwork/dev/dev-2.history.json",
    ]);
  });

  test.each(["", "version: x\n", ": :", "\0"])(
    "with the note %j of its form gets it again",
    (text) => {
      const state = makeFolder({ ".pulumi/meta.yaml": text });
      repairState(state);
      expect(readFileSync(join(state, ".pulumi/meta.yaml"), "utf8")).toBe("version: 1\n");
    },
  );
});

test("pulumi's own notes are removed where they are damaged, and nothing else", () => {
  const home = makeFolder({
    "credentials.json": "{",
    "config.json": "{}",
    "workspaces/a-workspace.json": "",
    "plugins/resource-aws-v1/package.json": "",
  });
  repairHome(home);
  const left = (file: string) => existsSync(join(home, file));
  expect(left("credentials.json")).toBe(false);
  expect(left("config.json")).toBe(true);
  expect(left("workspaces/a-workspace.json")).toBe(false);
  expect(left("plugins/resource-aws-v1/package.json")).toBe(true);
});
