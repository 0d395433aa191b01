// What an artifact brings is data: it may come from a fork, and have been made to look like
// something else.
const { lstatSync, readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/** GitHub refuses bodies of more characters. */
const MAX_LENGTH = 65_536;

/** The stacks of the checked out branch: those that have a config file. */
function knownStacks(folder) {
  return readdirSync(folder).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);
}

/**
 * Reads the reports `<kind>-<stack>/<kind>-<stack>.md` in a folder of downloaded artifacts.
 * @param {string} folder where the artifacts were put
 * @param {{ kind: string, stacks: string[], marker: (stack: string) => string }} expected
 * @returns the text for each stack, and for each artifact that is not as expected what is wrong
 */
function readReports(folder, { kind, stacks, marker }) {
  const names = new Map(stacks.map((stack) => [`${kind}-${stack}`, stack]));
  const reports = [];
  const refused = [];
  for (const artifact of entries(folder)) {
    const stack = names.get(artifact);
    const path = join(folder, artifact, `${artifact}.md`);
    const problem = stack === undefined ? "there is no such stack" : problemOf(path, marker(stack));
    if (problem !== undefined) refused.push(`${JSON.stringify(artifact)}: ${problem}`);
    else reports.push({ stack, body: readFileSync(path, "utf8") });
  }
  return { reports, refused };
}

function problemOf(path, marker) {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (!file?.isFile()) return "it holds no report";
  // A character takes four bytes at most.
  if (file.size > 4 * MAX_LENGTH) return "its report is too long";
  const body = readFileSync(path, "utf8");
  if (body.length > MAX_LENGTH) return "its report is too long";
  if (body !== "" && !body.startsWith(`${marker}\n`)) return "its report does not begin as one";
  return undefined;
}

/** No artifact at all leaves no folder behind. */
function entries(folder) {
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
}

module.exports = { MAX_LENGTH, knownStacks, readReports };
