import { ArgumentCheck } from "../../../components/arguments";
import { checkResources, parseQuantity } from "../../../components/kubernetes/quantity";
import { problemsOf } from "../../support/refusals";

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
  const completed = (args: Parameters<typeof checkResources>[2]) =>
    checkResources(new ArgumentCheck("groundwork:test:Thing", "it"), "", args);
  const problems = (args: Parameters<typeof checkResources>[2], path = "") =>
    problemsOf((check) => checkResources(check, path, args));

  test("default promises all that may be taken", () => {
    const some = { cpu: "250m", memory: "256Mi", "ephemeral-storage": "256Mi" };
    expect(completed({})).toEqual({ requests: some, limits: some });
  });

  test("custom takes what is said of one for both, and of both as it is said", () => {
    expect(
      completed({
        requests: { cpu: "1", "ephemeral-storage": "1Gi" },
        limits: { memory: "64Mi", "ephemeral-storage": "2Gi" },
      }),
    ).toEqual({
      requests: { cpu: "1", memory: "64Mi", "ephemeral-storage": "1Gi" },
      limits: { cpu: "1", memory: "64Mi", "ephemeral-storage": "2Gi" },
    });
  });

  test("takes requests that are their limits, in whatever unit", () => {
    expect(
      problems({
        requests: { cpu: "0.5", memory: "262144Ki" },
        limits: { cpu: "500m", memory: "256Mi" },
      }),
    ).toEqual([]);
  });

  test("fails when a request is above its limit, for every resource", () => {
    expect(
      problems(
        {
          requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "64Mi" },
          limits: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "1Mi" },
        },
        "sidecars[0].",
      ),
    ).toEqual([
      "sidecars[0].requests.cpu is 1, above sidecars[0].limits.cpu of 500m: " +
        "no pod can have what it is promised; raise the limit or lower the request",
      "sidecars[0].requests.memory is 1Gi, above sidecars[0].limits.memory of 256Mi: " +
        "no pod can have what it is promised; raise the limit or lower the request",
      "sidecars[0].requests.ephemeral-storage is 64Mi, above sidecars[0].limits.ephemeral-storage of 1Mi: " +
        "no pod can have what it is promised; raise the limit or lower the request",
    ]);
  });

  test("fails once when something is no quantity, and does not compare it", () => {
    expect(problems({ requests: { cpu: "lots", memory: "0" }, limits: { memory: "1MB" } })).toEqual(
      [
        'requests.cpu is "lots": give a quantity above zero, like 250m for a quarter of a core',
        'requests.memory is "0": give a quantity above zero, like 128Mi',
        'limits.memory is "1MB": give a quantity above zero, like 128Mi',
      ],
    );
  });

  test("fails when a resource is not one of the three", () => {
    expect(problems({ requests: { cpus: "1" } as never, limits: { gpu: "1" } as never })).toEqual([
      'there is no argument "requests.cpus": did you mean cpu?',
      'there is no argument "limits.gpu": did you mean cpu?',
    ]);
  });

  test("takes what is just enough, and just not too much", () => {
    expect(problems({ limits: { cpu: "1m", memory: "1Mi" } })).toEqual([]);
    expect(problems({ limits: { cpu: "1000" } })).toEqual([]);
  });

  test("fails for a unit of something else, which Kubernetes would take", () => {
    const limits = { cpu: "512Mi", memory: "256m", "ephemeral-storage": "128" };
    expect(problems({ limits, requests: { cpu: "0.5m" } })).toEqual([
      'requests.cpu is "0.5m": give 1m to 1000 cores, like 250m',
      'limits.cpu is "512Mi": give 1m to 1000 cores, like 250m',
      'limits.memory is "256m": that is 0.256 bytes: give at least 1Mi, like 128Mi',
      'limits.ephemeral-storage is "128": that is 128 bytes: give at least 1Mi, like 128Mi',
    ]);
  });

  test("fails for what is no text", () => {
    expect(problems({ limits: { cpu: 2 } as never })).toEqual([
      "limits.cpu is 2: give a quantity above zero, like 250m for a quarter of a core",
    ]);
    expect(problems({ limits: null as never })).toEqual([
      "limits is null: give an object of arguments",
    ]);
  });
});
