import { join } from "node:path";
import { Preparation } from "../preparation";
import { preview } from "../report/preview";
import { renderReport } from "../report/report";
import { Failure } from "../support/failure";
import { writeText } from "../support/files";
import { runSteps, say } from "../support/steps";
import type { Command } from "./command";
import { policyPack, refreshOptions } from "./up";

/** `make report`: a preview as Markdown, for a pull request. */
export const report: Command = async ({ here, stack, args }) => {
  const prepared = new Preparation(here, stack);
  const path = join(here.home, `report-${stack}.md`);
  await runSteps([
    ...prepared.everything(),
    {
      title: "Preview",
      about: "about 10 s",
      run: async () => {
        const options = ["preview", ...policyPack, ...refreshOptions(prepared), ...args];
        const { events, log, failed } = await preview(prepared.stack, options);
        const logUrl = process.env["REPORT_LOG_URL"];
        writeText(path, renderReport(events, { stack, ...(logUrl && { logUrl }) }));
        say(`report: ${path}`);
        if (failed) throw new Failure("The preview failed:", [log]);
      },
    },
  ]);
};
