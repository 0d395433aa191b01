import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Recording, record } from "../../components/testing";
import { deployEvery } from "../support/aws";

/** The program that `make check` has installed. */
const parliament = process.env["PARLIAMENT"] ?? "parliament";

/** Findings that are left out: how they begin, and the reason. */
const leftOut: Readonly<Record<string, RegExp>> = {
  "parliament knows no trust policies, which have no resource":
    /^\S+ \S+ assumeRolePolicy: MALFORMED/,
  'in a key\'s own policy "*" is the key, whose account decides who else may do what':
    /^aws:kms\/key:Key \S+ policy: (RESOURCE_STAR|PERMISSIONS_MANAGEMENT_ACTIONS)/,
};

/** A policy's text, by where it stands. */
type Policies = Readonly<Record<string, string>>;

/** What parliament says of a policy, a line of JSON each. */
interface Finding {
  readonly issue: string;
  readonly title: string;
  readonly detail: unknown;
  readonly location: { readonly filepath: string };
}

/** Every text among the inputs that is a policy document. */
function policiesOf({ resources }: Recording): Policies {
  const texts = resources.flatMap(({ type, name, inputs }) =>
    Object.entries(inputs).map(([input, value]) => [`${type} ${name} ${input}`, String(value)]),
  );
  return Object.fromEntries(texts.filter(([, text]) => text?.includes('"Statement":[')));
}

/** What parliament finds in policies, a line each. */
function findings(policies: Policies): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  try {
    const places = Object.keys(policies);
    places.forEach((place, i) => {
      writeFileSync(join(folder, `${i}.json`), policies[place] ?? "");
    });
    const { stdout, error, stderr } = spawnSync(
      parliament,
      ["--directory", folder, "--json", "--include-community-auditors"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    if (error) throw error;
    if (stderr !== "") throw new Error(stderr);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Finding)
      .map(({ issue, title, detail, location }) => {
        const place = places[Number.parseInt(basename(location.filepath), 10)];
        return `${place}: ${issue}: ${title} ${JSON.stringify(detail)}`;
      })
      .filter((line) => !Object.values(leftOut).some((known) => known.test(line)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("finds what is wrong", () => {
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sqs:Sent", Resource: "*" }],
  };
  expect(findings({ here: JSON.stringify(policy) })).toEqual([
    'here: UNKNOWN_ACTION: Unknown action "Unknown action sqs:Sent"',
  ]);
});

test("knows the policies of roles, and of what has one of its own", async () => {
  const policies = policiesOf(await record(() => deployEvery("default")));
  expect(Object.keys(policies)).toEqual(
    expect.arrayContaining([
      "aws:iam/rolePolicy:RolePolicy ship-policy policy",
      "aws:iam/role:Role ship-role assumeRolePolicy",
      "aws:sqs/queue:Queue orders policy",
    ]),
  );
});

test.each(["default", "full"] as const)("finds nothing in the %s configuration", async (kind) => {
  expect(findings(policiesOf(await record(() => deployEvery(kind))))).toEqual([]);
});
