import { symlinkSync } from "node:fs";
import { join } from "node:path";
import comment from "../../.github/scripts/comment.js";
import { marker } from "../../tools/report/report";
import { makeFolder } from "../support/folders";
import { fakeGithub } from "./support";

const sha = "4a5f0c61b2e9d84a7790e34a5f0c61b2e9d84a77";
const report = (stack: string, rest = "no changes") => `${marker(stack)}\n${rest}`;
/** A report as it stands in a comment. */
const commented = (stack: string, rest = "no changes") =>
  `${marker(stack)}\n_Of commit 4a5f0c6._\n\n${rest}`;
const file = (stack: string) => `report-${stack}/report-${stack}.md`;
const pull = { number: 12, head: { sha } };
const bot = { login: "github-actions[bot]" };

interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly pulls?: readonly unknown[];
  readonly comments?: readonly unknown[];
  readonly from?: string;
  readonly prepare?: (folder: string) => void;
}

/** Runs the script on artifacts, and gives what it did beside looking. */
async function run({ files, pulls = [pull], comments = [], from = "us/it", prepare }: Given) {
  const folder = makeFolder(files);
  prepare?.(folder);
  const fake = fakeGithub({ list: pulls, listComments: comments });
  const [owner = ""] = from.split("/");
  await comment({
    github: fake.github,
    core: fake.core,
    folder,
    stacks: ["dev", "prod"],
    context: {
      repo: { owner: "us", repo: "it" },
      payload: {
        workflow_run: {
          head_sha: sha,
          head_branch: "change",
          html_url: "https://example.com/runs/1",
          head_repository: { full_name: from, owner: { login: owner } },
          repository: { full_name: "us/it" },
        },
      },
    },
  });
  const writes = fake.calls.filter(({ method }) => !method.startsWith("list"));
  return { ...fake, writes };
}

const repo = { owner: "us", repo: "it" };

describe("the comments of a preview", () => {
  test("are one for each stack", async () => {
    const files = { [file("dev")]: report("dev"), [file("prod")]: report("prod") };
    const { writes, failures } = await run({ files });
    expect(writes).toEqual([
      { method: "createComment", params: { ...repo, issue_number: 12, body: commented("dev") } },
      { method: "createComment", params: { ...repo, issue_number: 12, body: commented("prod") } },
    ]);
    expect(failures).toEqual([]);
  });

  test("are brought up to date in place, however many others there are", async () => {
    const others = Array.from({ length: 250 }, (_, id) => ({ id, user: bot, body: "hello" }));
    const comments = [...others, { id: 900, user: bot, body: report("dev", "1 deleted") }];
    const { writes, calls } = await run({ files: { [file("dev")]: report("dev") }, comments });
    expect(writes).toEqual([
      { method: "updateComment", params: { ...repo, comment_id: 900, body: commented("dev") } },
    ]);
    expect(calls.find(({ method }) => method === "listComments")?.params).toEqual({
      ...repo,
      issue_number: 12,
      per_page: 100,
    });
  });

  test("leave alone what others wrote, and what only quotes a report", async () => {
    const comments = [
      { id: 1, user: { login: "somebody" }, body: report("dev") },
      { id: 2, user: bot, body: `> ${report("dev")}` },
      { id: 3, user: null, body: report("dev") },
      { id: 4, user: bot, body: report("prod") },
    ];
    const files = { [file("dev")]: report("dev"), [file("prod")]: report("prod") };
    const { writes } = await run({ files, comments });
    expect(writes.map(({ method, params }) => [method, params["comment_id"]])).toEqual([
      ["createComment", undefined],
      ["updateComment", 4],
    ]);
  });

  test("go to the pull request whose newest commit ran", async () => {
    const pulls = [{ number: 11, head: { sha: "another" } }, pull];
    const { writes, calls } = await run({ files: { [file("dev")]: report("dev") }, pulls });
    expect(writes.map(({ params }) => params["issue_number"])).toEqual([12]);
    expect(calls[0]).toEqual({
      method: "list",
      params: { ...repo, state: "open", head: "us:change", per_page: 100 },
    });
  });

  test("are not written for a commit that is no longer the newest", async () => {
    const pulls = [{ number: 12, head: { sha: "newer" } }];
    const { writes, said } = await run({ files: { [file("dev")]: report("dev") }, pulls });
    expect(writes).toEqual([]);
    expect(said).toEqual([
      "There is no open pull request whose newest commit this is: nothing to comment.",
    ]);
  });

  test("say so when the run was a fork's, and stay within GitHub's limit", async () => {
    const long = report("dev", "x".repeat(65_536 - marker("dev").length - 1));
    const { writes } = await run({ files: { [file("dev")]: long }, from: "them/it" });
    const body = String(writes[0]?.params["body"]);
    expect(body.split("\n").slice(0, 2)).toEqual([
      marker("dev"),
      "_Of commit 4a5f0c6._ _This ran in a fork: it says what the fork's author had it say._",
    ]);
    expect(body).toHaveLength(65_536);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      "of a stack that main does not have",
      { "report-evil/report-evil.md": report("evil") },
      '"report-evil": there is no such stack',
    ],
    [
      "with another stack's report",
      { [file("prod")]: report("dev") },
      '"report-prod": its report does not begin as one',
    ],
    [
      "without the marker",
      { [file("dev")]: "buy this" },
      '"report-dev": its report does not begin as one',
    ],
    ["without a report", { "report-dev/other.md": "" }, '"report-dev": it holds no report'],
    [
      "that GitHub would refuse",
      { [file("dev")]: report("dev", "x".repeat(65_536)) },
      '"report-dev": its report is too long',
    ],
    [
      "that is much too long",
      { [file("dev")]: report("dev", "x".repeat(300_000)) },
      '"report-dev": its report is too long',
    ],
  ])("fail for an artifact %s, and none is written for it", async (_, files, refused) => {
    const { writes, failures } = await run({ files });
    expect(writes).toEqual([]);
    expect(failures).toEqual([`Refused:\n${refused}`]);
  });

  test("are written for the other stacks when one is refused", async () => {
    const files = { [file("dev")]: report("dev"), [file("prod")]: "buy this" };
    const { writes, failures } = await run({ files });
    expect(writes.map(({ params }) => params["body"])).toEqual([commented("dev")]);
    expect(failures).toHaveLength(1);
  });

  test("no longer show an older commit's report when there is none of the newest", async () => {
    const comments = [{ id: 5, user: bot, body: commented("dev", "1 deleted") }];
    const { writes } = await run({ files: {}, comments });
    const none =
      "### Preview of `dev`: none\n\n" +
      "[The run](https://example.com/runs/1) ended before there was a report.";
    expect(writes).toEqual([
      {
        method: "updateComment",
        params: { ...repo, comment_id: 5, body: commented("dev", none) },
      },
    ]);
  });

  test("never hold what a link in an artifact leads to", async () => {
    const elsewhere = join(makeFolder({ secret: report("dev", "a secret") }), "secret");
    const { writes, failures } = await run({
      files: { "report-dev/x": "" },
      prepare: (folder) => symlinkSync(elsewhere, join(folder, file("dev"))),
    });
    expect(writes).toEqual([]);
    expect(failures).toEqual(['Refused:\n"report-dev": it holds no report']);
  });
});
