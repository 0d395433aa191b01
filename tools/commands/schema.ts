import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withSchema } from "../../config/schema";
import { writeText } from "../support/files";
import type { Command } from "./command";

/** `make schema`: writes the keys of config/keys.ts into Pulumi.yaml. */
export const schema: Command = async ({ here }) => {
  const path = join(here.root, "Pulumi.yaml");
  const before = readFileSync(path, "utf8");
  const after = withSchema(before);
  if (after === before) {
    console.log("Pulumi.yaml is up to date.");
    return;
  }
  writeText(path, after);
  console.log("Pulumi.yaml was written anew.");
};
