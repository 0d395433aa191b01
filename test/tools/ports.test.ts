import { createServer } from "node:net";
import { choosePorts, isFree } from "../../tools/platform/ports";

const free = async () => true;

describe("choosePorts", () => {
  test("depends on the tree alone where all ports are free", async () => {
    const first = await choosePorts(["a", "b"], {}, free, "/one");
    expect(await choosePorts(["a", "b"], {}, free, "/one")).toEqual(first);
    expect(first["b"]).toBe((first["a"] ?? 0) + 1);
    const other = await choosePorts(["a", "b"], {}, free, "/two");
    expect(other["a"]).not.toBe(first["a"]);
  });

  test("stays between 20000 and 29999", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `${index}`);
    const ports = Object.values(await choosePorts(names, {}, free, "/one"));
    expect(new Set(ports).size).toBe(200);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...ports)).toBeLessThan(30_000);
  });

  test("keeps the saved port", async () => {
    expect(await choosePorts(["a"], { a: 20_123 }, free, "/one")).toEqual({ a: 20_123 });
  });

  test("chooses again for the name whose port somebody took, and for that one alone", async () => {
    const usable = async (_: string, port: number) => port !== 20_123;
    const ports = await choosePorts(["a", "b"], { a: 20_123, b: 20_124 }, usable, "/one");
    expect(ports["b"]).toBe(20_124);
    expect(ports["a"]).not.toBe(20_123);
  });

  test("gives no port twice, also none that another name keeps", async () => {
    const [first = 0] = Object.values(await choosePorts(["a"], {}, free, "/one"));
    expect(await choosePorts(["a", "b"], { b: first }, free, "/one")).toEqual({
      a: first + 1,
      b: first,
    });
  });

  test("says so when no port is free", async () => {
    await expect(choosePorts(["a"], {}, async () => false, "/one")).rejects.toThrow(
      "No port is free for a.",
    );
  });
});

test("isFree sees a listener", async () => {
  const server = createServer();
  const port = await new Promise<number>((done) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  expect(await isFree(port)).toBe(false);
  await new Promise((done) => server.close(done));
  expect(await isFree(port)).toBe(true);
});
