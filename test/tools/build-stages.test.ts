import { existsSync } from "node:fs";
import { join } from "node:path";
import { removeOldStages, removeStages } from "../../tools/platform/build-stages";
import { readJson, writeJson } from "../../tools/support/files";
import { type Layout, layout } from "../../tools/support/layout";
import { type Answers, FakePrograms } from "../support/fake-programs";
import { makeFolder } from "../support/folders";

let programs: FakePrograms;
let here: Layout;
let record: string;
beforeEach(() => {
  programs = new FakePrograms();
  here = layout(makeFolder());
  record = join(here.home, "build-stages.json");
});
afterEach(() => programs.end());

const id = (digit: string) => digit.repeat(12);

/** The engine's images without a name, at each question for them. */
function unnamed(...lists: readonly string[]): Answers {
  return {
    images: lists.map((digits) => ({ stdout: [...digits].map((d) => `${id(d)}\n`).join("") })),
  };
}

/** The output of Docker's own builder: a stage, and an image that takes from it. */
const output = `Step 1/6 : FROM python:3.12-slim AS packages
 ---> ${id("a")}
Step 2/6 : RUN python -m venv /venv
 ---> Running in ${id("9")}
Removing intermediate container ${id("9")}
 ---> ${id("b")}
Step 3/6 : FROM python:3.12-slim
 ---> ${id("a")}
Step 4/6 : COPY --from=packages /venv /venv
 ---> Using cache
 ---> ${id("c")}
Successfully built ${id("c")}
`;

test("stages of the last build stay for the next one; their IDs are noted", async () => {
  programs.add("docker", unnamed("b7"));
  await removeOldStages(here, "web", output);
  expect(readJson(record)).toEqual({ web: [id("b")] });
  expect(programs.called("docker", "image ")).toEqual([]);
});

test("stages that the last build did not use go, others than this tree's stay", async () => {
  writeJson(record, { web: [id("d"), id("e")], other: [id("f")] });
  // One has got a name meanwhile, or is a part of an image that has one.
  programs.add("docker", unnamed("bdf7", "bf7"));
  await removeOldStages(here, "web", output);
  expect(programs.called("docker", "image ")).toEqual([`image rm ${id("d")}`]);
  expect(readJson(record)).toEqual({ web: [id("b")], other: [id("f")] });
});

test("a stage that can't be removed yet is tried again", async () => {
  writeJson(record, { web: [id("d")] });
  programs.add("docker", { ...unnamed("bd"), "image rm": { code: 1, stderr: "is using it" } });
  await removeOldStages(here, "web", output);
  expect(readJson(record)).toEqual({ web: [id("d"), id("b")] });
});

test.each([
  ["Podman, which it makes", `STEP 2/4: RUN true\n--> ${id("b")}\n`],
  ["Podman, which it takes again", `--> Using cache ${id("b")}${"0".repeat(52)}\n`],
])("stages are known from the output of %s", async (_, printed) => {
  programs.add("docker", unnamed("b"));
  await removeOldStages(here, "web", printed);
  expect(readJson(record)).toEqual({ web: [id("b")] });
});

test("BuildKit's output names none", async () => {
  programs.add("docker", unnamed("b"));
  await removeOldStages(here, "web", `#5 exporting to image\n#5 writing image sha256:${id("b")}\n`);
  expect(readJson(record)).toEqual({ web: [] });
  expect(programs.called("docker", "image ")).toEqual([]);
});

test("all stages of the tree go with its platform, and the note of them", async () => {
  writeJson(record, { web: [id("b")], other: [id("f"), id("e")] });
  programs.add("docker", unnamed("bf7"));
  await removeStages(here);
  expect(programs.called("docker", "image ")).toEqual([`image rm ${id("b")} ${id("f")}`]);
  expect(existsSync(record)).toBe(false);
});
