import { isScalar, parseDocument } from "yaml";
import { imageReference } from "../components/rules";
import { stackEntries, textOf } from "../config/entries";
import { environmentKind } from "../config/environments";
import type { Key } from "../config/key";
import { keys } from "../config/keys";
import { project } from "../config/mending";
import type { ExportedStack } from "./cut-off";
import { yamlFormat } from "./new-environment";

/** An image that goes from one environment to another. */
export interface Promotion {
  /** The config key, and the stack output of the same name. */
  readonly name: string;
  /** What the other environment runs by its file; undefined where it says nothing. */
  readonly before: string | undefined;
  /** What it is to run. */
  readonly after: string;
}

/** The images that a stack says it runs: its outputs that are image references and config keys. */
export function imagesOf({ deployment }: ExportedStack): ReadonlyMap<string, string> {
  const stack = deployment?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  return new Map(
    Object.entries(stack?.outputs ?? {}).filter(
      (output): output is [string, string] =>
        Object.hasOwn(keys, output[0]) && imageReference(output[1] as string) === undefined,
    ),
  );
}

/** What promoting images means to an environment's file; those that it has already are left out. */
export function promotions(text: string, images: ReadonlyMap<string, string>): Promotion[] {
  const { config } = stackEntries(text);
  return [...images]
    .map(([name, after]) => ({ name, before: textOf(config.get(`${project}:${name}`)), after }))
    .filter(({ before, after }) => before !== after);
}

/**
 * Why an environment can't run these images: a tag where it wants a digest, or an image that is
 * nowhere but on this machine.
 */
export function unfit(promoted: readonly Promotion[], to: string): string[] {
  const kind = environmentKind(to);
  return promoted.flatMap(({ name, after }) => {
    const key: Key = keys[name as keyof typeof keys];
    const { complaint } = key.parse(after, kind?.production === true);
    const here = kind?.platform !== "local" && /^(localhost|127\.[0-9.]+)[:/]/.test(after);
    return [
      ...(complaint === undefined ? [] : [`${name} is ${after}: ${complaint}`]),
      ...(here ? [`${name} is ${after}: that registry is on this machine alone`] : []),
    ];
  });
}

/** The file with the images in it. Nothing else of it changes. */
export function withImages(text: string, promoted: readonly Promotion[]): string {
  const document = parseDocument(text);
  for (const { name, after } of promoted) {
    const written = [`${project}:${name}`, name].find((key) => document.hasIn(["config", key]));
    const node = document.getIn(["config", written ?? ""], true);
    // In place, which keeps a comment behind it.
    if (isScalar(node)) node.value = after;
    else document.setIn(["config", written ?? `${project}:${name}`], after);
  }
  return document.toString(yamlFormat);
}
