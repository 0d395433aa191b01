import { join } from "node:path";
import { Preparation } from "../preparation";
import { diagnosticsIn } from "../report/findings";
import { type Preview, preview } from "../report/preview";
import { type ReportOptions, renderReport } from "../report/report";
import { Failure, Interrupted } from "../support/failure";
import { writeText } from "../support/files";
import { runSteps, say } from "../support/steps";
import type { Command } from "./command";
import { policyPack } from "./up";

/**
 * `make report`: a preview as Markdown, for a pull request, and its log, fit to be published. Also
 * of a preview that fails or can't begin: who reads the pull request is to know why.
 */
export const report: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  const at = (ending: string) => join(here.home, `report-${stack}.${ending}`);
  const write = (events: Preview["events"], options: Omit<ReportOptions, "stack" | "logUrl">) => {
    const logUrl = process.env["REPORT_LOG_URL"];
    writeText(at("md"), renderReport(events, { ...options, stack, ...(logUrl && { logUrl }) }));
    say(`report: ${at("md")}`);
  };
  let found: Preview | undefined;
  const run = async () => {
    const options = ["preview", ...policyPack, ...args];
    found = await preview(prepared.stack, options);
    const { events, leaks, log, failed } = found;
    write(events, { leaks, ...(failed && { failure: lastLines(log) }) });
    writeText(at("log"), `${log}\n`);
    say(`the whole log: ${at("log")}`);
    throwIfBad(found);
  };
  try {
    await runSteps([...prepared.everything(), { title: "Preview", about: "about 10 s", run }]);
  } catch (error) {
    if (found === undefined && error instanceof Failure && !(error instanceof Interrupted)) {
      writeText(at("log"), `${error.message}\n`);
      write([], { failure: [error.message, ...error.next].join("\n") });
    }
    throw error;
  }
};

/** Fails the command for what must not be merged. */
function throwIfBad({ events, leaks, log, failed }: Preview): void {
  const places = leaks.map(({ keys, urn, place }) => {
    const where = urn === undefined ? "printed" : `in ${urn.split("::").slice(2).join(" ")}`;
    return `  - ${keys.join(" or ")} ${where}: ${place}`;
  });
  if (places.length > 0) {
    throw new Failure("Secrets would stand in plain text, where others can read them:", places);
  }
  if (!failed) return;
  const said = diagnosticsIn(events);
  throw new Failure("The preview failed:", said.length > 0 ? said : [lastLines(log)]);
}

/** The end of a log, where the reason for a failure stands. */
const lastLines = (log: string) => log.split("\n").slice(-20).join("\n");
