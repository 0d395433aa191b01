import { hostName, hostOrWildcard } from "../../../components/kubernetes/hosts";

const long = `${"a".repeat(63)}.`.repeat(3);

test.each(["shop.example.com", "1.example.com", "a-b.c1", `${long}${"a".repeat(61)}`])(
  "%s is a host name",
  (host) => {
    expect(hostName(host)).toBeUndefined();
    expect(hostOrWildcard(host)).toBeUndefined();
  },
);

test.each([
  "",
  "localhost",
  "Shop.example.com",
  "shop.example.com.",
  "shop_1.example.com",
  "-shop.example.com",
  "shop-.example.com",
  "https://shop.example.com",
  "shop.example.com:443",
  "10.1.2.3",
  "a..com",
  "shop.*.com",
  `${"a".repeat(64)}.com`,
  `${long}${"a".repeat(62)}`,
])("%j is none", (host) => {
  expect(hostName(host)).toBe("give a host name in lower case, like shop.example.com (RFC 1123)");
  expect(hostOrWildcard(host)).toBe(
    "give a host name in lower case, like shop.example.com or *.example.com (RFC 1123)",
  );
});

test("a wildcard is a host name only where it may be", () => {
  expect(hostOrWildcard("*.example.com")).toBeUndefined();
  expect(hostName("*.example.com")).toBe(
    "give a host name in lower case, like shop.example.com (RFC 1123)",
  );
  expect(hostOrWildcard("*")).toBe(
    "give a host name in lower case, like shop.example.com or *.example.com (RFC 1123)",
  );
});
