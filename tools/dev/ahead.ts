import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ExportedStack } from "../cut-off";
import { exportStack, importStack, type Stack } from "../stack";
import { writeText } from "../support/files";
import type { Layout } from "../support/layout";

// `make dev` gives functions code that the stack's state does not know. Which ones is noted before,
// so that the next update gives them the program's code, however `make dev` has ended.

/** Notes that a function is about to get code that the stack's state does not know. */
export function noteAhead(here: Layout, stack: string, urn: string): void {
  writeText(join(here.ahead, stack, encodeURIComponent(urn)), "");
}

/** The URNs of the functions whose code the stack's state does not know. */
export function functionsAhead(here: Layout, stack: string): string[] {
  try {
    return readdirSync(join(here.ahead, stack)).map(decodeURIComponent);
  } catch {
    return [];
  }
}

/** After the stack's state was put right. */
function noteCaughtUp(here: Layout, stack: string): void {
  rmSync(join(here.ahead, stack), { recursive: true, force: true });
}

/** Has the stack's state forget the code of functions that were given other code. */
export async function forgetCodeAhead(stack: Stack): Promise<void> {
  const urns = functionsAhead(stack.here, stack.name);
  if (urns.length === 0) return;
  const state = await exportStack(stack);
  if (state !== undefined) await importStack(stack, withoutCode(state, urns));
  noteCaughtUp(stack.here, stack.name);
}

/** The state without what it says of the code of these functions, so that an update puts it. */
export function withoutCode(state: ExportedStack, urns: readonly string[]): ExportedStack {
  const { resources = [], ...rest } = state.deployment ?? {};
  const kept = resources.map((resource) => {
    if (!urns.includes(resource.urn)) return resource;
    const { code: _given, ...inputs } = Object(resource.inputs);
    const { code: _made, ...outputs } = Object(resource.outputs);
    return { ...resource, inputs, outputs };
  });
  return { ...state, deployment: { ...rest, resources: kept } };
}
