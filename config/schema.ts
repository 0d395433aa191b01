import { type Document, parseDocument } from "yaml";
import type { Key } from "./key";
import { keys } from "./keys";

/**
 * A project file with the keys as its config block; everything else in it stays.
 * @see https://www.pulumi.com/docs/iac/concepts/config/#strongly-typed-configuration
 */
export function withSchema(projectFile: string): string {
  const document: Document = parseDocument(projectFile);
  const schema = Object.entries<Key>(keys).map(([name, key]) => [
    name,
    {
      type: key.type,
      description: key.description,
      default: key.default,
      ...(key.secret && { secret: true }),
    },
  ]);
  document.set("config", document.createNode(Object.fromEntries(schema)));
  return document.toString({ lineWidth: 0 });
}
