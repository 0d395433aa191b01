import { relay } from "../../tools/support/programs";

test("a relayed program's lines are edited on their way, from both of its outputs", async () => {
  const printed = jest.spyOn(console, "log").mockImplementation(() => {});
  const program = "console.log('one\\ntwo'); console.error('three'); process.exit(3)";
  const edit = (line: string) => (line === "two" ? undefined : line.toUpperCase());
  const code = await relay(process.execPath, ["-e", program], edit);
  const lines = printed.mock.calls.flat();
  printed.mockRestore();
  expect(code).toBe(3);
  expect(lines.sort()).toEqual(["ONE", "THREE"]);
});
