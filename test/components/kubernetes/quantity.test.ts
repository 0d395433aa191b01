import { ArgumentCheck } from "../../../components/arguments";
import type { Resources } from "../../../components/kubernetes/pod";
import { checkResources, parseQuantity } from "../../../components/kubernetes/quantity";

describe("parseQuantity", () => {
  test.each([
    ["1", 1],
    ["0.5", 0.5],
    ["250m", 0.25],
    ["2k", 2_000],
    ["3M", 3_000_000],
    ["1G", 1e9],
    ["1T", 1e12],
    ["1P", 1e15],
    ["1E", 1e18],
    ["1Ki", 1024],
    ["128Mi", 134_217_728],
    ["1.5Gi", 1_610_612_736],
    ["1Ti", 1024 ** 4],
    ["1Pi", 1024 ** 5],
    ["1Ei", 1024 ** 6],
  ])("reads %s as %d", (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  test.each(["", "0", "0Mi", "-1", "1 Mi", "1mi", "1K", "1MB", "Mi", "1,5", ".5", "1.", "a1"])(
    "reads nothing from %p",
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );
});

describe("checkResources", () => {
  const requests: Resources = { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" };
  const limits: Resources = { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" };

  function problems(requested: Partial<Resources>, limited: Partial<Resources>): readonly string[] {
    const check = new ArgumentCheck("groundwork:test:Thing", "it");
    checkResources(check, { ...requests, ...requested }, { ...limits, ...limited });
    try {
      check.throwIfAny();
    } catch (error) {
      return (error as { problems: readonly string[] }).problems;
    }
    return [];
  }

  test("takes requests below their limits", () => {
    expect(problems({}, {})).toEqual([]);
  });

  test("takes requests that are their limits, in whatever unit", () => {
    expect(problems({ cpu: "0.5", memory: "262144Ki" }, {})).toEqual([]);
  });

  test("fails when a request is above its limit, for every resource", () => {
    expect(problems({ cpu: "1", memory: "1Gi" }, { "ephemeral-storage": "1Mi" })).toEqual([
      "requests.cpu is 1, above limits.cpu of 500m: " +
        "no pod can have what it is promised; raise the limit or lower the request",
      "requests.memory is 1Gi, above limits.memory of 256Mi: " +
        "no pod can have what it is promised; raise the limit or lower the request",
      "requests.ephemeral-storage is 64Mi, above limits.ephemeral-storage of 1Mi: " +
        "no pod can have what it is promised; raise the limit or lower the request",
    ]);
  });

  test("fails when something is no quantity, and does not compare it", () => {
    expect(problems({ cpu: "lots", memory: "0" }, { memory: "1MB" })).toEqual([
      'requests.cpu is "lots": give a quantity above zero, like 250m for a quarter of a core',
      'requests.memory is "0": give a quantity above zero, like 128Mi',
      'limits.memory is "1MB": give a quantity above zero, like 128Mi',
    ]);
  });
});
