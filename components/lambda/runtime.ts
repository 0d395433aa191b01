import { existsSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../nearest";
import type { Rule } from "../rules";

/** What Lambda runs the code of one language in, the newest first. */
interface Family {
  /** The runtimes that AWS patches. */
  readonly supported: readonly [string, ...string[]];
  /** Those that it no longer does. */
  readonly deprecated: readonly string[];
  /** The first with SnapStart, in the families that have it. */
  readonly snapStartFrom?: string;
  /** How a handler's file ends, where Lambda reads the code itself, and what runs it by default. */
  readonly interpreted?: { readonly files: readonly string[]; readonly byDefault: string };
}

/**
 * The managed runtimes. When AWS adds one, put it first; when the date of one has come, move it.
 * What runs by default is known to all versions of the provider that are in use, some of which
 * refuse the newest.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes
 */
const families: readonly Family[] = [
  {
    supported: ["nodejs24.x", "nodejs22.x"],
    deprecated: [
      ...["nodejs20.x", "nodejs18.x", "nodejs16.x", "nodejs14.x", "nodejs12.x", "nodejs10.x"],
      ...["nodejs8.10", "nodejs6.10", "nodejs4.3-edge", "nodejs4.3", "nodejs"],
    ],
    interpreted: { files: [".mjs", ".js", ".cjs"], byDefault: "nodejs22.x" },
  },
  {
    supported: ["python3.14", "python3.13", "python3.12", "python3.11"],
    deprecated: ["python3.10", "python3.9", "python3.8", "python3.7", "python3.6", "python2.7"],
    snapStartFrom: "python3.12",
    interpreted: { files: [".py"], byDefault: "python3.13" },
  },
  {
    supported: ["java25", "java21", "java17", "java11", "java8.al2"],
    deprecated: ["java8"],
    snapStartFrom: "java11",
  },
  {
    supported: ["dotnet10"],
    deprecated: [
      ...["dotnet8", "dotnet7", "dotnet6"],
      ...["dotnetcore3.1", "dotnetcore2.1", "dotnetcore2.0", "dotnetcore1.0"],
    ],
    snapStartFrom: "dotnet8",
  },
  { supported: ["ruby4.0", "ruby3.4", "ruby3.3"], deprecated: ["ruby3.2", "ruby2.7", "ruby2.5"] },
  { supported: ["provided.al2023"], deprecated: ["provided.al2", "provided", "go1.x"] },
];

const supportedRuntimes: readonly string[] = families.flatMap(({ supported }) => supported);

/** Runtimes that AWS no longer patches, and in time refuses to make and to update. */
export const deprecatedRuntimes: readonly string[] = families.flatMap(
  ({ deprecated }) => deprecated,
);

/**
 * A runtime that AWS patches. One that is newer than all that are known of its language passes:
 * Lambda will say whether there is one.
 */
export const runtimeIdentifier: Rule<string> = (value) => {
  const family = families.find(
    ({ supported, deprecated }) => supported.includes(value) || deprecated.includes(value),
  );
  if (family?.deprecated.includes(value)) {
    return `AWS no longer patches it: give ${family.supported[0]}`;
  }
  if (family !== undefined || isNewer(value)) return undefined;
  return nearest(String(value), supportedRuntimes) ?? `give one of ${supportedRuntimes.join(", ")}`;
};

/** Whether a function in this runtime can start from a snapshot. */
export function hasSnapStart(runtime: string): boolean {
  return families.some(
    ({ snapStartFrom }) => snapStartFrom !== undefined && !isOlder(runtime, snapStartFrom),
  );
}

/** What runs code of a language by default. */
export function runtimeFor(language: "nodejs" | "python"): string {
  const family = families.find(({ interpreted }) => interpreted?.byDefault.startsWith(language));
  return family?.interpreted?.byDefault ?? "";
}

/**
 * What runs a handler by default, as its file in the folder says.
 * @returns undefined where no file says it, as with compiled languages
 */
export function runtimeOf(folder: string, handler: string): string | undefined {
  const module = handler.replace(/\.[^.]*$/, "");
  return families.find(({ interpreted }) =>
    interpreted?.files.some((ending) => existsSync(join(folder, `${module}${ending}`))),
  )?.interpreted?.byDefault;
}

/** Whether it would be the newest of a known language. */
function isNewer(runtime: string): boolean {
  return families.some(({ supported: [newest] }) => !isOlder(runtime, newest));
}

/** Whether a runtime comes before another, or is of another language. */
function isOlder(runtime: string, than: string): boolean {
  const [given, other] = [parse(runtime), parse(than)];
  if (given === undefined || given.shape !== other?.shape) return true;
  return given.major === other.major ? given.minor < other.minor : given.major < other.major;
}

/** The numbers of a runtime's version, and its identifier with none in their place. */
function parse(runtime: string) {
  const found = /^([a-z]+(?:\.al)?)(\d+)(\.\d+)?(\.x)?$/.exec(runtime);
  if (found === null) return undefined;
  const [, name, major, minor, rest = ""] = found;
  return {
    shape: `${name}#${minor === undefined ? "" : ".#"}${rest}`,
    major: Number(major),
    minor: Number(minor?.slice(1) ?? 0),
  };
}
