import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import type { Recording } from "../../components/testing";

/** What a program would make of the files as they are now. */
export interface Registrations {
  /** A hash of each resource's inputs by its URN; the code of functions left out. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The path of each function's package by its URN. */
  readonly packages: Readonly<Record<string, string>>;
}

const functionType = "aws:lambda/function:Function";

/** Takes from a recording what an update depends on. */
export async function registrationsOf({ resources }: Recording): Promise<Registrations> {
  const inputs: Record<string, string> = {};
  const packages: Record<string, string> = {};
  for (const { type, urn, inputs: given } of resources) {
    const { code, ...others } = given as { readonly code?: unknown };
    const path = type === functionType ? await pathOf(code) : undefined;
    if (path !== undefined) packages[urn] = path;
    inputs[urn] = digest(JSON.stringify(await plain(path === undefined ? given : others)));
  }
  return { inputs, packages };
}

/** Says what has changed between two moments. */
export function difference(before: Registrations, after: Registrations) {
  const urns = new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)]);
  return {
    /** URNs of functions that have other code, and are otherwise as before. */
    functions: Object.keys(after.packages).filter(
      (urn) =>
        before.packages[urn] !== after.packages[urn] && before.inputs[urn] === after.inputs[urn],
    ),
    /** URNs of everything else that has changed, come or gone. */
    others: [...urns].filter((urn) => before.inputs[urn] !== after.inputs[urn]),
  };
}

/** A value with files as the hashes of what is in them. */
async function plain(value: unknown): Promise<unknown> {
  const path = await pathOf(value);
  if (path !== undefined) return contentOf(path);
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await plain(each)]);
  return Object.fromEntries(await Promise.all(entries));
}

/** The path of an asset or archive that is a file or folder of this machine. */
async function pathOf(value: unknown): Promise<string | undefined> {
  const isFile = value instanceof asset.FileArchive || value instanceof asset.FileAsset;
  return isFile ? await value.path : undefined;
}

function contentOf(path: string): string {
  if (!statSync(path).isDirectory()) return digest(readFileSync(path));
  const entries = readdirSync(path).sort();
  return digest(entries.map((entry) => `${entry}\0${contentOf(join(path, entry))}`).join("\n"));
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
