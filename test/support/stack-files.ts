import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { environments, keys } from "../../config";
import type { Key } from "../../config/key";

/**
 * What the repository's file of an environment says, by full key and without its secrets. Values
 * that everybody has to set are made up where they are missing.
 */
export function configOfFile(stack: string): Readonly<Record<string, string>> {
  const file = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: object };
  const platform = environments[stack]?.platform;
  const madeUp = Object.entries<Key>(keys)
    .filter(([, key]) => key.requiredOn === platform)
    .map(([name, key]) => [`groundwork:${name}`, key.example ?? ""]);
  const given = Object.entries(file.config)
    .filter(([name, value]) => name.startsWith("groundwork:") && typeof value !== "object")
    .map(([name, value]) => [name, String(value)]);
  return Object.fromEntries([...madeUp, ...given]);
}
