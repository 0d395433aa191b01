import { createDecipheriv, pbkdf2Sync } from "node:crypto";

// The engine's own encryption by a passphrase: PBKDF2 and AES-256-GCM, which notices a single
// changed character.

const ITERATIONS = 1_000_000;
const TAG_BYTES = 16;

/** The key that a passphrase makes with a salt, `v1:SALT:v1:NONCE:TEXT`; undefined with a wrong one. */
export function keyOf(passphrase: string, encryptionSalt: string): Buffer | undefined {
  const [, salt = "", ...proof] = encryptionSalt.split(":");
  const key = pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), ITERATIONS, 32, "sha256");
  return opens(key, proof.join(":")) ? key : undefined;
}

/** Whether a key opens a sealed text, `v1:NONCE:TEXT`. */
export function opens(key: Buffer, sealed: string): boolean {
  const [, nonce = "", text = ""] = sealed.split(":");
  const bytes = Buffer.from(text, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    decipher.update(bytes.subarray(0, -TAG_BYTES));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
