import { folderPath, objectName } from "../../../components/kubernetes/names";

describe("objectName", () => {
  test.each(["a", "web-1", "database.shop", "a".repeat(253)])("takes %s", (name) => {
    expect(objectName("Secret")(name)).toBeUndefined();
  });

  test.each(["", "Secrets", "a..b", "-a", "a-", "a_b", "a".repeat(254)])("refuses %p", (name) => {
    expect(objectName("Secret")(name)).toBe(
      "give the name of a Kubernetes Secret: lower-case letters, digits, hyphens and dots (RFC 1123)",
    );
  });
});

describe("folderPath", () => {
  test.each(["/tmp", "/var/cache/web", "/.config", "/a.b_c-d"])("takes %s", (path) => {
    expect(folderPath(path)).toBeUndefined();
  });

  test.each(["", "/", "cache", "/tmp/", "/a/../b", "/a:b", "/./a", "//a"])("refuses %p", (path) => {
    expect(folderPath(path)).toBe("give the absolute path of a folder below /, like /tmp");
  });

  test("takes the one folder of /dev that is for programs", () => {
    expect(folderPath("/dev/shm")).toBeUndefined();
  });

  test.each([
    "/proc",
    "/sys/fs",
    "/dev",
    "/dev/shm/a",
    "/var/run/secrets",
    "/var/run/secrets/kubernetes.io/serviceaccount",
  ])("refuses %s, which is not free", (path) => {
    expect(folderPath(path)).toBe(
      "give another folder: Kubernetes and the container runtime have that one themselves",
    );
  });
});
