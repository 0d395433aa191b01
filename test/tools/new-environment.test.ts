import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { environments } from "../../config";
import { environments as print } from "../../tools/commands/environments";
import { newEnvironment } from "../../tools/commands/new-environment";
import { environmentName, withEnvironment } from "../../tools/new-environment";
import { Failure } from "../../tools/support/failure";
import { layout } from "../../tools/support/layout";
import { makeFolder } from "../support/folders";

const table = `export const environments = {
  dev: { platform: "local" },
  staging: { platform: "aws" },
  prod: { platform: "aws", production: true },
};
`;

const staging = `# Before the first update of staging:
#   pulumi stack init staging --secrets-provider "awskms://alias/groundwork-staging"
secretsprovider: awskms://alias/groundwork-staging
encryptedkey: AQICAHg=
config:
  # Whatever is made through no explicit provider could go to the wrong account.
  pulumi:disable-default-providers: [aws, kubernetes]
  # Ours alone.
  groundwork:awsAccountId: "111111111111"
  groundwork:eksCluster: groundwork-staging
  groundwork:namespace: shop-staging
  groundwork:greeting: Hello from staging
  # As many as there are zones.
  groundwork:replicas: "2"
  groundwork:sealKey:
    secure: v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAA
`;

const dev = `encryptionsalt: v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAA
config:
  # Its passphrase is "groundwork-dev".
  groundwork:namespace: mine
  groundwork:sealKey:
    secure: v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAA
  groundwork:logLevel: DEBUG # all of it
`;

const files = {
  "config/environments.ts": table,
  "Pulumi.dev.yaml": dev,
  "Pulumi.staging.yaml": staging,
  "Pulumi.prod.yaml": "config:\n  groundwork:zones: 3\n",
};

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  jest.spyOn(console, "log").mockImplementation((text) => void said.push(String(text)));
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A tree in which an environment was made, and what was said of it. */
async function make(name: string, from: string, more: Readonly<Record<string, string>> = {}) {
  const root = makeFolder({ ...files, ...more });
  await newEnvironment({ here: layout(root), stack: "dev", args: [name, from] });
  const read = (path: string) => readFileSync(`${root}/${path}`, "utf8");
  return {
    file: read(`Pulumi.${name}.yaml`),
    table: read("config/environments.ts"),
    said: said[0],
  };
}

describe("a new environment on AWS", () => {
  test("takes over what does not belong to the other one, with the comments", async () => {
    const made = await make("it", "staging");
    expect(made.file).toBe(`# Before the first update of it:
#   pulumi stack init it --secrets-provider "awskms://alias/groundwork-it"
config:
  # Whatever is made through no explicit provider could go to the wrong account.
  pulumi:disable-default-providers: [aws, kubernetes]
  groundwork:greeting: Hello from staging
  # As many as there are zones.
  groundwork:replicas: "2"
`);
    expect(made.table).toBe(table.replace("  prod:", '  it: { platform: "aws" },\n  prod:'));
  });

  test("is told with everything that is still to be set", async () => {
    expect(
      (await make("it", "staging")).said,
    ).toBe(`Pulumi.it.yaml is written, with the values of staging.
Left out, as staging's own: awsAccountId, eksCluster, namespace, sealKey.
config/environments.ts has a line for it behind that of staging. They stand in the
order of promotion: move it if it belongs elsewhere.

Next, in a new shell with credentials of the account that it is for:
  make engine && eval "$(make -s env STACK=it)"
  pulumi login
  pulumi stack init it --secrets-provider "awskms://alias/groundwork-it?region=eu-central-1"
  pulumi config set --stack it awsAccountId 123456789012
  pulumi config set --stack it eksCluster groundwork
  pulumi config set --stack it namespace ...
  pulumi config set --stack it --secret sealKey
  pulumi config set --stack it --secret sessionKey
  make preview STACK=it`);
  });

  test("is production where the other one is", async () => {
    expect((await make("eu-prod", "prod")).table).toContain(
      '\n  prod: { platform: "aws", production: true },\n  "eu-prod": { platform: "aws", production: true },\n};',
    );
  });
});

describe("a new local environment", () => {
  test("takes over the secrets too, which have the same passphrase", async () => {
    const made = await make("box", "dev");
    expect(made.file).toBe(
      dev.replace("  groundwork:namespace: mine\n", "").replace(/ *#.*"\n/, ""),
    );
    expect(made.table).toBe(
      table.replace("  staging:", '  box: { platform: "local" },\n  staging:'),
    );
    expect(made.said).toContain("\n\nNext: make up STACK=box");
  });
});

test("an environment that lacks its file alone gets it", async () => {
  const { "Pulumi.staging.yaml": _, ...others } = files;
  const root = makeFolder(others);
  await newEnvironment({ here: layout(root), stack: "dev", args: ["staging", "prod"] });
  expect(parse(readFileSync(`${root}/Pulumi.staging.yaml`, "utf8"))).toEqual({
    config: { "groundwork:zones": 3 },
  });
  expect(readFileSync(`${root}/config/environments.ts`, "utf8")).toBe(table);
});

describe("no environment is made", () => {
  const names = Object.keys(environments).join(", ");
  const wellFormed =
    "give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)";

  test.each([
    [
      "",
      "",
      "NAME is missing: give the new environment's name",
      `FROM is missing: give one of ${names}`,
    ],
    ["Qa", "staging", `NAME is "Qa": ${wellFormed}`],
    ["../qa", "staging", `NAME is "../qa": ${wellFormed}`],
    ["q".repeat(53), "prod", `NAME is "${"q".repeat(53)}": give at most 52 characters`],
    ["dev", "prod", "there is a Pulumi.dev.yaml: give another NAME, or remove it"],
    ["it", "stagin", 'FROM is "stagin", which is no environment: did you mean staging?'],
    ["it", "toString", `FROM is "toString", which is no environment: give one of ${names}`],
  ])("for NAME=%s FROM=%s", async (name, from, ...problems) => {
    const root = makeFolder(files);
    const here = layout(root);
    const failure = await newEnvironment({ here, stack: "dev", args: [name, from] }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).next).toEqual([
      ...problems.map((problem) => `  - ${problem}`),
      "For instance: make new-environment NAME=qa FROM=staging",
    ]);
    for (const [path, content] of Object.entries(files)) {
      expect(readFileSync(`${root}/${path}`, "utf8")).toBe(content);
    }
  });

  test("on another platform than it is listed for", async () => {
    const { "Pulumi.staging.yaml": _, ...others } = files;
    const here = layout(makeFolder(others));
    await expect(
      newEnvironment({ here, stack: "dev", args: ["staging", "dev"] }),
    ).rejects.toMatchObject({
      next: [
        "  - staging and dev are not on the same platform: give another FROM",
        "For instance: make new-environment NAME=qa FROM=staging",
      ],
    });
  });

  test("where the table has no line to write below", () => {
    expect(withEnvironment("dev: {},", "it", "dev")).toBeUndefined();
  });
});

test.each(["a", "qa", "eu-prod2", "q".repeat(52)])("%s can be an environment", (name) => {
  expect(environmentName(name)).toBeUndefined();
});

test("a new environment has its line in the repository's table", () => {
  const own = readFileSync("config/environments.ts", "utf8");
  for (const from of Object.keys(environments)) {
    expect(withEnvironment(own, "it", from)?.length).toBeGreaterThan(own.length);
  }
});

test("the environments are printed for a matrix, in order of promotion", async () => {
  await print({ here: layout("/tree"), stack: "dev", args: [] });
  const list = JSON.parse(said.join(""));
  expect(list.map(({ name }: { name: string }) => name)).toEqual(Object.keys(environments));
  expect(list[0]).toEqual({ name: "dev", platform: "local", production: false });
  expect(list.at(-1)).toEqual({ name: "prod", platform: "aws", production: true });
});
