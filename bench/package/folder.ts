import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Bytes without a pattern, the same for the same seed. */
function noise(seed: string, size: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < size; at += 32) {
    pieces.push(createHash("sha256").update(`${seed} ${at}`).digest());
  }
  return Buffer.concat(pieces).subarray(0, size);
}

const words = Array.from({ length: 512 }, (_, index) =>
  createHash("sha256")
    .update(`word ${index}`)
    .digest("base64url")
    .slice(0, 3 + (index % 9)),
);

/** Text that shrinks to about a fifth, as sources do. */
function text(seed: string, size: number): Buffer {
  const chosen = noise(seed, Math.ceil(size / 3));
  let written = "";
  for (let at = 0; written.length < size; at += 2) {
    const word = words[chosen.readUInt16LE(at % (chosen.length - 1)) ** 2 % words.length];
    written += `${word}${at % 20 === 0 ? ";\n    " : " "}`;
  }
  return Buffer.from(written.slice(0, size));
}

/** Makes a folder of so many files of one size in bytes, of which every fortieth does not shrink. */
export function makeFiles(folder: string, count: number, size: number): void {
  for (let index = 0; index < count; index++) {
    const path = join(folder, `package-${index % 50}`, `module-${index}.js`);
    mkdirSync(dirname(path), { recursive: true });
    const make = index % 40 === 0 ? noise : text;
    writeFileSync(path, make(String(index), size));
  }
}
