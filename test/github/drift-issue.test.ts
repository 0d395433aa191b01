import settle from "../../.github/scripts/drift-issue.js";
import { marker } from "../../tools/report/report";
import { makeFolder } from "../support/folders";
import { fakeGithub } from "./support";

const repo = { owner: "us", repo: "it" };
const body = (stack: string) => `${marker(stack, "Drift")}\n1 changed`;
const bot = { login: "github-actions[bot]" };

/** Runs the script on artifacts, and gives what it did beside looking. */
async function run(reports: Readonly<Record<string, string>>, issues: readonly unknown[] = []) {
  const files = Object.fromEntries(
    Object.entries(reports).map(([stack, text]) => [`drift-${stack}/drift-${stack}.md`, text]),
  );
  const fake = fakeGithub({ listForRepo: issues });
  await settle({
    github: fake.github,
    core: fake.core,
    folder: makeFolder(files),
    stacks: ["staging", "prod"],
    context: { repo },
  });
  const writes = fake.calls.filter(({ method }) => !method.startsWith("list"));
  return { ...fake, writes };
}

describe("the issue of a stack", () => {
  test("is opened when the stack has drifted", async () => {
    const { writes, said } = await run({ staging: body("staging"), prod: "" });
    expect(writes).toEqual([
      {
        method: "create",
        params: { ...repo, title: "staging has drifted", body: body("staging"), labels: ["drift"] },
      },
    ]);
    expect(said).toEqual(["prod: no drift", "staging: #7 opened"]);
  });

  test("is brought up to date as long as it has", async () => {
    const issues = [
      { number: 3, user: bot, body: body("prod") },
      { number: 4, user: bot, body: body("staging") },
    ];
    const { writes, calls } = await run({ staging: body("staging") }, issues);
    expect(writes).toEqual([
      { method: "update", params: { ...repo, issue_number: 4, body: body("staging") } },
    ]);
    expect(calls[0]).toEqual({
      method: "listForRepo",
      params: { ...repo, state: "open", labels: "drift", per_page: 100 },
    });
  });

  test("is closed when it has no longer", async () => {
    const issues = [{ number: 4, user: bot, body: body("staging") }];
    const { writes } = await run({ staging: "" }, issues);
    expect(writes).toEqual([
      {
        method: "createComment",
        params: { ...repo, issue_number: 4, body: "It is as it was deployed again." },
      },
      {
        method: "update",
        params: { ...repo, issue_number: 4, state: "closed", state_reason: "completed" },
      },
    ]);
  });

  test("is left alone when nobody could look", async () => {
    const issues = [{ number: 4, user: bot, body: body("staging") }];
    const { writes, failures } = await run({}, issues);
    expect([writes, failures]).toEqual([[], []]);
  });

  test("is never one that somebody else wrote", async () => {
    const issues = [{ number: 4, user: { login: "somebody" }, body: body("staging") }];
    const { writes } = await run({ staging: "" }, issues);
    expect(writes).toEqual([]);
  });

  test("fails for a report that is not as expected", async () => {
    const { writes, failures } = await run({ staging: "buy this" });
    expect(writes).toEqual([]);
    expect(failures).toEqual(['Refused:\n"drift-staging": its report does not begin as one']);
  });
});
