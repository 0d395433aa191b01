import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { plannedAt, planPath } from "../../tools/deployment";
import { recordedEngine } from "../../tools/engine/engine";
import { type FromModulesPlan, filesOf } from "../../tools/from-modules/parts";
import { recordBuilt, stale } from "../../tools/from-modules/stamp";
import { losses, noteLoss } from "../../tools/platform/losses";
import { platformServices, recordedPlatform } from "../../tools/platform/platform";
import { providePorts, savedPorts } from "../../tools/platform/ports";
import { inDoubt, type Stack } from "../../tools/stack";
import { fingerprint } from "../../tools/support/files";
import { type Layout, layout } from "../../tools/support/layout";
import { lockHolder } from "../../tools/support/lock";
import { makeFolder } from "../support/folders";

// Files below .groundwork that were cut short or written over. States, the service's record, the
// lock and the list of what was forgotten have tests of their own.

const damages = ["", "{", '{"a":', "null", "42", '"text"', "[]", "[null]", "{}", "\0\0\0", "<<<<"];

let here: Layout;
beforeEach(() => {
  here = layout(makeFolder());
});

function damaged(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe.each(damages)("a file with %j", (text) => {
  test("is no choice of ports, and is written again", async () => {
    damaged(here.ports, text);
    expect(savedPorts(here)).toEqual({});
    const { moto } = await providePorts(here, ["moto"], {});
    expect(savedPorts(here)).toEqual({ moto });
  });

  test("leaves a service that runs its port", async () => {
    damaged(here.ports, text);
    expect(await providePorts(here, ["moto"], { moto: 20_123 })).toEqual({ moto: 20_123 });
  });

  test("is no engine and no platform", () => {
    damaged(here.engineRecord, text);
    damaged(here.platformRecord, text);
    expect([recordedEngine(here), recordedPlatform(here)]).toEqual([undefined, undefined]);
  });

  test("is no service, and nobody's lock", () => {
    damaged(join(here.run, "moto.json"), text);
    damaged(here.lock, text);
    expect(platformServices(here)).toEqual([]);
    expect(lockHolder(here.lock)).toBeUndefined();
  });

  test("is no plan, and puts nothing in doubt", () => {
    const stack = { here, name: "dev" } as Stack;
    damaged(planPath(here, "dev"), text);
    damaged(join(here.home, "events-dev.jsonl"), text);
    damaged(join(here.home, "in-doubt-dev.json"), text);
    expect(plannedAt(planPath(here, "dev"))).toBeUndefined();
    expect(inDoubt(stack)).toEqual([]);
  });

  test("still says that something was lost", () => {
    noteLoss(here, "aws");
    damaged(join(here.losses, "dev", "aws"), text);
    damaged(join(here.losses, "dev", "notes"), text);
    expect(losses(here, "dev")).toEqual(["aws"]);
  });

  test("has what was built from modules built again", () => {
    const plan: FromModulesPlan = {
      binDir: here.bin,
      pluginsDir: join(here.bin, "plugins"),
      versions: { kubernetes: "1.0.0", aws: "1.0.0" },
      parts: ["engine", "aws-plugin"],
    };
    for (const part of plan.parts) for (const file of filesOf(part, plan)) damaged(file, "program");
    recordBuilt(plan, plan.parts);
    expect(stale(plan)).toEqual([]);
    const stamp = join(here.bin, ".from-modules.json");
    const whole = readFileSync(stamp, "utf8");
    damaged(stamp, text);
    expect(stale(plan)).toEqual(plan.parts);
    damaged(stamp, whole);
    damaged(join(here.bin, "pulumi-language-nodejs"), text);
    expect(stale(plan)).toEqual(["engine"]);
  });
});

test("a fingerprint is another one for a file that was cut short, written to, or removed", () => {
  const folder = makeFolder({ a: "12", b: "34" });
  const paths = ["a", "b"].map((name) => join(folder, name));
  const whole = fingerprint(paths);
  expect(fingerprint([...paths].reverse())).toBe(whole);
  writeFileSync(join(folder, "b"), "3");
  const short = fingerprint(paths);
  expect(new Set([whole, short, fingerprint([...paths, join(folder, "c")])]).size).toBe(3);
});
