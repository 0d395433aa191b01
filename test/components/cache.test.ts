import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cached, cacheFolder } from "../../components/cache";
import { makeFolder } from "../support/folders";
import { withoutVariables } from "../support/variables";

import os = require("node:os");

let home: string;
let folder: string;

withoutVariables("XDG_CACHE_HOME");
beforeEach(() => {
  home = makeFolder();
  folder = join(home, "groundwork");
  process.env["XDG_CACHE_HOME"] = home;
});

afterEach(() => {
  jest.restoreAllMocks();
});

const write = (content: string) => jest.fn((path: string) => writeFileSync(path, content));
const day = 24 * 60 * 60;
/** Has something be used so many days ago for the last time. */
function age(path: string, days: number): void {
  const then = Date.now() / 1000 - days * day;
  utimesSync(path, then, then);
}

describe("cacheFolder", () => {
  test("default is the user's own", () => {
    delete process.env["XDG_CACHE_HOME"];
    jest.spyOn(os, "homedir").mockReturnValue("/home/ada");
    expect(cacheFolder()).toBe("/home/ada/.cache/groundwork");
  });

  test("custom", () => {
    expect(cacheFolder()).toBe(folder);
  });
});

describe("cached", () => {
  test("makes what is not there, once, where only its user can look", () => {
    const make = write("1");
    expect([cached("a.zip", make), cached("a.zip", make)]).toEqual([
      join(folder, "a.zip"),
      join(folder, "a.zip"),
    ]);
    expect(make).toHaveBeenCalledTimes(1);
    expect(readFileSync(join(folder, "a.zip"), "utf8")).toBe("1");
    expect(readdirSync(folder)).toEqual(["a.zip"]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test("leaves nothing of what fails, and makes it the next time", () => {
    const fail = (path: string) => {
      writeFileSync(path, "half");
      throw new Error("the disk is full");
    };
    expect(() => cached("a.zip", fail)).toThrow(new Error("the disk is full"));
    expect(readdirSync(folder)).toEqual([]);
    expect(readFileSync(cached("a.zip", write("1")), "utf8")).toBe("1");
  });

  test.each<[string, (path: string) => void]>([
    ["file", (path) => writeFileSync(path, "whole")],
    ["folder", (path) => mkdirSync(join(path, "within"), { recursive: true })],
  ])("takes the %s that another run has made meanwhile", (_, make) => {
    const path = cached("a", (aside) => {
      make(join(folder, "a"));
      make(aside);
    });
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  test("keeps for 30 days what is used, and removes the rest when something new comes", () => {
    const days = Object.entries({ used: 40, old: 31, young: 29 });
    for (const [name] of days) cached(name, write(name));
    for (const [name, since] of days) age(join(folder, name), since);
    mkdirSync(join(folder, "left-behind/within"), { recursive: true });
    age(join(folder, "left-behind"), 31);
    cached("used", write(""));
    expect(readdirSync(folder)).toEqual(["left-behind", "old", "used", "young"]);
    cached("new", write(""));
    expect(readdirSync(folder)).toEqual(["new", "used", "young"]);
  });

  const refusal = () =>
    new Error(
      `${folder} belongs to somebody else, or others may write to it. ` +
        "Remove it, or set XDG_CACHE_HOME to a folder of yours.",
    );

  test("fails when its folder is another user's", () => {
    const info = os.userInfo();
    jest.spyOn(os, "userInfo").mockReturnValue({ ...info, uid: info.uid + 1 });
    expect(() => cached("a", write(""))).toThrow(refusal());
  });

  test("fails when others may write to its folder", () => {
    mkdirSync(folder);
    chmodSync(folder, 0o770);
    expect(() => cached("a", write(""))).toThrow(refusal());
  });

  test("fails when its folder is a link that somebody may have put there", () => {
    symlinkSync(makeFolder(), folder);
    expect(() => cached("a", write(""))).toThrow(refusal());
  });

  test("takes its folder where the system has no numbers for users", () => {
    jest.spyOn(os, "userInfo").mockReturnValue({ ...os.userInfo(), uid: -1 });
    expect(cached("a", write(""))).toBe(join(folder, "a"));
  });

  test("fails when its folder can't be made", () => {
    process.env["XDG_CACHE_HOME"] = join(makeFolder({ file: "" }), "file");
    expect(() => cached("a", write(""))).toThrow(
      /^.*\/file\/groundwork can't be made: ENOTDIR.* Set XDG_CACHE_HOME to a folder of yours\.$/,
    );
  });
});
