import type { RecordedText, Recording } from "./recording";

/** Where secret texts were found. Places look like `type name: inputs.tags.owner`. */
export interface Sightings {
  /** Where everybody may read them, with `(base64)` and the like behind those in disguise. */
  readonly leaked: readonly string[];
  /** Where the engine encrypts them. */
  readonly encrypted: readonly string[];
}

/** A way in which a text may turn up. */
interface Form {
  /** Stands behind the place; empty for the text as it is. */
  readonly how: string;
  readonly texts: readonly string[];
}

/**
 * Looks for secret texts in everything that left a program: inputs and outputs of resources, names,
 * URNs, the stack's outputs and messages; or in an error. Each is found as it is, in base64, URL-
 * encoded and JSON-escaped, and in parts that follow each other.
 *
 * Give texts that stand for secrets in tests and for nothing else. They are not repeated.
 *
 * @example
 * const { leaked } = findSecrets(recording, "canary-5f0c61b2e9d84a77");
 * expect(leaked).toEqual([]);
 *
 * @throws {Error} for a text of less than 8 characters: it would be found where it only happens
 * to stand
 */
export function findSecrets(where: Recording | Error, ...secrets: readonly string[]): Sightings {
  if (secrets.some((secret) => secret.length < 8)) {
    throw new Error("A secret to look for has less than 8 characters: give a longer one.");
  }
  const texts = where instanceof Error ? textsOf(where) : where.texts;
  const leaked = new Set<string>();
  const encrypted = new Set<string>();
  for (const secret of secrets) {
    const forms = formsOf(secret);
    const inOnePiece = new Set<string>();
    for (const { place, text, encrypted: isEncrypted, group } of texts) {
      const form = forms.find(({ texts }) => holdsAny(text, texts));
      if (form === undefined) continue;
      (isEncrypted ? encrypted : leaked).add(place.replaceAll(secret, "[secret]") + form.how);
      if (!isEncrypted) inOnePiece.add(group);
    }
    for (const [group, together] of groupsOf(texts)) {
      if (inOnePiece.has(group) || !forms.some(({ texts }) => holdsAny(together, texts))) continue;
      leaked.add(`${group.replaceAll(secret, "[secret]")} (in parts)`);
    }
  }
  return { leaked: [...leaked].sort(), encrypted: [...encrypted].sort() };
}

/** Blanks and line ends do not hide: long base64 is broken into lines. */
function holdsAny(text: string, wanted: readonly string[]): boolean {
  const dense = text.replace(/\s+/g, "");
  return wanted.some((each) => text.includes(each) || dense.includes(each.replace(/\s+/g, "")));
}

function formsOf(secret: string): readonly Form[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const query = new URLSearchParams({ "": secret }).toString().slice(1);
  return [
    { how: "", texts: [secret] },
    { how: " (JSON-escaped)", texts: [json, JSON.stringify(json).slice(1, -1)] },
    { how: " (URL-encoded)", texts: [encodeURI(secret), encodeURIComponent(secret), query] },
    {
      how: " (base64)",
      texts: [0, 1, 2].flatMap((offset) => [
        encoded(secret, "base64", offset),
        encoded(secret, "base64url", offset),
      ]),
    },
  ];
}

/**
 * What a text is in base64 when others stand before and behind it, of which there are `offset`
 * bytes too many for whole groups: the characters that depend on the text alone.
 */
function encoded(secret: string, encoding: "base64" | "base64url", offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const bits = 8 * bytes.length;
  return bytes.toString(encoding).slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
}

/** By group, the texts that everybody may read, one behind the other. */
function groupsOf(texts: readonly RecordedText[]): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const { text, encrypted, group } of texts) {
    if (!encrypted) groups.set(group, (groups.get(group) ?? "") + text);
  }
  return groups;
}

function textsOf(error: Error): readonly RecordedText[] {
  const { message, stack = "", cause, ...others } = error;
  const parts = {
    message,
    stack: stack.replaceAll(message, ""),
    cause: cause instanceof Error ? `${cause.message}${cause.stack}` : JSON.stringify(cause),
    properties: JSON.stringify(others),
  };
  return Object.entries(parts).map(([part, text = ""]) => {
    const place = `error: ${part}`;
    return { place, text, encrypted: false, group: place };
  });
}
