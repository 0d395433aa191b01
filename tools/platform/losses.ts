import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localEnvironments } from "../../config/environments";
import { readJson, writeJson, writeText } from "../support/files";
import type { Layout } from "../support/layout";

// All local stacks share one platform. When a part of it was started afresh or emptied, each of
// their states knows of resources that are gone.

/** A part of the local platform, as the types of the resources in it begin. */
export type PlatformPart = (typeof PARTS)[number];

const PARTS = ["aws", "kubernetes", "docker"] as const;

/** Notes that a part of the platform has lost what the local stacks' states still have. */
export function noteLoss(here: Layout, part: PlatformPart): void {
  for (const stack of localEnvironments()) writeText(join(here.losses, stack, part), "");
}

/** The parts of the platform that have lost what this stack's state still has. */
export function losses(here: Layout, stack: string): PlatformPart[] {
  return PARTS.filter((part) => existsSync(join(here.losses, stack, part)));
}

/** After the stack's state was put right. */
export function noteForgotten(here: Layout, stack: string): void {
  rmSync(join(here.losses, stack), { recursive: true, force: true });
}

/** A resource that was taken out of a stack's state because the platform had lost it. */
export interface Forgotten {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
}

/** Notes what is about to be taken out of the stack's state, so that every command can say it. */
export function noteForgottenResources(
  here: Layout,
  stack: string,
  resources: readonly Forgotten[],
): void {
  const all = new Map(
    [...forgottenResources(here, stack), ...resources].map(({ urn, type, parent }) => [
      urn,
      { urn, type, ...(parent !== undefined && { parent }) },
    ]),
  );
  writeJson(forgottenPath(here, stack), [...all.values()]);
}

/** What was taken out of the stack's state since its last update that came to its end. */
export function forgottenResources(here: Layout, stack: string): readonly Forgotten[] {
  const path = forgottenPath(here, stack);
  const found: unknown = readJson(path);
  const isWhole = (each: unknown) =>
    ["urn", "type"].every((name) => typeof Object(each)[name] === "string");
  if (Array.isArray(found) && found.every(isWhole)) return found;
  // The list is damaged; that there is one is known.
  return existsSync(path) ? [{ urn: "(the list of them is damaged)", type: "" }] : [];
}

/** After an update that has made the stack whole, or has destroyed it. */
export function noteWhole(here: Layout, stack: string): void {
  rmSync(forgottenPath(here, stack), { force: true });
}

const forgottenPath = (here: Layout, stack: string) =>
  join(here.home, "forgotten", `${stack}.json`);

// A stack whose state was deleted is not one that never was: the platform has all that it made.

/** Notes that there is a state of this stack. */
export function noteState(here: Layout, stack: string): void {
  writeText(join(here.home, "stacks", stack), "");
}

/** Whether there was a state of this stack, since the platform was made. */
export function hadState(here: Layout, stack: string): boolean {
  return existsSync(join(here.home, "stacks", stack));
}

/** After everything that the platform held was thrown away. */
export function noteNothingLeft(here: Layout): void {
  for (const path of [here.losses, join(here.home, "stacks")]) {
    rmSync(path, { recursive: true, force: true });
  }
}
