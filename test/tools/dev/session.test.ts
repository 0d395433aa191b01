import { Program } from "../../../tools/dev/program";
import { Session } from "../../../tools/dev/session";
import type { Stack } from "../../../tools/stack";
import { Failure } from "../../../tools/support/failure";
import { writeText } from "../../../tools/support/files";
import { layout } from "../../../tools/support/layout";
import { makeFolder } from "../../support/folders";

jest.mock("../../../tools/dev/live-functions", () => ({ LiveFunctions: { at: async () => ({}) } }));
jest.mock("../../../tools/stack", () => ({ exportStack: async () => ({}) }));
/** A hash by each resource that the program makes of the files as they are now. */
let mockInputs: Record<string, string> = {};
jest.mock("../../../tools/dev/program", () => ({
  Program: jest.fn(() => ({
    ask: async () => ({ registrations: { inputs: mockInputs, packages: {} }, program: [] }),
    forget: jest.fn(),
  })),
}));

/** A session of a stack whose image `docker build` builds, and which has a tag for each save. */
async function sessionOf(update: (image: string) => void) {
  const here = layout(makeFolder());
  const said: string[] = [];
  const session: { tag: string | undefined } = { tag: "1" };
  const stackWith = (image: string | undefined) =>
    ({ here, name: "dev", env: { GROUNDWORK_WEB_IMAGE: image } }) as unknown as Stack;
  const started = new Session(stackWith("1"), {
    region: "eu-central-1",
    buildsImages: true,
    imageTag: () => session.tag,
    buildImage: async () => stackWith(session.tag),
    update: async () => update(session.tag ?? ""),
    say: (line) => said.push(line),
  });
  await started.begin();
  const file = `${here.root}/apps/web/src/app.ts`;
  /** Saves a file, after which the image has this tag, and waits for what the session does. */
  const save = async (tag: string | undefined) => {
    writeText(file, "");
    session.tag = tag;
    started.changed([file]);
    await started["work"];
  };
  return { save, said };
}

beforeEach(() => {
  jest.mocked(Program).mockClear();
  mockInputs = {};
});

test("a file that is saved during an update is a change after it", async () => {
  const updates: Record<string, string>[] = [];
  const { save } = await sessionOf(() => {
    updates.push(mockInputs);
    mockInputs = { a: "saved during the first update" };
  });
  mockInputs = { a: "saved before" };
  await save("1");
  await save("1");
  await save("1");
  expect(updates).toEqual([{ a: "saved before" }, { a: "saved during the first update" }]);
});

test("an image's file that was saved updates the stack, and the program gets the image", async () => {
  const built: string[] = [];
  const { save, said } = await sessionOf((image) => built.push(image));
  await save("2");
  expect(built).toEqual(["2"]);
  expect(said).toEqual(["apps/web/src/app.ts: updating the stack"]);
  const images = jest.mocked(Program).mock.calls.map(([{ env }]) => env["GROUNDWORK_WEB_IMAGE"]);
  expect(images).toEqual(["1", "2"]);
});

test("a file that no image has updates nothing", async () => {
  const built: string[] = [];
  const { save, said } = await sessionOf((image) => built.push(image));
  await save("1");
  expect([built, said]).toEqual([[], []]);
});

test("an image that could not be built is tried again at the next save", async () => {
  const tries: string[] = [];
  const { save, said } = await sessionOf((image) => {
    tries.push(image);
    if (tries.length === 1) throw new Failure("docker build failed (exit code 1):", ["  no pip"]);
  });
  await save("2");
  await save("2");
  expect(tries).toEqual(["2", "2"]);
  expect(said).toEqual([
    "apps/web/src/app.ts: updating the stack",
    "docker build failed (exit code 1):",
    "  no pip",
    "apps/web/src/app.ts: updating the stack",
  ]);
});
