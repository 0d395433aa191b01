import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isSeq } from "yaml";
import { check, unknownEnvironment } from "./check";
import { ciphertextProblems } from "./ciphertext";
import { type Entries, flawOf, isSealed, type StackEntries, stackEntries, textOf } from "./entries";
import { environmentKind, environments } from "./environments";
import { project, remove, report, set, shown } from "./mending";

/** The file with a stack's config. */
export function stackFile(projectDirectory: string, stack: string): string {
  return join(projectDirectory, `Pulumi.${stack}.yaml`);
}

/**
 * Looks at a stack's YAML without an engine, so that mistakes are told before anything is started.
 * What secrets say is not looked at: whether they fit is seen when the program runs.
 *
 * @param passphrase the one that the stack's secrets are encrypted with, where it is known
 * @returns an error to print, or undefined when nothing is wrong
 */
export function checkStackFile(
  projectDirectory: string,
  stack: string,
  passphrase?: string,
): string | undefined {
  const path = stackFile(projectDirectory, stack);
  if (!existsSync(path)) {
    const known = environmentKind(stack) !== undefined;
    return report(stack, [known ? missingFile(path, stack) : unknownEnvironment(stack)]);
  }
  let entries: StackEntries;
  try {
    entries = stackEntries(readFileSync(path, "utf8"));
  } catch (error) {
    return `${path} can't be read:\n${(error as Error).message}`;
  }
  const { top, config } = entries;
  // Whatever is missing then is missing because nothing of it was found.
  if (!top.has("config") && entries.problems.length > 0) return report(stack, entries.problems);
  const isSecret = (fullName: string) => isSealed(config.get(fullName));
  const { problems } = check(stack, {
    names: [...config.keys()],
    get: (fullName) => textOf(config.get(fullName)),
    isSecret,
    isEncrypted: isSecret,
    flaw: (fullName) => flawOf(fullName, config.get(fullName)),
  });
  const all = [
    ...entries.problems,
    ...defaultProviders(config),
    ...problems,
    ...missingKubeconfig(projectDirectory, stack, config),
    ...ciphertextProblems(stack, top, config, passphrase),
  ];
  return all.length > 0 ? report(stack, all) : undefined;
}

function missingFile(path: string, stack: string): string {
  const file = basename(path);
  const platform = environmentKind(stack)?.platform;
  const like = Object.keys(environments).find(
    (name) => name !== stack && environmentKind(name)?.platform === platform,
  );
  const back = `there is no ${file}. To have it back from the last commit:\ngit restore ${file}`;
  return like === undefined
    ? back
    : `${back}\nor to make it:\nmake new-environment NAME=${stack} FROM=${like}`;
}

/** Without its file the provider previews as if the cluster were empty, and says nothing. */
function missingKubeconfig(projectDirectory: string, stack: string, config: Entries): string[] {
  const given = textOf(config.get(`${project}:kubeconfig`)) ?? "";
  if (given.trim() === "" || existsSync(resolve(projectDirectory, given))) return [];
  return [
    `kubeconfig is ${shown(given)}: there is no such file\n${set(stack, "kubeconfig", "...")}\n` +
      `or to do without it:\n${remove(stack, "kubeconfig")}`,
  ];
}

/** What is made through no explicit provider could go to whatever account the shell leads to. */
function defaultProviders(config: Entries): string[] {
  const name = "pulumi:disable-default-providers";
  const given = config.get(name);
  const off = isSeq(given) ? given.items.map(String) : [];
  const on = off.includes("*") ? [] : ["aws", "kubernetes"].filter((each) => !off.includes(each));
  if (on.length === 0) return [];
  return [
    `${name} lacks ${on.join(" and ")}: what is made through no explicit provider could go to the ` +
      "wrong account. Below config, write\n" +
      `${name}: [${[...off, ...on].join(", ")}]`,
  ];
}
