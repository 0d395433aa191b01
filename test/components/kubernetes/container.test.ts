import { ArgumentCheck } from "../../../components/arguments";
import {
  type Container,
  checkContainer,
  checkExtraContainer,
  hardenedContainer,
} from "../../../components/kubernetes/container";
import { problemsOf } from "../../support/refusals";

const image = "example.com/web:1";
const some = { cpu: "250m", memory: "256Mi", "ephemeral-storage": "256Mi" };
const passing = new ArgumentCheck("groundwork:test:Thing", "it");
const main = checkContainer(passing, "", "web", { image, writablePaths: ["/tmp", "/shared"] });

const wrongImage =
  "give an image with its digest (repository@sha256:...) or a tag other than latest";

describe("hardenedContainer", () => {
  test("default has no privileges, and promises all that it may take", () => {
    const container = checkContainer(passing, "", "web", { image });
    expect(container.writablePaths).toEqual(["/tmp"]);
    expect(hardenedContainer(container, {})).toEqual({
      name: "web",
      image,
      imagePullPolicy: "Always",
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      resources: { requests: some, limits: some },
    });
  });

  test("custom runs another command, with other resources, of an image that is there", () => {
    const container = checkContainer(passing, "", "web", {
      image,
      imagePullPolicy: "IfNotPresent",
      command: ["/bin/web"],
      args: ["--fast"],
      requests: { cpu: "1" },
      limits: { memory: "1Gi" },
    });
    const resources = { cpu: "1", memory: "1Gi", "ephemeral-storage": "256Mi" };
    expect(hardenedContainer(container, { env: [{ name: "A", value: "a" }] })).toEqual({
      name: "web",
      image,
      imagePullPolicy: "IfNotPresent",
      command: ["/bin/web"],
      args: ["--fast"],
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      resources: { requests: resources, limits: resources },
      env: [{ name: "A", value: "a" }],
    });
  });
});

describe("checkContainer", () => {
  test("names a folder once that is given twice", () => {
    const writablePaths = ["/cache", "/tmp", "/cache"];
    const container = checkContainer(passing, "", "web", { image, writablePaths });
    expect(container.writablePaths).toEqual(["/cache", "/tmp"]);
  });

  test("fails when anything does not fit, with all of it", () => {
    expect(
      problemsOf((check) =>
        checkContainer(check, "", "web", {
          image: "web",
          imagePullPolicy: "Never" as never,
          writablePaths: ["/tmp", "cache"],
          limits: { memory: "much" },
        }),
      ),
    ).toEqual([
      'writablePaths[1] is "cache": give the absolute path of a folder below /, like /tmp',
      'imagePullPolicy is "Never": give one of Always, IfNotPresent',
      `image is "web": ${wrongImage}`,
      'limits.memory is "much": give a quantity above zero, like 128Mi',
    ]);
  });
});

describe("checkExtraContainer", () => {
  const problems = (container: Container) =>
    problemsOf((check) => checkExtraContainer(check, "sidecars[0].", container, main));

  test("default knows nothing of the main container", () => {
    expect(checkExtraContainer(passing, "", { name: "proxy", image }, main)).toEqual({
      name: "proxy",
      image,
      imagePullPolicy: "Always",
      command: [],
      args: [],
      requests: some,
      limits: some,
      writablePaths: ["/tmp"],
      port: undefined,
      env: {},
      inheritConfiguration: false,
      sharedPaths: [],
    });
  });

  test("custom has a folder of the main container in place of its own", () => {
    const sharedPaths = ["/shared", "/tmp", "/shared"];
    const proxy = { name: "proxy", image, port: 9000, inheritConfiguration: true, sharedPaths };
    expect(checkExtraContainer(passing, "", proxy, main)).toMatchObject({
      port: 9000,
      inheritConfiguration: true,
      sharedPaths: ["/shared", "/tmp"],
      writablePaths: [],
    });
  });

  test("fails when anything does not fit, with all of it", () => {
    expect(
      problems({
        name: "My proxy",
        image: "proxy:latest",
        port: 80,
        env: { "A-B": "x", C: "x" },
        sharedPaths: ["/data"],
        privileged: true,
      } as Container),
    ).toEqual([
      'there is no argument "sidecars[0].privileged": give only image, imagePullPolicy, command, args, requests, limits, writablePaths, name, port, env, inheritConfiguration, sharedPaths',
      'sidecars[0].name is "My proxy": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)',
      "sidecars[0].port is 80: give a whole number from 1024 to 65535",
      'sidecars[0].env has a variable "A-B": give a letter followed by letters, digits and underscores',
      `sidecars[0].image is "proxy:latest": ${wrongImage}`,
      'sidecars[0].sharedPaths has "/data": name it in the writablePaths of the main container too',
    ]);
  });
});
