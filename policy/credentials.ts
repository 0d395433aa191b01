import type { ResourceRule } from "./rule";

/** Credentials that are known by how they look, whoever gave them which name. */
const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["an AWS access key", /\b(AKIA|ASIA)[A-Z2-7]{16}\b/],
  ["a private key", /-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/],
  ["a GitHub token", /\b(gh[oprsu]_[A-Za-z0-9]{36}|github_pat_\w{22})/],
  ["a GitLab token", /\bglpat-[\w-]{20}/],
  ["a Slack token", /\bxox[abeoprs]-[\w-]{10}|hooks\.slack\.com\/services\/T/],
  ["a Stripe key", /\b[rs]k_live_\w{16}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  // With a variable in its place it is filled in later, by who knows the password.
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]+:[^\s:@/${}]+@/],
];

/**
 * A rule for resources whose inputs others can read.
 * @param types all that other rules look at: none of them is made to hold a secret
 */
export function noCredentials(types: readonly string[]): ResourceRule {
  return {
    name: "no-credentials",
    description: "Whoever may look at a resource, a state or a log takes credentials from it",
    url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    types,
    check: ({ props }) =>
      textsOf(props, "").flatMap(({ path, text }) =>
        shapes
          .filter(([, shape]) => shape.test(text))
          .map(
            ([what]) =>
              `${path} holds what looks like ${what}: revoke it, and put another one into a ` +
              "Secret, or with Microservice into secrets",
          ),
      ),
  };
}

/** All texts with the paths at which they stand. */
function textsOf(value: unknown, path: string): readonly { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    textsOf(each, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
  );
}
