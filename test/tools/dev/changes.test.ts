import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import type { Recording } from "../../../components/testing";
import { functionsAhead, noteAhead, withoutCode } from "../../../tools/dev/ahead";
import { deployedFunction } from "../../../tools/dev/live-functions";
import { difference, registrationsOf } from "../../../tools/dev/registrations";
import { syntaxErrors } from "../../../tools/dev/syntax";
import { matters } from "../../../tools/dev/watch";
import { layout } from "../../../tools/support/layout";
import { makeFolder } from "../../support/folders";

const hook = "urn:pulumi:dev::shop::aws:lambda/function:Function::hook";
const layer = "urn:pulumi:dev::shop::aws:lambda/layerVersion:LayerVersion::packages";

async function registered(code: string, memorySize: number, packages: string) {
  const resources = [
    {
      type: "aws:lambda/function:Function",
      urn: hook,
      inputs: { code: new asset.FileArchive(code), memorySize },
    },
    {
      type: "aws:lambda/layerVersion:LayerVersion",
      urn: layer,
      inputs: { code: new asset.FileArchive(packages) },
    },
  ];
  return registrationsOf({ resources } as unknown as Recording);
}

test("other code of a function is told from any other change, which includes a layer's files", async () => {
  const folder = makeFolder({ "a.zip": "a", "b.zip": "b", "packages/x.py": "1" });
  const [a, b, packages] = ["a.zip", "b.zip", "packages"].map((name) => join(folder, name));
  if (a === undefined || b === undefined || packages === undefined) throw new Error("no folder");
  const before = await registered(a, 128, packages);
  expect(before.packages).toEqual({ [hook]: a });
  expect(difference(before, await registered(a, 128, packages))).toEqual({
    functions: [],
    others: [],
  });
  expect(difference(before, await registered(b, 128, packages))).toEqual({
    functions: [hook],
    others: [],
  });
  expect(difference(before, await registered(b, 256, packages))).toEqual({
    functions: [],
    others: [hook],
  });
  writeFileSync(join(packages, "x.py"), "2");
  expect(difference(before, await registered(a, 128, packages))).toEqual({
    functions: [],
    others: [layer],
  });
});

test.each([
  ["apps/archive/src/handler.py", true],
  ["Pulumi.dev.yaml", true],
  [".env", true],
  ["apps/archive/src/.handler.py.swp", false],
  ["apps/archive/src/handler.py~", false],
  ["apps/archive/src/4913", false],
  ["apps/archive/src/#handler.py#", false],
  ["apps/archive/src/__pycache__/handler.cpython-313.pyc", false],
  [".git/index", false],
  ["node_modules/a/index.js", false],
  [".groundwork/lock", false],
])("%s matters: %s", (path, expected) => {
  expect(matters("/work", join("/work", path))).toBe(expected);
});

test("a function is put behind the aliases that lead to its last version, not those that are held", () => {
  const alias = (name: string, functionVersion: string) => ({
    type: "aws:lambda/alias:Alias",
    urn: `urn:pulumi:dev::shop::aws:lambda/alias:Alias::${name}`,
    outputs: { name, functionName: "hook-1", functionVersion },
  });
  const outputs = {
    name: "hook-1",
    arn: "arn:aws:lambda:eu-west-1:1:function:hook-1",
    version: "7",
  };
  const resources = [
    { type: "aws:lambda/function:Function", urn: hook, outputs },
    alias("live", "7"),
    alias("held", "3"),
  ];
  expect(deployedFunction({ deployment: { resources } }, hook)).toEqual({
    label: "hook",
    arn: outputs.arn,
    aliases: ["live"],
  });
  expect(() => deployedFunction({}, hook)).toThrow(`The stack has no resource ${hook}.`);
});

test("functions whose code the state does not know are on record, each stack's its own", () => {
  const here = layout(makeFolder({}));
  expect(functionsAhead(here, "dev")).toEqual([]);
  noteAhead(here, "dev", hook);
  noteAhead(here, "dev", hook);
  expect(functionsAhead(here, "dev")).toEqual([hook]);
  expect(functionsAhead(here, "qa")).toEqual([]);
  expect(existsSync(join(here.ahead, "dev"))).toBe(true);
});

test("the state forgets the code of these functions and nothing more", () => {
  const code = { hash: "1" };
  const resource = (urn: string) => ({
    type: "aws:lambda/function:Function",
    urn,
    inputs: { code, handler: "h" },
    outputs: { code, version: "1" },
  });
  const state = { deployment: { resources: [resource(hook), resource(`${hook}2`)] } };
  expect(withoutCode(state, [hook])).toEqual({
    deployment: {
      resources: [
        { ...resource(hook), inputs: { handler: "h" }, outputs: { version: "1" } },
        resource(`${hook}2`),
      ],
    },
  });
});

test("wrong syntax is shown with its file, and what is gone or unknown is left out", async () => {
  const root = makeFolder({ "hook.mjs": "export const a = ;\n", "ok.js": "1", "a.rb": "((" });
  const paths = ["hook.mjs", "ok.js", "a.rb", "gone.js"].map((name) => join(root, name));
  expect(await syntaxErrors(layout(root), paths)).toEqual([
    "hook.mjs: SyntaxError: Unexpected token ';'",
  ]);
});
