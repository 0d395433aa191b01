import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { environments, isLocal } from "../../config/environments";

const root = join(__dirname, "../..");
const folder = join(root, ".github", "workflows");

interface Step {
  readonly run?: string;
  readonly uses?: string;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly with?: { readonly stack?: string };
  readonly concurrency?: unknown;
  readonly steps?: readonly Step[];
  readonly "timeout-minutes"?: number;
}

const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), "utf8");
  const { permissions, jobs } = parse(text) as {
    permissions?: unknown;
    jobs: Readonly<Record<string, Job>>;
  };
  return { name, text, permissions, jobs };
});

/** A workflow of this name. */
function workflow(name: string) {
  const found = workflows.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

// What zizmor does not see to: it runs in `make check`.
describe.each(workflows)("the workflow $name", ({ text, permissions, jobs }) => {
  test("gives no rights but to single jobs", () => {
    expect(permissions).toEqual({});
  });

  test("ends every job in time", () => {
    const endless = Object.entries(jobs).filter(
      ([, job]) => job.uses === undefined && job["timeout-minutes"] === undefined,
    );
    expect(endless).toEqual([]);
  });

  test("says the version of every action that it pins", () => {
    const uses = text.match(/uses: (?!\.\/).*/g) ?? [];
    expect(uses.filter((use) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use))).toEqual([]);
  });

  test("puts no expression into a script", () => {
    const scripts = Object.values(jobs).flatMap(({ steps = [] }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });
});

describe("a deployment", () => {
  const { jobs } = workflow("deploy.yml");

  const cloud = Object.keys(environments).filter((name) => !isLocal(name));

  test("takes every stack in the cloud in the order of promotion, one after the other", () => {
    expect(Object.keys(jobs)).toEqual(["dev", ...cloud]);
    const [first, ...rest] = Object.entries(jobs);
    expect(first?.[1].needs).toBe(undefined);
    expect(rest.map(([, job]) => job.needs)).toEqual(Object.keys(jobs).slice(0, -1));
  });

  test("takes a stack one at a time, and is never cut off", () => {
    const reused = Object.entries(jobs).filter(([, job]) => job.uses !== undefined);
    for (const [stack, job] of reused) {
      expect(job.with?.stack).toBe(stack);
      expect(job.concurrency).toEqual({ group: `deploy-${stack}`, "cancel-in-progress": false });
    }
    expect(reused.map(([stack]) => stack)).toEqual(cloud);
  });
});

test("what may write to pull requests runs nothing of theirs", () => {
  const { jobs } = workflow("comment.yml");
  const steps = Object.values(jobs).flatMap(({ steps = [] }) => steps);
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual([]);
  expect(steps.map(({ uses }) => uses?.split("@")[0])).toEqual([
    "actions/checkout",
    "actions/download-artifact",
    "actions/github-script",
  ]);
});
