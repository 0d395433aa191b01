import { isMap } from "yaml";
import { keyOf, opens } from "./decryption";
import { type Entries, isSealed, textOf } from "./entries";
import { project, set } from "./mending";

const base64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?";

/** What a passphrase's or a KMS key's secrets look like: version, nonce, sealed text with its tag. */
const sealed = new RegExp(`^v1:[A-Za-z0-9+/]{16}:(?=.{24})${base64}$`);

/** What Pulumi Cloud's secrets look like, which have their key there and nothing in the file. */
const sealedInTheCloud = new RegExp(`^(?=.)${base64}$`);

const salt = new RegExp(`^v1:[A-Za-z0-9+/]{11}=:${sealed.source.slice(1)}`);

/**
 * Looks at secrets as they are encrypted. The engine, when it can't decrypt one, does not say which.
 *
 * @param passphrase the one of the stack; without it only the form of a secret can be seen
 * @see https://www.pulumi.com/docs/iac/concepts/secrets/
 */
export function ciphertextProblems(
  stack: string,
  top: Entries,
  config: Entries,
  passphrase: string | undefined,
): string[] {
  const file = `Pulumi.${stack}.yaml`;
  const secrets = [...config].filter(([, node]) => isSealed(node));
  const names = secrets.map(([fullName]) => fullName.replace(`${project}:`, ""));
  const anew = names.map((name) => set(stack, name, undefined)).join("\n");
  const history = `git log -p ${file}`;

  const encryptionSalt = textOf(top.get("encryptionsalt"));
  const encryptedKey = textOf(top.get("encryptedkey"));
  const problems: string[] = [];
  if (encryptionSalt !== undefined && !salt.test(encryptionSalt)) {
    problems.push(`encryptionsalt is damaged: take it back from the file's history\n${history}`);
  }
  const provider = textOf(top.get("secretsprovider"));
  if (provider?.includes("://") && encryptedKey === undefined) {
    problems.push(
      `there is a secretsprovider and no encryptedkey: take it back from the file's history\n${history}`,
    );
  }
  for (const [i, [, node]] of secrets.entries()) {
    const others = isMap(node) ? node.items.length - 1 : 0;
    if (others === 0) continue;
    problems.push(
      `${names[i]} has ${others === 1 ? "another key" : `${others} other keys`} next to secure, which makes it no secret: remove what is not secure`,
    );
  }
  const isWhole = encryptionSalt !== undefined && salt.test(encryptionSalt);
  const byPassphrase = isWhole && encryptedKey === undefined && passphrase !== undefined;
  const key = byPassphrase ? keyOf(passphrase, encryptionSalt) : undefined;
  if (byPassphrase && key === undefined) {
    problems.push(
      "encryptionsalt does not fit the passphrase. Unset PULUMI_CONFIG_PASSPHRASE, or set the one that " +
        `the stack was made with; if that is the one, take encryptionsalt back from the file's history\n${history}`,
    );
  }
  const ciphers = secrets.map(([, node]) => (isMap(node) ? String(node.get("secure") ?? "") : ""));
  const hasKey = encryptionSalt !== undefined || encryptedKey !== undefined;
  for (const [i, cipher] of ciphers.entries()) {
    const fits = sealed.test(cipher) && (key === undefined || opens(key, cipher));
    if (fits || (!hasKey && sealedInTheCloud.test(cipher))) continue;
    problems.push(
      `${names[i]} is encrypted, and its text is damaged. Set it again:\n${set(stack, names[i] ?? "", undefined)}`,
    );
  }
  if (!hasKey && provider === undefined && ciphers.some((cipher) => cipher.startsWith("v1:"))) {
    problems.push(
      "what the secrets are encrypted with is missing: encryptionsalt, or secretsprovider and " +
        `encryptedkey. Take it back from the file's history:\n${history}\n` +
        `or, if it is lost, remove the secrets from the file and set them again:\n${anew}`,
    );
  }
  return problems;
}
