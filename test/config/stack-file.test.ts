import { readFileSync } from "node:fs";
import { checkStackFile, environments } from "../../config";
import { canary } from "../support/canary";
import { makeFolder } from "../support/folders";
import { inPlainText, missing } from "./support";

const check = (stack: string, content: string) =>
  checkStackFile(makeFolder({ [`Pulumi.${stack}.yaml`]: content }), stack);

/** Ciphertext that nobody can read, of the form that secrets have. */
const sealed = `v1:AAAAAAAAAAAAAAAA:${"A".repeat(40)}`;
const salt = `v1:AAAAAAAAAAA=:${sealed}`;
const providers = "pulumi:disable-default-providers: [aws, kubernetes]";

/** The file of a stack that has everything on AWS, with more lines in its config and at its top. */
const fileWith = (more: string, top = `encryptionsalt: ${salt}`) => `
${top}
config:
  ${providers}
  groundwork:awsAccountId: "000000000012"
  groundwork:eksCluster: shop
  groundwork:sealKey:
    secure: ${sealed}
  groundwork:sessionKey:
    secure: ${sealed}
${more}
`;

/** What is said of staging's file when it has more lines in its config. */
const said = (more: string, top?: string) => check("staging", fileWith(more, top));

const problem = (text: string, stack = "staging") =>
  `The configuration of stack "${stack}" has a problem:\n  - ${text}`;

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
  const more = `
  groundwork:replicas: 5
  groundwork:deletionProtection: true
  groundwork:kubeContext:
  groundwork:greeting:
    secure: ${sealed}
  docker:host: elsewhere
  pulumi:autonaming:
    pattern: "\${name}-\${hex(6)}"`;
  expect(said(more)).toBeUndefined();
});

test("needs no running platform", () => {
  expect(
    check("dev", fileWith("").replace(/.*(awsAccountId|eksCluster).*\n/g, "")),
  ).toBeUndefined();
});

test("tells everything that is wrong at once, each with what mends it, and no secret", () => {
  const content = `
config:
  ${providers}
  groundwork:sessionkey: ${canary}
  groundwork:greetings: hi
  groundwork:awsAccountId: 12
  groundwork:replicas: "0x10"
  groundwork:deletionProtection: "no"
  groundwork:webImage: web
  groundwork:sealKey: ${canary}
  groundwork:sessionKey: ${canary}
`;
  expect(check("staging", content)).toBe(
    `The configuration of stack "staging" has 9 problems:
  - sessionkey is no key: did you mean sessionKey?
      pulumi config set --stack staging --secret sessionKey
      pulumi config rm --stack staging sessionkey
  - greetings is no key: did you mean greeting?
      pulumi config set --stack staging greeting ...
      pulumi config rm --stack staging greetings
  - awsAccountId is "12": give an account's 12 digits
      pulumi config set --stack staging awsAccountId ...
  - eksCluster is missing. Name of the EKS cluster that services run on.
      pulumi config set --stack staging eksCluster groundwork
  - replicas is "0x10": give a whole number from 1 to 100
      pulumi config set --stack staging replicas ...
  - webImage is "web": give an image with its digest (repository@sha256:...) or a tag other than latest
      pulumi config set --stack staging webImage ...
  - deletionProtection is "no": give true or false
      pulumi config set --stack staging deletionProtection ...
${inPlainText("sealKey")}
${inPlainText("sessionKey")}`,
  );
});

test.each([`{ secret: ${canary} }`, `[${canary}]`])(
  "takes a secret within %s for one in plain text",
  (given) => {
    const content = fileWith("").replace(/sealKey:\n.*/, `sealKey: ${given}`);
    expect(check("staging", content)).toBe(
      `The configuration of stack "staging" has a problem:\n${inPlainText("sealKey")}`,
    );
  },
);

describe("of how the file is written", () => {
  test.each([
    [
      "groundwork:kubeContext: [a, b]",
      "kubeContext is a list: give one value\n      pulumi config set --stack staging kubeContext ...",
    ],
    [
      "groundwork:greeting: { text: Moin }",
      "greeting is a map: give one value\n      pulumi config set --stack staging greeting ...",
    ],
    [
      "groundwork:kubeContext: 1.10",
      "kubeContext is 1.10, which is a number in YAML: put it in quotes\n      pulumi config set --stack staging kubeContext ...",
    ],
    [
      "groundwork:greeting: 2026-01-31",
      "greeting is 2026-01-31, which is a date in YAML: put it in quotes\n      pulumi config set --stack staging greeting ...",
    ],
    [
      "groundwork:deletionProtection: True",
      'deletionProtection is "True": give true or false\n      pulumi config set --stack staging deletionProtection ...',
    ],
    [
      "groundwork:\n    replicas: 3",
      "groundwork is no key: write a key behind it, like groundwork:replicas: 3\n      pulumi config rm --stack staging groundwork",
    ],
    [
      `groundwork:namespace: ${"x".repeat(100)}`,
      `namespace is "${"x".repeat(76)}...: give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)\n      pulumi config set --stack staging namespace ...`,
    ],
    [
      "groundwork:replicas: 3.0",
      'replicas is "3.0": give a whole number from 1 to 100\n      pulumi config set --stack staging replicas ...',
    ],
    [
      "replicas: 0",
      'replicas is "0": give a whole number from 1 to 100\n      pulumi config set --stack staging replicas ...',
    ],
    [
      "groundwork:replicas: 2\n  groundwork:replicas: 3",
      "groundwork:replicas is set in line 11 and again in line 12: leave one of them",
    ],
    [
      "groundwork:replicas: 2\n  replicas: 3\n  groundwork:replicas: 2",
      "groundwork:replicas is set in line 11, 12 and again in line 13: leave one of them",
    ],
    [
      "groundwrk:replicas: 3",
      "groundwrk:replicas belongs to no project of this name: did you mean groundwork:replicas?\n      pulumi config rm --stack staging groundwrk:replicas",
    ],
    [
      "aws:region: eu-west-1",
      "aws:region has no effect: nothing is made through the default provider. Set region instead:\n      pulumi config set --stack staging region ...\n      pulumi config rm --stack staging aws:region",
    ],
    [
      "kubernetes:namespace: shop",
      "kubernetes:namespace has no effect: nothing is made through the default provider. Set namespace instead:\n      pulumi config set --stack staging namespace ...\n      pulumi config rm --stack staging kubernetes:namespace",
    ],
    [
      "aws:profile: me",
      "aws:profile has no effect: nothing is made through the default provider. Credentials come from the shell; what else a provider is given stands in stacks/providers.ts\n      pulumi config rm --stack staging aws:profile",
    ],
    [
      "pulumi:disable-default-provider: [aws]",
      "pulumi:disable-default-provider is none of the engine's keys: did you mean disable-default-providers?\n      pulumi config rm --stack staging pulumi:disable-default-provider",
    ],
  ])("tells of %p", (line, wanted) => {
    expect(said(`  ${line}`)).toBe(problem(wanted));
  });

  test.each([
    ["[aws]", "kubernetes", "[aws, kubernetes]"],
    ["aws", "aws and kubernetes", "[aws, kubernetes]"],
    ["[docker]", "aws and kubernetes", "[docker, aws, kubernetes]"],
  ])("tells of default providers that are on beside %s", (given, lacking, wanted) => {
    const content = fileWith("").replace("[aws, kubernetes]", given);
    expect(check("staging", content)).toBe(
      problem(
        `pulumi:disable-default-providers lacks ${lacking}: what is made through no explicit provider could go to the wrong account. Below config, write\n` +
          `      pulumi:disable-default-providers: ${wanted}`,
      ),
    );
  });

  test("takes a value from where * leads", () => {
    expect(said("  groundwork:greeting: &both hi\n  groundwork:logLevel: *both")).toBe(
      problem(
        'logLevel is "hi": give one of DEBUG, INFO, WARNING, ERROR\n      pulumi config set --stack staging logLevel ...',
      ),
    );
  });

  test("tells of a kubeconfig that is not there", () => {
    expect(said("  groundwork:kubeconfig: cluster/config")).toBe(
      problem(
        'kubeconfig is "cluster/config": there is no such file\n' +
          "      pulumi config set --stack staging kubeconfig ...\n" +
          "      or to do without it:\n" +
          "      pulumi config rm --stack staging kubeconfig",
      ),
    );
    expect(said("  groundwork:kubeconfig: Pulumi.staging.yaml")).toBeUndefined();
  });

  test("takes a wildcard for all default providers", () => {
    const content = fileWith("").replace("[aws, kubernetes]", '["*"]');
    expect(check("staging", content)).toBeUndefined();
  });

  test.each([
    ["replicas", "groundwork:replicas stands beside config: move it below config"],
    ["region", "region stands beside config: move it below config"],
    ["confg", "confg stands at the top of the file, where nothing reads it: did you mean config?"],
    [
      "backend",
      "backend stands at the top of the file, where nothing reads it: what can stand there is config, encryptionsalt, encryptedkey, secretsprovider, environment",
    ],
  ])("tells of %s at its top", (name, wanted) => {
    const written = name === "replicas" ? "groundwork:replicas" : name;
    expect(said("", `encryptionsalt: ${salt}\n${written}: 3`)).toBe(problem(wanted));
  });

  test("tells nothing more than that of a config with another name", () => {
    expect(check("staging", fileWith("").replace("config:", "Config:"))).toBe(
      problem("Config stands at the top of the file, where nothing reads it: did you mean config?"),
    );
  });

  test("tells of a second config", () => {
    const content = `config:\n  a: 1\n${fileWith("")}`;
    expect(check("staging", content)).toBe(
      problem("config is set in line 1 and again in line 5: leave one of them"),
    );
  });
});

test.each(['"": 1', ": 1", "~: 1", '"groundwork:": 1', "? \n  : 1"])(
  "tells of the empty key in %j",
  (line) => {
    expect(said(`  ${line}`)).toBe(
      problem("the key in line 11 is empty: write a name, or remove the line"),
    );
  },
);

describe("of secrets that nobody could decrypt", () => {
  const history = "      git log -p Pulumi.staging.yaml";

  test.each([
    ["cut off", sealed.slice(0, 30)],
    ["without its version", sealed.slice(3)],
    ["with a letter too few", sealed.slice(0, -1)],
    ["with another character", sealed.replace(/A$/, "!")],
    ["empty", '""'],
  ])("tells which is %s", (_, cipher) => {
    const content = fileWith("").replace(
      `sealKey:\n    secure: ${sealed}`,
      `sealKey:\n    secure: ${cipher}`,
    );
    expect(check("staging", content)).toBe(
      problem(
        "sealKey is encrypted, and its text is damaged. Set it again:\n      pulumi config set --stack staging --secret sealKey",
      ),
    );
  });

  test.each([
    ["another key", "note: mine"],
    ["2 other keys", "note: mine\n    by: me"],
  ])("tells which has %s", (others, lines) => {
    const content = fileWith("").replace("sealKey:\n", `sealKey:\n    ${lines}\n`);
    const next = `sealKey has ${others} next to secure, which makes it no secret`;
    expect(check("staging", content)).toContain(`${next}: remove what is not secure`);
  });

  describe("with the passphrase", () => {
    const file = readFileSync("Pulumi.dev.yaml", "utf8");
    const dev = (content: string, passphrase = "groundwork-dev") =>
      checkStackFile(makeFolder({ "Pulumi.dev.yaml": content }), "dev", passphrase);
    const [, cipher = ""] = /sealKey:\n +secure: (\S+)/.exec(file) ?? [];
    /** The text with the character at this place of it changed. */
    const damaged = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;

    test("finds nothing wrong with what it opens", () => {
      expect(dev(file)).toBeUndefined();
    });

    test.each([5, 25, 60])("tells which has another character at %i", (at) => {
      expect(dev(file.replace(cipher, damaged(cipher, at)))).toBe(
        problem(
          "sealKey is encrypted, and its text is damaged. Set it again:\n      pulumi config set --stack dev --secret sealKey",
          "dev",
        ),
      );
    });

    test("tells of a salt that another passphrase was used with", () => {
      expect(dev(file, "another")).toBe(
        problem(
          "encryptionsalt does not fit the passphrase. Unset PULUMI_CONFIG_PASSPHRASE, or set the one that the stack was made with; if that is the one, take encryptionsalt back from the file's history\n      git log -p Pulumi.dev.yaml",
          "dev",
        ),
      );
    });
  });

  test("tells when what they are encrypted with is missing", () => {
    expect(said("", "")).toBe(
      problem(`what the secrets are encrypted with is missing: encryptionsalt, or secretsprovider and encryptedkey. Take it back from the file's history:
${history}
      or, if it is lost, remove the secrets from the file and set them again:
      pulumi config set --stack staging --secret sealKey
      pulumi config set --stack staging --secret sessionKey`),
    );
  });

  test("tells when the key of a KMS is missing", () => {
    const top = `secretsprovider: awskms://alias/groundwork-staging\nencryptionsalt: ${salt}`;
    expect(said("", top)).toBe(
      problem(
        `there is a secretsprovider and no encryptedkey: take it back from the file's history\n${history}`,
      ),
    );
  });

  test("tells of a damaged salt", () => {
    expect(said("", `encryptionsalt: ${salt.slice(3)}`)).toBe(
      problem(`encryptionsalt is damaged: take it back from the file's history\n${history}`),
    );
  });

  test("takes those whose key a KMS or Pulumi Cloud has", () => {
    const kms = "secretsprovider: awskms://alias/groundwork-staging\nencryptedkey: AQICAHg=";
    expect(said("", kms)).toBeUndefined();
    expect(check("staging", fileWith("", "").replaceAll(sealed, "AAABAGgo"))).toBeUndefined();
  });
});

describe("of a file that says nothing", () => {
  const lacking = `  - pulumi:disable-default-providers lacks aws and kubernetes: what is made through no explicit provider could go to the wrong account. Below config, write
      pulumi:disable-default-providers: [aws, kubernetes]
  - awsAccountId is missing. AWS account that this environment may change; any other is refused.
      pulumi config set --stack staging awsAccountId 123456789012
  - eksCluster is missing. Name of the EKS cluster that services run on.
      pulumi config set --stack staging eksCluster groundwork
${missing("staging", "sealKey")}
${missing("staging", "sessionKey")}`;

  test.each([
    ["is empty", ""],
    ["has no config", `encryptionsalt: ${salt}\n`],
    ["has an empty config", "config:\n"],
    ["has comments alone", "# nothing yet\n"],
  ])("tells what is missing when it %s", (_, content) => {
    expect(check("staging", content)).toBe(
      `The configuration of stack "staging" has 5 problems:\n${lacking}`,
    );
  });
});

describe("of no file to read", () => {
  const restore = (stack: string) =>
    `there is no Pulumi.${stack}.yaml. To have it back from the last commit:\n      git restore Pulumi.${stack}.yaml`;

  test("tells how to have back or make the one of an environment", () => {
    const [other] = Object.entries(environments).filter(
      ([name, { platform }]) => name !== "staging" && platform === "aws",
    );
    expect(checkStackFile(makeFolder(), "staging")).toBe(
      problem(
        `${restore("staging")}\n      or to make it:\n      make new-environment NAME=staging FROM=${other?.[0]}`,
      ),
    );
  });

  test("does not propose to make one like another on another platform", () => {
    const others = Object.entries(environments).filter(
      ([name, { platform }]) => name !== "dev" && platform === "local",
    );
    const like = others.map(
      ([name]) => `\n      or to make it:\n      make new-environment NAME=dev FROM=${name}`,
    );
    expect(checkStackFile(makeFolder(), "dev")).toBe(
      problem(`${restore("dev")}${like[0] ?? ""}`, "dev"),
    );
  });

  const names = Object.keys(environments).join(", ");
  test.each([
    ["unheard-of", `the environments are ${names}.`],
    ["prd", "did you mean prod?"],
    ["constructor", `the environments are ${names}.`],
  ])("tells that %s is no environment", (stack, hint) => {
    const wanted = problem(
      `"${stack}" is no environment: ${hint} To add it:\n      make new-environment NAME=${stack} FROM=...`,
      stack,
    );
    expect(checkStackFile(makeFolder(), stack)).toBe(wanted);
    expect(check(stack, fileWith(""))).toBe(wanted);
  });

  test.each(["config: [a]\n", "config: 3\n", "staging\n", "- config\n"])(
    "tells that there is no map in %p",
    (content) => {
      const folder = makeFolder({ "Pulumi.staging.yaml": content });
      expect(checkStackFile(folder, "staging")).toBe(
        `${folder}/Pulumi.staging.yaml can't be read:
there is no map below config. Write a line for each key there, like groundwork:replicas: 3`,
      );
    },
  );

  test.each([
    [
      "  groundwork:x: [\n",
      "Flow sequence in block collection must be sufficiently indented and end with a ] at line 13, column 1",
    ],
    ["\tgroundwork:replicas: 3", "Tabs are not allowed as indentation at line 11, column 1"],
    ["  groundwork:corsOrigins: *", "What begins with * or & must be in quotes, at line 11"],
    ["  groundwork:corsOrigins: *any", "What begins with * or & must be in quotes, at line 11"],
    ["---\nconfig: {}", "There must be no second document (---), at line 11"],
    [
      "<<<<<<< HEAD\n  groundwork:replicas: 3\n=======\n>>>>>>> theirs",
      "There is a merge conflict at line 11",
    ],
  ])("names the file that is no YAML, with where it breaks: %j", (line, wanted) => {
    const folder = makeFolder({ "Pulumi.staging.yaml": fileWith(line) });
    expect(checkStackFile(folder, "staging")).toBe(
      `${folder}/Pulumi.staging.yaml can't be read:\n${wanted}`,
    );
  });

  test("does not say what stands in a file that is no YAML", () => {
    const said = check("staging", `config:\n  groundwork:sessionKey: ${canary}: x\n`);
    expect(said).toContain("can't be read");
    expect(said).not.toContain(canary);
  });

  test("names the file that can't be read", () => {
    const folder = makeFolder({ "Pulumi.staging.yaml/inside": "" });
    expect(checkStackFile(folder, "staging")).toBe(
      `${folder}/Pulumi.staging.yaml can't be read:\nEISDIR: illegal operation on a directory, read`,
    );
  });
});
