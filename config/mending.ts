import { keys } from "./keys";

// The words and commands in which problems with a stack's config are told.

/** The project's name, which stands before each of its keys. */
export const project = "groundwork";

/** All problems of a stack's config in one text. */
export function report(stack: string, problems: readonly string[]): string {
  const lines = problems.map((problem) => `  - ${problem.replaceAll("\n", "\n      ")}`);
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return `The configuration of stack "${stack}" has ${count}:\n${lines.join("\n")}`;
}

/** A value in a message, without the user and the password that a URL may have. */
export function shown(value: string): string {
  const text = JSON.stringify(value.replace(/:\/\/[^/\s]*@/g, "://...@"));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The command that sets a key; without a value pulumi asks for a secret. */
export function set(stack: string, name: string, value: string | undefined): string {
  const rest = value === undefined ? `--secret ${name}` : `${name} ${value}`;
  return `pulumi config set --stack ${stack} ${rest}`;
}

/** The command that makes a stack in the cloud, with a key that encrypts its secrets. */
export function init(stack: string): string {
  const key = `awskms://alias/${project}-${stack}?region=${keys.region.default}`;
  return `pulumi stack init ${stack} --secrets-provider "${key}"`;
}

/** The command that removes a key. */
export function remove(stack: string, name: string): string {
  return `pulumi config rm --stack ${stack} ${name}`;
}
