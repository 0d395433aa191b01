import { isRecentEnough } from "../../tools/engine/versions";

test.each([
  ["3.200.0", true],
  ["v3.200.1", true],
  ["3.265.0-alpha.1", true],
  ["3.199.9", false],
  ["2.300.0", false],
  ["4.0.0", false],
  ["nonsense", false],
])("an engine of version %s is recent enough: %s", (version, expected) => {
  expect(isRecentEnough(version)).toBe(expected);
});
