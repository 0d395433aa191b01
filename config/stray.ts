import { distance } from "fastest-levenshtein";
import { nearest } from "../components/nearest";
import { project, remove, set } from "./mending";

/**
 * The keys of `pulumi:` that the engine and its commands read.
 * @see https://www.pulumi.com/docs/iac/concepts/config/#pulumi-configuration-options
 */
const engineKeys = ["disable-default-providers", "autonaming", "tags", "template"];

/** Which of the project's keys says what a setting of a default provider would. */
const instead: Readonly<Record<string, string>> = {
  "aws:region": "region",
  "aws:allowedAccountIds": "awsAccountId",
  "aws:endpoints": "awsEndpoint",
  "kubernetes:kubeconfig": "kubeconfig",
  "kubernetes:context": "kubeContext",
  "kubernetes:namespace": "namespace",
};

/**
 * Looks at a key that is none of the project's. What belongs to another program is left alone; told
 * of is what looks like the project's own, and what would have no effect.
 */
export function strayKey(stack: string, fullName: string): string | undefined {
  const [prefix = "", name = ""] = fullName.split(/:(.*)/s);
  const away = remove(stack, fullName);
  if (prefix === "pulumi") {
    if (engineKeys.includes(name)) return undefined;
    const hint = nearest(name, engineKeys) ?? `they are ${engineKeys.join(", ")}`;
    return `${fullName} is none of the engine's keys: ${hint}\n${away}`;
  }
  if (prefix === "aws" || prefix === "kubernetes") {
    const own = instead[fullName];
    const why = `${fullName} has no effect: nothing is made through the default provider.`;
    return own === undefined
      ? `${why} Credentials come from the shell; what else a provider is given stands in stacks/providers.ts\n${away}`
      : `${why} Set ${own} instead:\n${set(stack, own, "...")}\n${away}`;
  }
  if (distance(prefix, project) > 2) return undefined;
  return `${fullName} belongs to no project of this name: did you mean ${project}:${name}?\n${away}`;
}
