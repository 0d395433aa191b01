import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localEnvironments } from "../../config/environments";
import { writeText } from "../support/files";
import type { Layout } from "../support/layout";

// All local stacks share one platform. When a part of it was started afresh or emptied, each of
// their states knows of resources that are gone.

/** A part of the local platform, as the types of the resources in it begin. */
export type PlatformPart = "aws" | "kubernetes" | "docker";

/** Notes that a part of the platform has lost what the local stacks' states still have. */
export function noteLoss(here: Layout, part: PlatformPart): void {
  for (const stack of localEnvironments()) writeText(join(here.losses, stack, part), "");
}

/** The parts of the platform that have lost what this stack's state still has. */
export function losses(here: Layout, stack: string): PlatformPart[] {
  try {
    return readdirSync(join(here.losses, stack)) as PlatformPart[];
  } catch {
    return [];
  }
}

/** After the stack's state was put right. */
export function noteForgotten(here: Layout, stack: string): void {
  rmSync(join(here.losses, stack), { recursive: true, force: true });
}
