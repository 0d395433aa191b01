import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { logRetentionDays } from "../components/rules";
import { type Recording, type RecordOptions, record } from "../components/testing";
import { checkStackFile, type Environment, keys, readEnvironment } from "../config";
import type { Key } from "../keys";
import { canary } from "./support/canary";
import { makeFolder } from "./support/folders";
import { refusal } from "./support/refusals";
import { withoutVariables } from "./support/variables";

withoutVariables("AWS_ENDPOINT_URL", "KUBECONFIG", "GROUNDWORK_IMAGE_REGISTRY");

const secrets = {
  sealKey: "a seal key of more than 32 characters",
  sessionKey: "a session key of more than 32 characters",
};
const allKeys = Object.keys(keys).join(", ");

/** Config of the project by its keys, with the secrets unless they are given. */
function configOf(given: Readonly<Record<string, string>>): Partial<RecordOptions> {
  const config = Object.entries({ ...secrets, ...given }).map(([key, value]) => [
    `groundwork:${key}`,
    value,
  ]);
  return {
    config: Object.fromEntries(config),
    secretKeys: Object.keys(secrets).map((key) => `groundwork:${key}`),
  };
}

/** What a program in a stack with this config reads, with its secrets resolved. */
async function read(stack: string, given: Readonly<Record<string, string>>) {
  let environment: Environment | undefined;
  const recording: Recording = await record(
    () => {
      environment = readEnvironment();
      return { sealKey: environment.sealKey, sessionKey: environment.sessionKey };
    },
    { stack, ...configOf(given) },
  );
  return { ...environment, ...recording.outputs };
}

/** The message with which a program in a stack with this config ends. */
async function messageOf(stack: string, options: Partial<RecordOptions>): Promise<string> {
  const refused = await refusal(readEnvironment, { stack, ...options });
  expect(refused.resources).toEqual([]);
  return refused.message;
}

const purposes = {
  sealKey: "Key with which the archive seals what it keeps.",
  sessionKey: "Key with which the web service signs what it hands out.",
};

/** What is said of a secret that a stack does not have. */
const missing = (stack: string, key: keyof typeof secrets) =>
  `  - ${key} is missing. ${purposes[key]}
      pulumi config set --stack ${stack} --secret ${key}`;

/** What is said of a secret that stands in staging's config as it is. */
const inPlainText = (key: keyof typeof secrets) =>
  `  - ${key} is a secret and stands in plain text. Replace it, as it is known now:
      pulumi config set --stack staging --secret ${key}`;

const cloud = { awsAccountId: "123456789012", eksCluster: "shop" };

const defaults = {
  region: "eu-central-1",
  awsAccountId: "",
  awsEndpoint: "",
  eksCluster: "",
  kubeconfig: "",
  kubeContext: "",
  namespace: "",
  replicas: 3,
  greeting: "Hello from groundwork",
  logLevel: "INFO",
  logRetentionDays: 30,
  webImage: "",
  retainData: true,
  ...secrets,
  imageRegistry: undefined,
};

test("Pulumi.yaml lists the keys that config.ts declares, with type, description and default", () => {
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: object };
  const declared = Object.entries<Key>(keys).map(([name, key]) => [
    name,
    {
      type: key.type,
      description: key.description,
      default: key.default,
      ...(key.secret && { secret: true }),
    },
  ]);
  expect(project.config).toEqual(Object.fromEntries(declared));
  expect(Object.keys(project.config)).toEqual(Object.keys(keys));
});

describe("readEnvironment", () => {
  test.each(["staging", "prod"])("default of %s is on AWS", async (stack) => {
    expect(await read(stack, cloud)).toEqual({
      ...defaults,
      ...cloud,
      name: stack,
      platform: "aws",
    });
  });

  test("custom takes every key", async () => {
    const image = "example.com/web:1";
    const given = {
      ...cloud,
      region: "us-gov-west-1",
      awsEndpoint: "http://127.0.0.1:4566",
      kubeconfig: "/etc/kube config",
      kubeContext: "there",
      namespace: "shop",
      replicas: "100",
      greeting: "Moin",
      logLevel: "ERROR",
      logRetentionDays: "3653",
      webImage: image,
      retainData: "false",
    };
    expect(await read("prod", given)).toEqual({
      ...given,
      ...secrets,
      replicas: 100,
      logRetentionDays: 3653,
      retainData: false,
      name: "prod",
      platform: "aws",
      imageRegistry: undefined,
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
    const config = { ...options.config, "aws:profile": "me", "other:groundwork:x": "1" };
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
      retainData: "yes",
      sealKey: canary,
      sessionKey: canary,
    });
    expect(await messageOf("staging", { ...options, secretKeys: [] })).toBe(
      `The configuration of stack "staging" has 15 problems:
  - replica is no key: did you mean replicas?
      pulumi config rm --stack staging replica
  - frobnicate is no key: the keys are ${allKeys}
      pulumi config rm --stack staging frobnicate
  - region is "Frankfurt": give a region, like eu-central-1
      pulumi config set --stack staging region ...
  - awsAccountId is missing. AWS account that this environment may change; any other is refused.
      pulumi config set --stack staging awsAccountId 123456789012
  - awsEndpoint is "localhost:4566": give a URL without a path, like http://127.0.0.1:4566
      pulumi config set --stack staging awsEndpoint ...
  - eksCluster is "-shop": give the name of an EKS cluster
      pulumi config set --stack staging eksCluster ...
  - kubeconfig is " kubeconfig": give the path of a file
      pulumi config set --stack staging kubeconfig ...
  - namespace is "Shop": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)
      pulumi config set --stack staging namespace ...
  - replicas is "many": give a whole number from 1 to 100
      pulumi config set --stack staging replicas ...
  - logLevel is "LOUD": give one of DEBUG, INFO, WARNING, ERROR
      pulumi config set --stack staging logLevel ...
  - logRetentionDays is "0": ${logRetentionDays(0)}
      pulumi config set --stack staging logRetentionDays ...
  - webImage is "web:latest": give an image with its digest (repository@sha256:...) or a tag other than latest
      pulumi config set --stack staging webImage ...
  - retainData is "yes": give true or false
      pulumi config set --stack staging retainData ...
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
    ["Replicas", "did you mean replicas?"],
    ["loglevle", "did you mean logLevel?"],
    ["ekscluster", "did you mean eksCluster?"],
    ["image", "did you mean webImage?"],
    ["constructor", `the keys are ${allKeys}`],
    ["tag", `the keys are ${allKeys}`],
  ])("fails for the unknown key %s with the nearest one", async (key, hint) => {
    expect(await messageOf("staging", configOf({ ...cloud, [key]: "1" }))).toBe(
      `The configuration of stack "staging" has a problem:
  - ${key} is no key: ${hint}
      pulumi config rm --stack staging ${key}`,
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

  test.each(["qa", "constructor"])("fails for the unknown stack %s", async (stack) => {
    expect(await messageOf(stack, configOf({}))).toBe(
      `The configuration of stack "${stack}" has a problem:
  - "${stack}" is no environment: use one of dev, staging, prod, or add a line for it to \`environments\` in config.ts`,
    );
  });
});

describe("checkStackFile", () => {
  const check = (stack: string, content: string) =>
    checkStackFile(makeFolder({ [`Pulumi.${stack}.yaml`]: content }), stack);

  test("finds nothing wrong with the repository's dev", () => {
    expect(checkStackFile(".", "dev")).toBeUndefined();
  });

  // They are set with each one's own key, which no file in the repository can bring along.
  test.each(["staging", "prod"])("misses the secrets of the repository's %s", (stack) => {
    expect(checkStackFile(".", stack)).toBe(
      `The configuration of stack "${stack}" has 2 problems:
${missing(stack, "sealKey")}
${missing(stack, "sessionKey")}`,
    );
  });

  test("takes values of YAML's own types, and ciphertext that it can't read", () => {
    const content = `
encryptionsalt: v1:salt
config:
  aws:region: nowhere
  groundwork:awsAccountId: "000000000012"
  groundwork:eksCluster: shop
  groundwork:replicas: 5
  groundwork:retainData: true
  groundwork:kubeContext:
  groundwork:greeting:
    secure: v1:abc
  groundwork:sealKey:
    secure: v1:def
  groundwork:sessionKey:
    secure: v1:ghi
`;
    expect(check("prod", content)).toBeUndefined();
  });

  test("needs no running platform", () => {
    const encrypted = (key: string) => `  groundwork:${key}:\n    secure: v1:a\n`;
    const content = `config:\n${encrypted("sealKey")}${encrypted("sessionKey")}`;
    expect(check("dev", content)).toBeUndefined();
  });

  test("tells everything that is wrong at once, each with what mends it, and no secret", () => {
    const content = `
config:
  groundwork:sessionkey: ${canary}
  groundwork:greetings: hi
  groundwork:awsAccountId: 12
  groundwork:replicas: "0x10"
  groundwork:retainData: "no"
  groundwork:webImage: web
  groundwork:sealKey: ${canary}
  groundwork:sessionKey: ${canary}
`;
    expect(check("staging", content)).toBe(
      `The configuration of stack "staging" has 9 problems:
  - sessionkey is no key: did you mean sessionKey?
      pulumi config rm --stack staging sessionkey
  - greetings is no key: did you mean greeting?
      pulumi config rm --stack staging greetings
  - awsAccountId is "12": give an account's 12 digits
      pulumi config set --stack staging awsAccountId ...
  - eksCluster is missing. Name of the EKS cluster that services run on.
      pulumi config set --stack staging eksCluster groundwork
  - replicas is "0x10": give a whole number from 1 to 100
      pulumi config set --stack staging replicas ...
  - webImage is "web": give an image with its digest (repository@sha256:...) or a tag other than latest
      pulumi config set --stack staging webImage ...
  - retainData is "no": give true or false
      pulumi config set --stack staging retainData ...
${inPlainText("sealKey")}
${inPlainText("sessionKey")}`,
    );
  });

  test.each([
    ["is empty", ""],
    ["has no config", "encryptionsalt: v1:a\n"],
    ["has an empty config", "config:\n"],
    ["is only a word", "staging\n"],
  ])("tells what is missing when the file %s", (_, content) => {
    expect(check("staging", content)).toBe(missingEverything);
  });

  test("tells what is missing when there is no file", () => {
    expect(checkStackFile(makeFolder(), "staging")).toBe(missingEverything);
  });

  test("names the file that is no YAML, with where it breaks", () => {
    const folder = makeFolder({ "Pulumi.staging.yaml": "config: [\n" });
    expect(checkStackFile(folder, "staging")).toBe(
      `${folder}/Pulumi.staging.yaml can't be read:
Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1`,
    );
  });

  test("does not say what stands in a file that is no YAML", () => {
    expect(check("staging", `config:\n  groundwork:sessionKey: ${canary}: x\n`)).not.toContain(
      canary,
    );
  });

  test("names the file that can't be read", () => {
    const folder = makeFolder({ "Pulumi.staging.yaml/inside": "" });
    expect(checkStackFile(folder, "staging")).toBe(
      `${folder}/Pulumi.staging.yaml can't be read:\nEISDIR: illegal operation on a directory, read`,
    );
  });

  test("tells of a stack that is no environment", () => {
    expect(check("qa", "config:\n  groundwork:replicas: 3\n")).toBe(
      `The configuration of stack "qa" has a problem:
  - "qa" is no environment: use one of dev, staging, prod, or add a line for it to \`environments\` in config.ts`,
    );
  });

  const missingEverything = `The configuration of stack "staging" has 4 problems:
  - awsAccountId is missing. AWS account that this environment may change; any other is refused.
      pulumi config set --stack staging awsAccountId 123456789012
  - eksCluster is missing. Name of the EKS cluster that services run on.
      pulumi config set --stack staging eksCluster groundwork
${missing("staging", "sealKey")}
${missing("staging", "sessionKey")}`;
});
