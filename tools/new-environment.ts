import { isMap, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import { all, dnsLabel, type Rule } from "../components/rules";
import { isSealed } from "../config/entries";
import type { Platform } from "../config/environments";
import type { Key } from "../config/key";
import { keys } from "../config/keys";
import { project, set } from "../config/mending";

const longest = 63 - `${project}-`.length;

/**
 * What can be a stack's name and, behind `groundwork-`, a namespace's.
 * @see https://www.pulumi.com/docs/iac/concepts/stacks/
 */
export const environmentName: Rule<string> = all(dnsLabel, (name) =>
  name.length > longest ? `give at most ${longest} characters` : undefined,
);

/** How a stack's file is written, so that what is not touched stays as it was. */
export const yamlFormat = { lineWidth: 0, flowCollectionPadding: false };

/** A new environment's file. */
export interface Copy {
  readonly text: string;
  /** The keys that were left out. */
  readonly leftOut: readonly string[];
  /** The commands that set what it lacks. */
  readonly commands: readonly string[];
}

/**
 * Makes a new environment's file from another one's. Values that belong to the other environment
 * are left out; so are its secrets, except on the local platform, where all share the passphrase.
 */
export function copyStackFile(text: string, from: string, name: string, platform: Platform): Copy {
  const document = parseDocument(text);
  const belongsToFrom = ({ key, value }: Pair<Node, Node | null>) =>
    keyOf(nameOf(key))?.own === true || (platform !== "local" && isSealed(value));
  const config = document.get("config");
  const pairs = isMap<Node, Node | null>(config) ? config.items : [];
  const kept = pairs.filter((pair) => !belongsToFrom(pair));
  const leftOut = pairs.filter(belongsToFrom).map(({ key }) => nameOf(key));
  if (isMap<Node, Node | null>(config)) config.items = kept;
  const given = kept.map(({ key }) => nameOf(key));
  const commands = Object.entries<Key>(keys)
    .filter(([key, { required, requiredOn }]) => {
      const needed = required === true || requiredOn === platform;
      return leftOut.includes(key) || (needed && !given.includes(key));
    })
    .map(([key, { secret, example }]) => set(name, key, secret ? undefined : (example ?? "...")));

  if (platform === "local") return { text: document.toString(yamlFormat), leftOut, commands };
  if (isMap<Node, Node | null>(document.contents)) leaveOutEncryption(document.contents);
  // Comments name the stack in commands.
  const renamed = (comment: string) => comment.replace(new RegExp(`\\b${from}\\b`, "g"), name);
  return { text: document.toString(yamlFormat).replace(/^ *#.*$/gm, renamed), leftOut, commands };
}

/** What the secrets are encrypted with goes; a comment at the head of the file stays. */
function leaveOutEncryption(file: YAMLMap<Node, Node | null>): void {
  const head = file.items[0]?.key.commentBefore;
  for (const each of ["encryptionsalt", "encryptedkey", "secretsprovider"]) file.delete(each);
  const first = file.items[0]?.key;
  if (first !== undefined) first.commentBefore ??= head ?? null;
}

const nameOf = (key: Node) => String(key).replace(`${project}:`, "");

const keyOf = (name: string): Key | undefined =>
  Object.hasOwn(keys, name) ? keys[name as keyof typeof keys] : undefined;

/**
 * The text of config/environments.ts with one more environment, of the same kind as another and
 * behind it.
 * @returns undefined when the other's line is not to be found
 */
export function withEnvironment(table: string, name: string, from: string): string | undefined {
  const line = new RegExp(`^  (?:${from}|"${from}"): (\\{.*\\}),$`, "m");
  if (!line.test(table)) return undefined;
  const key = /^[a-z0-9]+$/.test(name) ? name : `"${name}"`;
  return table.replace(line, (found, kind: string) => `${found}\n  ${key}: ${kind},`);
}
