import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localEnvironments } from "../../config/environments";
import { writeText } from "../support/files";
import type { Layout } from "../support/layout";

// All local stacks share one platform. When it was started afresh or emptied, each of their states
// may know of resources that are gone, until an update has looked.

/** Notes that the platform may have lost what the local stacks' states still have. */
export function noteLoss(here: Layout, reason: string): void {
  for (const stack of localEnvironments()) {
    writeText(join(here.refreshNeeded, stack), `${reason}\n`);
  }
}

/** Whether the platform may have lost what this stack's state still has. */
export function needsRefresh(here: Layout, stack: string): boolean {
  return existsSync(join(here.refreshNeeded, stack));
}

/** After an update that looked at everything, the stack's state is true again. */
export function noteRefreshed(here: Layout, stack: string): void {
  rmSync(join(here.refreshNeeded, stack), { force: true });
}
