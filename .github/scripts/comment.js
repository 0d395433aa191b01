// Puts the reports of a preview's run into the comments of its pull request, one for each stack.
// Runs with the right to write: of the pull request's own code nothing is run here.
const { MAX_LENGTH, knownStacks, readReports } = require("./reports.js");

const BOT = "github-actions[bot]";
const marker = (stack) => `<!-- preview of ${stack} -->`;

/** To be called by actions/github-script after the artifacts were downloaded to `folder`. */
module.exports = async ({ github, context, core, folder, stacks = knownStacks(".") }) => {
  const run = context.payload.workflow_run;
  const { reports, refused } = readReports(folder, { kind: "report", stacks, marker });
  const pull = await findPull(github, context.repo, run);
  if (pull === undefined) {
    core.info("There is no open pull request whose newest commit this is: nothing to comment.");
    return;
  }
  const about = [`_Of commit ${run.head_sha.slice(0, 7)}._`];
  if (run.head_repository.full_name !== run.repository.full_name) about.push(forkWarning);
  const comments = await ownComments(github, context.repo, pull);
  for (const stack of stacks) {
    const report = reports.find((each) => each.stack === stack && each.body !== "")?.body;
    const before = comments.find(({ body }) => body.startsWith(`${marker(stack)}\n`));
    // What stands there of an older commit must not pass for what this one does.
    const text = report ?? (before && noReport(stack, run.html_url));
    if (text === undefined) continue;
    await put(github, context.repo, { pull, before, body: withRemark(text, about.join(" ")) });
    core.info(`#${pull}: ${stack}`);
  }
  if (refused.length > 0) core.setFailed(`Refused:\n${refused.join("\n")}`);
};

/**
 * The pull request is found by the commit that ran, which GitHub vouches for. Of an older commit
 * the report is out of date: it must not take the place of a newer one.
 */
async function findPull(github, repo, run) {
  const head = `${run.head_repository.owner.login}:${run.head_branch}`;
  const pulls = await github.paginate(github.rest.pulls.list, {
    ...repo,
    state: "open",
    head,
    per_page: 100,
  });
  return pulls.find((pull) => pull.head.sha === run.head_sha)?.number;
}

/** Someone who forks can make the run say anything. */
const forkWarning = "_This ran in a fork: it says what the fork's author had it say._";

function noReport(stack, url) {
  return [
    marker(stack),
    `### Preview of \`${stack}\`: none`,
    "",
    `[The run](${url}) ended before there was a report.`,
  ].join("\n");
}

/** A report with a remark above it, within what GitHub takes. */
function withRemark(report, remark) {
  const [first, ...rest] = report.split("\n");
  const text = [first, remark, "", ...rest].join("\n");
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

async function ownComments(github, repo, pull) {
  const comments = await github.paginate(github.rest.issues.listComments, {
    ...repo,
    issue_number: pull,
    per_page: 100,
  });
  return comments.filter(({ user, body }) => user?.login === BOT && typeof body === "string");
}

async function put(github, repo, { pull, before, body }) {
  if (before === undefined) {
    await github.rest.issues.createComment({ ...repo, issue_number: pull, body });
  } else {
    await github.rest.issues.updateComment({ ...repo, comment_id: before.id, body });
  }
}
