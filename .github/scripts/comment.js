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
  const fromFork = run.head_repository.full_name !== run.repository.full_name;
  for (const { stack, body } of reports.filter(({ body }) => body !== "")) {
    await comment(github, context.repo, pull, marker(stack), fromFork ? withWarning(body) : body);
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
function withWarning(body) {
  const [first, ...rest] = body.split("\n");
  const warning = "_This ran in a fork: it says what the fork's author had it say._\n";
  const text = [first, warning, ...rest].join("\n");
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

async function comment(github, repo, pull, marker, body) {
  const comments = await github.paginate(github.rest.issues.listComments, {
    ...repo,
    issue_number: pull,
    per_page: 100,
  });
  const mine = comments.find(
    (comment) => comment.user?.login === BOT && comment.body?.startsWith(`${marker}\n`),
  );
  if (mine === undefined) {
    await github.rest.issues.createComment({ ...repo, issue_number: pull, body });
  } else {
    await github.rest.issues.updateComment({ ...repo, comment_id: mine.id, body });
  }
}
