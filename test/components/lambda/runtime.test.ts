import {
  deprecatedRuntimes,
  hasSnapStart,
  runtimeIdentifier,
  runtimeOf,
} from "../../../components/lambda/runtime";
import { makeFolder } from "../../support/folders";

const list =
  "give one of nodejs24.x, nodejs22.x, python3.14, python3.13, python3.12, python3.11, java25, java21, java17, java11, java8.al2, dotnet10, ruby4.0, ruby3.4, ruby3.3, provided.al2023";

describe("runtimeIdentifier", () => {
  test.each(["python3.11", "nodejs22.x", "java8.al2", "dotnet10", "provided.al2023"])(
    "takes %s, which AWS patches",
    (runtime) => {
      expect(runtimeIdentifier(runtime)).toBeUndefined();
    },
  );

  test.each(["python3.15", "python4.0", "nodejs26.x", "java29", "dotnet12", "provided.al2028"])(
    "takes %s, which is newer than all that are known",
    (runtime) => {
      expect(runtimeIdentifier(runtime)).toBeUndefined();
    },
  );

  test.each([
    ["python3.10", "python3.14"],
    ["nodejs20.x", "nodejs24.x"],
    ["java8", "java25"],
    ["dotnetcore3.1", "dotnet10"],
    ["go1.x", "provided.al2023"],
  ])("fails when AWS no longer patches it: %s", (runtime, newest) => {
    expect(deprecatedRuntimes).toContain(runtime);
    expect(runtimeIdentifier(runtime)).toBe(`AWS no longer patches it: give ${newest}`);
  });

  test.each([
    ["pyhton3.13", "did you mean python3.13?"],
    ["nodejs22", "did you mean nodejs22.x?"],
    ["nodejs24", "did you mean nodejs24.x?"],
    ["nodejs26", "did you mean nodejs24.x?"],
    ["3.13", list],
    ["rust", list],
  ])("fails when there is no such runtime: %s", (runtime, wanted) => {
    expect(runtimeIdentifier(runtime)).toBe(wanted);
  });
});

test.each([
  ["python3.11", false],
  ["python3.12", true],
  ["python3.15", true],
  ["java8.al2", false],
  ["java11", true],
  ["dotnet8", true],
  ["nodejs24.x", false],
  ["ruby4.0", false],
  ["provided.al2023", false],
])("hasSnapStart of %s is %s", (runtime, expected) => {
  expect(hasSnapStart(runtime)).toBe(expected);
});

test.each([
  ["handler.py", "handler.handler", "python3.13"],
  ["src/index.mjs", "src/index.handler", "nodejs22.x"],
  ["index.js", "index.handler", "nodejs22.x"],
  ["index.cjs", "index.handler", "nodejs22.x"],
  ["index.js", "other.handler", undefined],
  ["bootstrap", "bootstrap", undefined],
])("runtimeOf a folder with %s and the handler %s is %s", (file, handler, expected) => {
  expect(runtimeOf(makeFolder({ [file]: "" }), handler)).toBe(expected);
});
