import { nearest } from "../../components/nearest";

const known = ["memoryMiB", "timeoutSeconds", "handler"];

test.each([
  ["memory", "memoryMiB"],
  ["timeout", "timeoutSeconds"],
  ["TimeoutSeconds", "timeoutSeconds"],
  ["handlers", "handler"],
  ["hnadler", "handler"],
])("for %s means %s", (name, meant) => {
  expect(nearest(name, known)).toBe(`did you mean ${meant}?`);
});

test.each(["colour", "h", ""])("is none for %j", (name) => {
  expect(nearest(name, known)).toBeUndefined();
});
