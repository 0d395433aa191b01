// Keeps one issue for each stack that has drifted: opens it, brings it up to date, closes it.
const { knownStacks, readReports } = require("./reports.js");

const BOT = "github-actions[bot]";
const LABEL = "drift";
const marker = (stack) => `<!-- drift of ${stack} -->`;

/**
 * To be called by actions/github-script after the artifacts were downloaded to `folder`. A stack
 * without an artifact could not be looked at: its issue is left as it is.
 */
module.exports = async ({ github, context, core, folder, stacks = knownStacks(".") }) => {
  const { reports, refused } = readReports(folder, { kind: "drift", stacks, marker });
  const issues = await github.paginate(github.rest.issues.listForRepo, {
    ...context.repo,
    state: "open",
    labels: LABEL,
    per_page: 100,
  });
  for (const { stack, body } of reports) {
    const issue = issues.find(
      (issue) => issue.user?.login === BOT && issue.body?.startsWith(`${marker(stack)}\n`),
    );
    core.info(`${stack}: ${await settle(github, context.repo, { stack, body, issue })}`);
  }
  if (refused.length > 0) core.setFailed(`Refused:\n${refused.join("\n")}`);
};

/** An empty report says that there is no drift. */
async function settle(github, repo, { stack, body, issue }) {
  if (body === "") {
    if (issue === undefined) return "no drift";
    const at = { ...repo, issue_number: issue.number };
    await github.rest.issues.createComment({ ...at, body: "It is as it was deployed again." });
    await github.rest.issues.update({ ...at, state: "closed", state_reason: "completed" });
    return `#${issue.number} is over`;
  }
  if (issue === undefined) {
    const title = `${stack} has drifted`;
    const { data } = await github.rest.issues.create({ ...repo, title, body, labels: [LABEL] });
    return `#${data.number} opened`;
  }
  await github.rest.issues.update({ ...repo, issue_number: issue.number, body });
  return `#${issue.number} goes on`;
}
