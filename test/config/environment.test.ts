import * as pulumi from "@pulumi/pulumi";
import { logRetentionDays } from "../../components/rules";
import { record } from "../../components/testing";
import { type Environment, environments, keys, readEnvironment } from "../../config";
import { canary } from "../support/canary";
import { withoutVariables } from "../support/variables";
import {
  allKeys,
  cloud,
  configOf,
  inPlainText,
  messageOf,
  missing,
  production,
  read,
  secrets,
} from "./support";

withoutVariables(
  "AWS_ENDPOINT_URL",
  "KUBECONFIG",
  "GROUNDWORK_IMAGE_REGISTRY",
  "GROUNDWORK_POD_AWS_ENDPOINT",
  "GROUNDWORK_WEB_IMAGE",
);

const defaults = {
  region: "eu-central-1",
  awsAccountId: "",
  awsEndpoint: "",
  podAwsEndpoint: "",
  eksCluster: "",
  kubeconfig: "",
  kubeContext: "",
  namespace: "",
  replicas: 3,
  maxReplicas: 0,
  zones: 1,
  greeting: "Hello from groundwork",
  corsOrigins: "",
  logLevel: "INFO",
  logRetentionDays: 30,
  functionRollout: "AllAtOnce",
  archiveVersion: "",
  alarmEmail: "",
  webImage: "",
  pullAccounts: "",
  trafficController: "none",
  gateway: "",
  certificateIssuer: "",
  webHost: "",
  prometheus: "none",
  prometheusRelease: "",
  deletionProtection: true,
  ...secrets,
  imageRegistry: undefined,
  builtImage: undefined,
};

describe("readEnvironment", () => {
  test("default of staging is on AWS", async () => {
    expect(await read("staging", cloud)).toEqual({
      ...defaults,
      ...cloud,
      name: "staging",
      platform: "aws",
    });
  });

  test("default of prod is what production has to set, and else the same", async () => {
    expect(await read("prod", production)).toEqual({
      ...defaults,
      ...production,
      zones: 2,
      name: "prod",
      platform: "aws",
    });
  });

  test("custom takes every key", async () => {
    const image = "example.com/web:1";
    const given = {
      ...cloud,
      region: "us-gov-west-1",
      awsEndpoint: "http://127.0.0.1:4566",
      podAwsEndpoint: "http://host.docker.internal:4566",
      kubeconfig: "/etc/kube config",
      kubeContext: "there",
      namespace: "shop",
      replicas: "100",
      maxReplicas: "1000",
      greeting: "Moin",
      logLevel: "ERROR",
      logRetentionDays: "3653",
      webImage: image,
      pullAccounts: "123456789012, 210987654321",
      deletionProtection: "false",
      zones: "100",
      corsOrigins: "https://shop.example.com, http://localhost:3000",
      functionRollout: "Linear",
      archiveVersion: "7",
      alarmEmail: "those-on-call+shop@alarms.example.com",
      trafficController: "envoy-gateway",
      gateway: "gateways/public",
      certificateIssuer: "letsencrypt",
      webHost: "shop.example.com",
      prometheus: "operator",
      prometheusRelease: "metrics",
    };
    expect(await read("staging", given)).toEqual({
      ...given,
      ...secrets,
      replicas: 100,
      maxReplicas: 1_000,
      logRetentionDays: 3653,
      deletionProtection: false,
      zones: 100,
      name: "staging",
      platform: "aws",
      imageRegistry: undefined,
      builtImage: undefined,
    });
  });

  test("takes an empty text for the default, as the engine hands them over", async () => {
    const empty = Object.fromEntries(Object.keys(keys).map((key) => [key, ""]));
    expect(await read("staging", { ...empty, ...cloud, ...secrets })).toEqual({
      ...defaults,
      ...cloud,
      name: "staging",
      platform: "aws",
    });
  });

  test("can't be changed, and keeps the secrets secret", async () => {
    let environment: Environment | undefined;
    await record(
      () => {
        environment = readEnvironment();
      },
      { stack: "staging", ...configOf(cloud) },
    );
    expect(Object.isFrozen(environment)).toBe(true);
    expect(await pulumi.isSecret(pulumi.output(environment?.sealKey))).toBe(true);
    expect(await pulumi.isSecret(pulumi.output(environment?.sessionKey))).toBe(true);
  });

  test("leaves alone what belongs to others", async () => {
    const options = configOf(cloud);
    const config = { ...options.config, "docker:host": "me", "other:groundwork:x": "1" };
    const program = () => ({ name: readEnvironment().name });
    const { outputs } = await record(program, { stack: "staging", ...options, config });
    expect(outputs).toEqual({ name: "staging" });
  });

  test("finds the local platform by the variables that every client knows", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
    process.env["KUBECONFIG"] = "/run/kubeconfig";
    expect(await read("dev", {})).toEqual({
      ...defaults,
      awsEndpoint: "http://127.0.0.1:4566",
      podAwsEndpoint: "http://127.0.0.1:4566",
      kubeconfig: "/run/kubeconfig",
      name: "dev",
      platform: "local",
    });
  });

  test("has the config win over the variables", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
    process.env["KUBECONFIG"] = "/run/kubeconfig";
    const given = { awsEndpoint: "http://localhost:1", kubeconfig: "mine" };
    expect(await read("dev", given)).toMatchObject({ ...given, platform: "local" });
  });

  test("knows where pods find the emulator: as the config says, the platform, or like all others", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
    process.env["KUBECONFIG"] = "/run/kubeconfig";
    process.env["GROUNDWORK_POD_AWS_ENDPOINT"] = "http://172.18.0.1:4566";
    const { awsEndpoint, podAwsEndpoint } = await read("dev", {});
    expect([awsEndpoint, podAwsEndpoint]).toEqual([
      "http://127.0.0.1:4566",
      "http://172.18.0.1:4566",
    ]);
    const given = { podAwsEndpoint: "http://host.docker.internal:4566" };
    expect(await read("dev", given)).toMatchObject(given);
    expect(await read("staging", cloud)).toMatchObject({ podAwsEndpoint: "" });
  });

  test("takes the image that make up has built on the local platform, and there alone", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
    process.env["KUBECONFIG"] = "/run/kubeconfig";
    process.env["GROUNDWORK_WEB_IMAGE"] = "localhost:20009/web:1";
    expect(await read("dev", { webImage: "example.com/web:1" })).toMatchObject({
      builtImage: "localhost:20009/web:1",
      webImage: "example.com/web:1",
    });
    expect(await read("staging", cloud)).toMatchObject({ builtImage: undefined });
  });

  test.each(["http://0.0.0.0:4566", "https://0.0.0.0", "http://[::]:4566"])(
    "fails for %s as the emulator's address for pods",
    async (podAwsEndpoint) => {
      expect(await messageOf("staging", configOf({ ...cloud, podAwsEndpoint }))).toBe(
        `The configuration of stack "staging" has a problem:
  - podAwsEndpoint is "${podAwsEndpoint}": give one address: this one stands for all, and pods can't send there
      pulumi config set --stack staging podAwsEndpoint ...`,
      );
    },
  );

  test("does not look at the variables on AWS", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
    process.env["KUBECONFIG"] = "/run/kubeconfig";
    expect(await read("staging", cloud)).toMatchObject({ awsEndpoint: "", kubeconfig: "" });
  });

  test("knows the registry that images are pushed to where there is one", async () => {
    process.env["GROUNDWORK_IMAGE_REGISTRY"] = "localhost:5000";
    expect(await read("staging", cloud)).toMatchObject({ imageRegistry: "localhost:5000" });
    process.env["GROUNDWORK_IMAGE_REGISTRY"] = "";
    expect((await read("staging", cloud)).imageRegistry).toBeUndefined();
  });

  test.each([
    ["AWS_ENDPOINT_URL", "KUBECONFIG"],
    ["KUBECONFIG", "AWS_ENDPOINT_URL"],
  ])("fails for dev without %s", async (missing, given) => {
    process.env[given] = "/somewhere";
    delete process.env[missing];
    expect(await messageOf("dev", configOf({}))).toBe(
      'The configuration of stack "dev" has a problem:\n' +
        '  - there is no local platform: run `make up`, or before pulumi itself: eval "$(make env)"',
    );
  });

  test("fails with everything that is wrong at once, each with what mends it", async () => {
    const options = configOf({
      replica: "3",
      frobnicate: "1",
      region: "Frankfurt",
      awsEndpoint: "localhost:4566",
      eksCluster: "-shop",
      kubeconfig: " kubeconfig",
      namespace: "Shop",
      replicas: "many",
      logLevel: "LOUD",
      logRetentionDays: "0",
      webImage: "web:latest",
      pullAccounts: "123456789012,prod",
      deletionProtection: "yes",
      zones: "0",
      corsOrigins: "shop.example.com",
      archiveVersion: "live",
      alarmEmail: "nobody",
      sealKey: canary,
      sessionKey: canary,
    });
    expect(await messageOf("staging", { ...options, secretKeys: [] })).toBe(
      `The configuration of stack "staging" has 20 problems:
  - replica is no key: did you mean replicas?
      pulumi config set --stack staging replicas ...
      pulumi config rm --stack staging replica
  - frobnicate is no key: the keys are ${allKeys}
      pulumi config rm --stack staging frobnicate
  - region is "Frankfurt": give a region, like eu-central-1
      pulumi config set --stack staging region ...
  - awsAccountId is missing. AWS account that this environment may change; any other is refused.
      pulumi config set --stack staging awsAccountId 123456789012
  - awsEndpoint is "localhost:4566": give a URL without a user and a path, like http://127.0.0.1:4566
      pulumi config set --stack staging awsEndpoint ...
  - eksCluster is "-shop": give the name of an EKS cluster
      pulumi config set --stack staging eksCluster ...
  - kubeconfig is " kubeconfig": give the path of a file
      pulumi config set --stack staging kubeconfig ...
  - namespace is "Shop": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)
      pulumi config set --stack staging namespace ...
  - replicas is "many": give a whole number from 1 to 100
      pulumi config set --stack staging replicas ...
  - zones is "0": give a whole number from 1 to 100
      pulumi config set --stack staging zones ...
  - corsOrigins is "shop.example.com": give origins without a path, with commas between them, like https://shop.example.com,https://admin.example.com, or *
      pulumi config set --stack staging corsOrigins ...
  - logLevel is "LOUD": give one of DEBUG, INFO, WARNING, ERROR
      pulumi config set --stack staging logLevel ...
  - logRetentionDays is "0": ${logRetentionDays(0)}
      pulumi config set --stack staging logRetentionDays ...
  - archiveVersion is "live": give the number of a published version, like 7
      pulumi config set --stack staging archiveVersion ...
  - alarmEmail is "nobody": give one e-mail address
      pulumi config set --stack staging alarmEmail ...
  - webImage is "web:latest": give an image with its digest (repository@sha256:...) or a tag other than latest
      pulumi config set --stack staging webImage ...
  - pullAccounts is "123456789012,prod": give accounts' 12 digits, with commas between them
      pulumi config set --stack staging pullAccounts ...
  - deletionProtection is "yes": give true or false
      pulumi config set --stack staging deletionProtection ...
${inPlainText("sealKey")}
${inPlainText("sessionKey")}`,
    );
  });

  test("fails with an error that the engine prints without a stack", async () => {
    const options = { stack: "staging", ...configOf({}) };
    const failure = await record(readEnvironment, options).catch((error: Error) => error);
    expect(pulumi.RunError.isInstance(failure)).toBe(true);
  });

  test("fails for a secret in plain text without saying it", async () => {
    const options = {
      ...configOf({ ...cloud, sessionKey: canary }),
      secretKeys: ["groundwork:sealKey"],
    };
    expect(await messageOf("staging", options)).toBe(
      `The configuration of stack "staging" has a problem:
${inPlainText("sessionKey")}`,
    );
  });

  describe.each(["sealKey", "sessionKey"])("of the secret %s", (key) => {
    test.each([
      ["too short", canary.slice(0, 31), "give at least 32 characters"],
      ["blank at its end", `${canary} `, "leave out blanks at its ends"],
    ])("fails for one that is %s without saying it", async (_, value, wanted) => {
      expect(await messageOf("staging", configOf({ ...cloud, [key]: value }))).toBe(
        `The configuration of stack "staging" has a problem:
  - ${key} does not fit: ${wanted}
      pulumi config set --stack staging --secret ${key}`,
      );
    });
  });

  test.each(["sealKey", "sessionKey"] as const)(
    "fails when the secret %s is missing",
    async (key) => {
      expect(await messageOf("staging", configOf({ ...cloud, [key]: "" }))).toBe(
        `The configuration of stack "staging" has a problem:\n${missing("staging", key)}`,
      );
    },
  );

  test.each([
    ["Replicas", "replicas", "replicas ..."],
    ["loglevle", "logLevel", "logLevel ..."],
    ["ekscluster", "eksCluster", "eksCluster ..."],
    ["image", "webImage", "webImage ..."],
    ["seelKey", "sealKey", "--secret sealKey"],
  ])("fails for the unknown key %s with the nearest one", async (key, meant, set) => {
    expect(await messageOf("staging", configOf({ ...cloud, [key]: canary }))).toBe(
      `The configuration of stack "staging" has a problem:
  - ${key} is no key: did you mean ${meant}?
      pulumi config set --stack staging ${set}
      pulumi config rm --stack staging ${key}`,
    );
  });

  test.each(["constructor", "tag"])("fails for the unknown key %s with all keys", async (key) => {
    expect(await messageOf("staging", configOf({ ...cloud, [key]: "1" }))).toBe(
      `The configuration of stack "staging" has a problem:
  - ${key} is no key: the keys are ${allKeys}
      pulumi config rm --stack staging ${key}`,
    );
  });

  test("fails for an encrypted value of any key without saying it", async () => {
    const { config, secretKeys = [] } = configOf({ ...cloud, logLevel: canary });
    const options = { config, secretKeys: [...secretKeys, "groundwork:logLevel"] };
    expect(await messageOf("staging", options)).toBe(
      `The configuration of stack "staging" has a problem:
  - logLevel does not fit: give one of DEBUG, INFO, WARNING, ERROR
      pulumi config set --stack staging logLevel ...`,
    );
  });

  test("fails for a URL with a password without saying it", async () => {
    const given = { ...cloud, awsEndpoint: `http://me:${canary}@localhost:4566` };
    expect(await messageOf("staging", configOf(given))).toBe(
      `The configuration of stack "staging" has a problem:
  - awsEndpoint is "http://...@localhost:4566": give a URL without a user and a path, like http://127.0.0.1:4566
      pulumi config set --stack staging awsEndpoint ...`,
    );
  });

  test("fails for a number of days for which logs can't be kept, with the components' words", async () => {
    expect(await messageOf("staging", configOf({ ...cloud, logRetentionDays: "31" }))).toBe(
      `The configuration of stack "staging" has a problem:
  - logRetentionDays is "31": ${logRetentionDays(31)}
      pulumi config set --stack staging logRetentionDays ...`,
    );
  });

  test.each(["0x10", "1e1", "10.0", "+10", " 10", "1_0", "Infinity"])(
    "fails for the number %p, which is not written in digits alone",
    async (replicas) => {
      expect(await messageOf("staging", configOf({ ...cloud, replicas }))).toBe(
        `The configuration of stack "staging" has a problem:
  - replicas is "${replicas}": give a whole number from 1 to 100
      pulumi config set --stack staging replicas ...`,
      );
    },
  );

  test.each(["unheard-of", "constructor"])("fails for the unknown stack %s", async (stack) => {
    expect(await messageOf(stack, configOf({}))).toBe(
      `The configuration of stack "${stack}" has a problem:
  - "${stack}" is no environment: the environments are ${Object.keys(environments).join(", ")}. To add it:
      make new-environment NAME=${stack} FROM=...`,
    );
  });
});
