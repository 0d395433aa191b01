import { askRegistry, emulated } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// The steps of a registry's life in order: each one needs the one before. What the emulator does not
// know is left to mocks: caches, templates, and more than one rule of replication.
jest.setTimeout(5 * 60_000);

let copy: Copy;
let before: readonly string[];
let gone = false;

const given = {
  releases: "5",
  accounts: '["210987654321"]',
  protect: "true",
  replica: "eu-west-1",
};

beforeAll(async () => {
  before = await emulated();
  copy = await copyProgram("test/integration/registry-program.ts");
  await configure(given);
});

afterAll(async () => {
  if (!gone) await destroy();
  removeCopy();
});

async function destroy(): Promise<void> {
  await configure({ protect: "false" });
  await copy.stack.up();
  await copy.stack.destroy();
  gone = true;
}

function configure(values: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(values).map(([key, value]) => [`changing:${key}`, { value }]);
  return copy.stack.setAllConfig(Object.fromEntries(entries));
}

/** What an update did, what stayed the same left out. */
async function update(): Promise<object> {
  const { summary } = await copy.stack.up();
  const { same: _, ...changes } = summary.resourceChanges ?? {};
  return changes;
}

const repositoryName = "registry-test/shop";

/** The text of a policy of the repository, parsed. */
async function policy(operation: string, text: string) {
  const answer = await askRegistry(operation, { repositoryName });
  return JSON.parse(String(answer[text]));
}

const replication = { destinations: [{ region: "eu-west-1", registryId: "123456789012" }] };

test("makes everything, and nothing again", async () => {
  // The stack, its provider, 6 components, 3 repositories with their rules and one policy, 3 of the
  // alarm topic, 6 of scanning, 2 of replication.
  expect(await update()).toEqual({ create: 26 });
  expect(await update()).toEqual({});
});

test("applies lifecycle rules in their order, and lets in whom it was told", async () => {
  const { rules } = await policy("GetLifecyclePolicy", "lifecyclePolicyText");
  expect(
    rules.map(({ rulePriority, description }: Record<string, unknown>) => [
      rulePriority,
      description,
    ]),
  ).toEqual([
    [1, "Keep images tagged deployed-*"],
    [2, "Expire images without a tag after 14 days"],
    [3, "Expire images tagged branch-* after 30 days"],
    [4, "Keep the last 5 images tagged release-*"],
    [5, "Keep the last 50 tagged images"],
  ]);
  const { Statement } = await policy("GetRepositoryPolicy", "policyText");
  expect(Statement.map(({ Principal }: Record<string, unknown>) => Principal)).toEqual([
    { AWS: ["210987654321"] },
    "*",
    { Service: "lambda.amazonaws.com" },
  ]);
  expect(await askRegistry("DescribeRegistry", {})).toMatchObject({
    replicationConfiguration: { rules: [replication] },
  });
});

test("changes rules and access also where the images are protected", async () => {
  await configure({ releases: "9", accounts: "[]", replica: "eu-north-1" });
  // The provider makes a lifecycle policy anew when its rules change.
  expect(await update()).toEqual({ update: 2, replace: 1 });

  const { rules } = await policy("GetLifecyclePolicy", "lifecyclePolicyText");
  expect(rules).toHaveLength(5);
  expect(rules[3].selection.countNumber).toBe(9);
  const { Statement } = await policy("GetRepositoryPolicy", "policyText");
  expect(Statement).toHaveLength(2);
});

test("leaves nothing when it is destroyed", async () => {
  await destroy();
  expect(await emulated()).toEqual(before);
  expect(await askRegistry("DescribeRegistry", {})).toMatchObject({
    replicationConfiguration: { rules: [] },
  });
});
