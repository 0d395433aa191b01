import { allowing } from "./documents";
import type { Resource, Rule } from "./rule";
import { at, isOrMayBe, isThere, looksSecret, shown } from "./values";

const secrets = ["aws:secretsmanager/secret:Secret"];

/** Rules for secrets and parameters. */
export const configurationRules: readonly Rule[] = [
  {
    name: "ssm-secure-string",
    description: "A parameter that is no SecureString is kept and listed in plain text",
    url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
    types: ["aws:ssm/parameter:Parameter"],
    check: (parameter) => {
      const given = at(parameter.props, "type");
      if (isOrMayBe(given, "SecureString") || !holdsSecret(parameter)) return [];
      return [`type is ${shown(given)}, and it looks like a secret: give "SecureString"`];
    },
  },
  {
    name: "secret-write-only",
    description: "A value that is read back asks for permission to read secrets at every refresh",
    url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    types: ["aws:secretsmanager/secretVersion:SecretVersion"],
    check: ({ props }) => {
      if (!isThere(at(props, "secretString"))) return [];
      return [
        "its value is given in secretString: give it in secretStringWo, with a " +
          "secretStringWoVersion that changes along with it, as SecretStore does",
      ];
    },
  },
  {
    name: "secret-recovery",
    description: "A secret that is deleted by mistake can be restored for as long as its window is",
    url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
    types: secrets,
    cloudOnly: true,
    check: ({ props }) => {
      if (at(props, "recoveryWindowInDays") !== 0) return [];
      return ["recoveryWindowInDays is 0, which deletes at once: give 7 to 30 days"];
    },
  },
  {
    name: "secret-no-public-policy",
    description: "A secret's policy that names everybody opens it to other accounts",
    url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    types: [...secrets, "aws:secretsmanager/secretPolicy:SecretPolicy"],
    check: ({ props }) =>
      allowing(at(props, "policy"))
        .filter(({ principals, condition }) => principals.includes("*") && condition === undefined)
        .map(
          ({ actions }) =>
            `policy allows ${actions.join(", ")} to everybody ("*"): name the roles that read it`,
        ),
  },
];

/** Whether a parameter takes its value as secrets are given, or says by a name that it is one. */
function holdsSecret({ name, props }: Resource): boolean {
  // What makes a physical name unique follows it.
  const physical = String(at(props, "name")).replace(/-[0-9a-f]{7}$/, "");
  const names = [name, physical].map((each) => each.replace(/[^A-Za-z0-9]+/g, "_"));
  return isThere(at(props, "valueWo")) || names.some(looksSecret);
}
