import { pulumiQuietly, type Stack } from "../stack";
import { secretText } from "./masked";

/** A secret of a stack's config. */
export interface ConfigSecret {
  /** The key that it is set by, like `groundwork:sealKey`. */
  readonly key: string;
  readonly value: string;
}

/** The secrets of a stack's config. Keep them in memory: they are in plain text. */
export async function configSecrets(stack: Stack): Promise<readonly ConfigSecret[]> {
  const options = ["config", "--show-secrets", "--json", "--stack", stack.name];
  const { code, stdout } = await pulumiQuietly(stack, options);
  // What is wrong here, the command that follows says better.
  return code === 0 ? secretsOf(JSON.parse(stdout)) : [];
}

/** The secrets in what `pulumi config --show-secrets --json` prints. */
export function secretsOf(
  config: Readonly<Record<string, { value?: string; objectValue?: unknown; secret: boolean }>>,
): readonly ConfigSecret[] {
  return Object.entries(config)
    .filter(([, { secret }]) => secret)
    .flatMap(([key, { value, objectValue }]) =>
      [...(value === undefined ? [] : [value]), ...texts(objectValue)].map((each) => ({
        key,
        value: each,
      })),
    );
}

/** Shorter ones can't be told from what stands there by chance. */
const shortest = 6;

/** Finds the secrets of a stack in text, however they are written there, and hides them. */
export class Mask {
  /** The keys of all secrets. */
  readonly keys: readonly string[];
  private readonly patterns: readonly { readonly key: string; readonly pattern: RegExp }[];

  constructor(secrets: readonly ConfigSecret[]) {
    this.keys = [...new Set(secrets.map(({ key }) => key))];
    this.patterns = secrets
      .filter(({ value }) => value.length >= shortest)
      .map(({ key, value }) => ({ key, pattern: new RegExp(formsOf(value).join("|"), "g") }));
  }

  /** The text with `[secret]` for every secret. */
  text(text: string): string {
    return this.patterns.reduce((masked, { pattern }) => masked.replace(pattern, secretText), text);
  }

  /** A copy of plain data with `[secret]` for every secret, also in keys. */
  data<T>(value: T): T {
    return this.copy(value) as T;
  }

  /** The keys of the secrets that stand in a text. */
  keysIn(text: string): readonly string[] {
    const found = this.patterns.filter(({ pattern }) => text.search(pattern) !== -1);
    return [...new Set(found.map(({ key }) => key))];
  }

  private copy(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.copy(each));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, each]) => [this.text(key), this.copy(each)]));
  }
}

/** A secret in clear, and as JSON, URLs, base64 and hexadecimal digits have it: as patterns. */
function formsOf(value: string): readonly string[] {
  // The lines of a key in PEM are printed one below the other, with what belongs there before them.
  const lines = value.split("\n").filter((line) => line.length >= 32);
  const forms = [value, value.trim(), ...lines].flatMap((each) => [
    ...base64(each),
    ...[
      each,
      quoted(each),
      quoted(quoted(each)),
      // Go writes these three so, and JavaScript does not.
      quoted(each).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
      encodeURIComponent(each),
      encodeURIComponent(each).replaceAll("%20", "+"),
      Buffer.from(each).toString("hex"),
    ].map(escaped),
  ]);
  // The longest first: a form may be a part of another.
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

const quoted = (value: string) => JSON.stringify(value).slice(1, -1);

/**
 * The value within any text that was encoded whole, such as `user:password`: three bytes make four
 * characters, so it depends on where it begins. The characters at its ends say something of what
 * stands beside it too, so that they may be any.
 */
function base64(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const begin = Math.ceil((before * 8) / 6);
    const certain = encoded.slice(begin, Math.floor(((before + bytes.length) * 8) / 6));
    const ends = before === 0 ? "" : "[\\w+/-]";
    const withEnds = (text: string) => `${ends}${escaped(text)}[\\w+/-]?={0,2}`;
    return [certain, certain.replaceAll("+", "-").replaceAll("/", "_")].map(withEnds);
  });
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** All texts in plain data. */
function texts(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
